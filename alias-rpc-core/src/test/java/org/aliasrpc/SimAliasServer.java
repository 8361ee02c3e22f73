package org.aliasrpc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.aliasrpc.alias.AliasConnection;
import org.aliasrpc.alias.AliasServerEvent.PutRequested;
import org.aliasrpc.alias.AliasServerLimits;
import org.aliasrpc.alias.AliasServerSession;
import org.aliasrpc.alias.SecretCheck;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.hyperdht.Connection;
import org.aliasrpc.hyperdht.NoisePayload;
import org.aliasrpc.hyperswarm.PeerConnections;
import org.aliasrpc.hyperswarm.SwarmAction;
import org.aliasrpc.net.PeerAddress;

/** An alias server on a swarm in virtual time: {@link LiveAliasRpcServer} and {@link LiveHyperswarm} without their threads. */
final class SimAliasServer implements ListenerOwner {
    private static final int CONNECTIONS_PER_PEER = 64;

    /** What was told, by connection, in order. */
    final Map<UUID, List<org.aliasrpc.alias.AliasServerEvent>> events = new LinkedHashMap<>();

    final Set<LoopConnection> connections = new LinkedHashSet<>();

    private final SimHyperDht dht;
    private final SecretCheck secretCheck;
    private final Registrar registrar;
    private final PeerConnections<LoopConnection> peers;
    private int announcedNodes;

    /** Starts to listen. */
    SimAliasServer(SimHyperDht dht, KeyPair keyPair, SecretBytes secret, Registrar registrar) {
        this.dht = dht;
        this.secretCheck = SecretCheck.anyOf(List.of(secret));
        this.registrar = registrar;
        this.peers = new PeerConnections<>(keyPair.publicKey(), CONNECTIONS_PER_PEER);
        dht.listen(keyPair, this);
    }

    /** Does what an alias asks for. */
    @FunctionalInterface
    interface Registrar {
        /** Answers with {@link Put#done} or {@link Put#failed}, now, later or never. */
        void register(Put put);
    }

    boolean isAnnounced() {
        return announcedNodes > 0;
    }

    @Override
    public void onConnection(Connection connection, long nowNanos) {
        Incoming incoming = new Incoming(connection, nowNanos);
        incoming.onFinished(() -> {
            peers.onClosed(incoming);
            act(dht.network.now());
        });
        peers.onIncoming(incoming);
        act(nowNanos);
    }

    private void act(long nowNanos) {
        for (SwarmAction<LoopConnection> action = peers.pollAction(); action != null; action = peers.pollAction()) {
            if (action instanceof SwarmAction.Accept<LoopConnection> accept) {
                accept.connection().start(nowNanos);
            } else if (action instanceof SwarmAction.Destroy<LoopConnection> destroy) {
                destroy.connection().destroy("Duplicate connection");
            }
        }
    }

    @Override
    public void onAnnounced(int nodes, long nowNanos) {
        announcedNodes = nodes;
    }

    @Override
    public void onVerdictRequested(long handshake, PublicKey remote, NoisePayload payload, PeerAddress address) {
        throw new IllegalStateException("it has no firewall");
    }

    @Override
    public void onListenerClosed(long nowNanos) {
        throw new IllegalStateException("it is never closed");
    }

    /** One registration that the registrar was asked for. */
    final class Put {
        final PutRequested request;
        private final Incoming connection;
        private final AliasServerSession session;

        Put(PutRequested request, Incoming connection, AliasServerSession session) {
            this.request = request;
            this.connection = connection;
            this.session = session;
        }

        void done(boolean updated) {
            session.onPutResult(request.requestId(), updated);
            goOn();
        }

        void failed(RuntimeException reason) {
            session.onPutFailed(request.requestId(), reason);
            goOn();
        }

        private void goOn() {
            connection.pump(dht.network.now());
            dht.network.touch(dht);
        }
    }

    /** As {@link AliasServerConnection}. */
    private final class Incoming extends ServerConnection<org.aliasrpc.alias.AliasServerEvent, AliasServerSession> {
        private final List<org.aliasrpc.alias.AliasServerEvent> told = new ArrayList<>();

        Incoming(Connection connection, long nowNanos) {
            super(connection, nowNanos);
        }

        @Override
        AliasServerSession open(long nowNanos) {
            AliasConnection accepted = AliasConnection.accepted(remotePublicKey(), remoteAddress(), dht.random);
            events.put(accepted.uid(), told);
            connections.add(this);
            return new AliasServerSession(accepted, secretCheck, AliasServerLimits.DEFAULT, nowNanos);
        }

        @Override
        void onGone() {
            connections.remove(this);
        }

        @Override
        void onEvent(org.aliasrpc.alias.AliasServerEvent event, AliasServerSession from, long nowNanos) {
            if (event instanceof PutRequested put) {
                // A registrar never runs within the session's call.
                dht.network.after(0, () -> registrar.register(new Put(put, this, from)));
            } else {
                told.add(event);
            }
        }
    }
}
