package org.aliasrpc;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aliasrpc.alias.AliasClient;
import org.aliasrpc.alias.AliasClientEvent;
import org.aliasrpc.alias.AliasClientOptions;
import org.aliasrpc.alias.Registration;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.hyperdht.ConnectFailure;
import org.aliasrpc.hyperdht.Connection;
import org.jspecify.annotations.Nullable;

/** An alias client in virtual time: {@link LiveAliasRpcClient} without its threads. */
final class SimAliasClient implements LoopMember {
    /** What was told, in order. */
    final List<Told> events = new ArrayList<>();

    private final SimHyperDht dht;
    private final KeyPair keyPair;
    private final PublicKey server;
    private final AliasClient machine;
    private final Map<Long, Outgoing> connections = new HashMap<>();

    /**
     * @param atNanos when it was told
     */
    record Told(long atNanos, AliasClientEvent event) {}

    SimAliasClient(SimHyperDht dht, KeyPair keyPair, PublicKey server, SecretBytes secret, AliasClientOptions options) {
        this.dht = dht;
        this.keyPair = keyPair;
        this.server = server;
        this.machine = new AliasClient(server, secret, options, dht.random);
        dht.add(this);
    }

    long register(Registration registration, long timeoutNanos) {
        long now = dht.network.now();
        long call = machine.register(registration, now + timeoutNanos, now);
        service(now);
        dht.network.touch(dht);
        return call;
    }

    void close() {
        machine.close();
        service(dht.network.now());
        dht.remove(this);
        dht.network.touch(dht);
    }

    @Override
    public long nextTimeout() {
        return machine.nextTimeout();
    }

    @Override
    public void onTimeout(long nowNanos) {
        machine.onTimeout(nowNanos);
        service(nowNanos);
    }

    @Override
    public void onNodeClosing(long nowNanos) {
        throw new IllegalStateException("nodes are killed, not closed");
    }

    private boolean service(long nowNanos) {
        boolean any = false;
        boolean progress = true;
        while (progress) {
            progress = false;
            for (var event = machine.pollEvent(); event != null; event = machine.pollEvent()) {
                progress = true;
                onEvent(event, nowNanos);
            }
            for (long id = machine.pollSendable(); id != AliasClient.NONE; id = machine.pollSendable()) {
                Outgoing connection = connections.get(id);
                progress |= connection != null && connection.sendFrames(nowNanos);
            }
            any |= progress;
        }
        return any;
    }

    private void onEvent(AliasClientEvent event, long nowNanos) {
        if (event instanceof AliasClientEvent.ConnectRequested request) {
            long id = request.connectionId();
            connections.put(id, new Outgoing(id, dht.connect(server, keyPair), nowNanos));
        } else if (event instanceof AliasClientEvent.DisconnectRequested request) {
            Outgoing connection = connections.remove(request.connectionId());
            if (connection != null) {
                connection.destroy(null);
            }
        } else {
            events.add(new Told(nowNanos, event));
        }
    }

    /** As {@link AliasClientConnection}. */
    private final class Outgoing extends LoopConnection {
        private final long id;

        Outgoing(long id, Connection connection, long nowNanos) {
            super(connection, nowNanos);
            this.id = id;
        }

        @Override
        void onStart(long nowNanos) {
            Bytes hash = connection().handshakeHash();
            machine.onConnected(id, hash == null ? Bytes.EMPTY : hash, nowNanos);
        }

        @Override
        boolean wantsMore() {
            return !machine.isPaused(id);
        }

        @Override
        void onMessage(ByteBuffer message, long nowNanos) {
            machine.onFrame(id, message, nowNanos);
        }

        @Override
        void onRemoteEnd(long nowNanos) {
            connection().end();
        }

        @Override
        void onFailed(ConnectFailure failure, long nowNanos) {
            connections.remove(id);
            machine.onConnectFailed(id, Failures.forPool(failure, server), nowNanos);
        }

        @Override
        void onClosed(@Nullable String error, long nowNanos) {
            connections.remove(id);
            machine.onConnectionClosed(id, error, nowNanos);
        }

        @Override
        boolean service(long nowNanos) {
            boolean progress = SimAliasClient.this.service(nowNanos);
            return sendFrames(nowNanos) || progress;
        }

        boolean sendFrames(long nowNanos) {
            boolean progress = false;
            while (connection().isWritable()) {
                ByteBuffer frame = machine.pollFrame(id);
                if (frame == null) {
                    break;
                }
                progress = true;
                connection().write(frame, nowNanos);
            }
            return progress;
        }
    }
}
