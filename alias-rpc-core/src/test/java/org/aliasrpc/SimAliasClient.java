package org.aliasrpc;

import java.util.ArrayList;
import java.util.List;
import org.aliasrpc.alias.AliasClient;
import org.aliasrpc.alias.AliasClientEvent;
import org.aliasrpc.alias.AliasClientOptions;
import org.aliasrpc.alias.Registration;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;

/** An alias client in virtual time: {@link LiveAliasRpcClient} without its threads. */
final class SimAliasClient implements LoopMember, PoolConnections.Owner {
    /** What was told, in order. */
    final List<Told> events = new ArrayList<>();

    private final SimHyperDht dht;
    private final KeyPair keyPair;
    private final AliasClient machine;
    private final PoolConnections connections;

    /**
     * @param atNanos when it was told
     */
    record Told(long atNanos, AliasClientEvent event) {}

    SimAliasClient(SimHyperDht dht, KeyPair keyPair, PublicKey server, SecretBytes secret, AliasClientOptions options) {
        this.dht = dht;
        this.keyPair = keyPair;
        this.machine = new AliasClient(server, secret, options, dht.random);
        this.connections = new PoolConnections(machine.connections(), this);
        dht.add(this);
    }

    long register(Registration registration, long timeoutNanos) {
        long now = dht.network.now();
        long call = machine.register(registration, now + timeoutNanos, now);
        connections.service(now);
        dht.network.touch(dht);
        return call;
    }

    void close() {
        connections.close(dht.network.now());
        dht.remove(this);
        dht.network.touch(dht);
    }

    @Override
    public long nextTimeout() {
        return machine.connections().nextTimeout();
    }

    @Override
    public void onTimeout(long nowNanos) {
        machine.connections().onTimeout(nowNanos);
        connections.service(nowNanos);
    }

    @Override
    public void onNodeClosing(long nowNanos) {
        throw new IllegalStateException("nodes are killed, not closed");
    }

    @Override
    public boolean handleEvent(long nowNanos) {
        AliasClientEvent event = machine.pollEvent();
        if (event instanceof AliasClientEvent.ConnectRequested request) {
            connections.add(request.connectionId(), dht.connect(request.server(), keyPair), nowNanos);
        } else if (event instanceof AliasClientEvent.DisconnectRequested request) {
            connections.disconnect(request.connectionId());
        } else if (event != null) {
            events.add(new Told(nowNanos, event));
        }
        return event != null;
    }
}
