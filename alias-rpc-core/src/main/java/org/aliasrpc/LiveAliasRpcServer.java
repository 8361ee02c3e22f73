package org.aliasrpc;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.aliasrpc.alias.AliasServerLimits;
import org.aliasrpc.alias.SecretCheck;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.jspecify.annotations.Nullable;

/** An alias server on the loop of its swarm's node. */
final class LiveAliasRpcServer implements AliasRpcServer, LoopMember {
    /**
     * Memory of the events that wait for a slow listener, and of the registrations that wait for a slow registrar, each
     * over all connections: a peer can come again and again, and an alias can be as long as a frame.
     */
    private static final long MAX_WAITING_BYTES = 64 << 20;

    private final LiveHyperswarm swarm;
    private final LiveHyperDht dht;
    private final SecretBytes secret;
    private final SecretCheck secretCheck;
    private final AliasServerLimits limits;
    private final AliasRegistrar registrar;
    private final AliasServerEvent.@Nullable Listener listener;
    private final long idleNanos;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Backlog waitingEvents = new Backlog(MAX_WAITING_BYTES);
    private final Backlog waitingRegistrations = new Backlog(MAX_WAITING_BYTES);
    private volatile int connectionCount;

    // Confined to the loop.
    private final Set<AliasServerConnection> connections = new LinkedHashSet<>();
    private long nextSweepNanos = Long.MAX_VALUE;
    private boolean ended;

    LiveAliasRpcServer(Builder builder, LiveHyperswarm swarm) {
        this.swarm = swarm;
        this.dht = swarm.live();
        this.secret = builder.ownSecret();
        this.secretCheck = SecretCheck.anyOf(List.of(secret));
        this.limits = new AliasServerLimits(builder.maxConcurrentRequests(), builder.maxRequestBytes());
        this.registrar = builder.registrar();
        this.listener = builder.listener();
        this.idleNanos = Nanos.of(builder.idleTimeout());
        swarm.take((connection, nowNanos) -> new AliasServerConnection(this, connection, nowNanos));
        dht.loop().tryExecute(() -> dht.add(this));
    }

    LiveHyperDht dht() {
        return dht;
    }

    SecretCheck secretCheck() {
        return secretCheck;
    }

    AliasServerLimits limits() {
        return limits;
    }

    AliasRegistrar registrar() {
        return registrar;
    }

    AliasServerEvent.@Nullable Listener listener() {
        return listener;
    }

    Backlog waitingEvents() {
        return waitingEvents;
    }

    Backlog waitingRegistrations() {
        return waitingRegistrations;
    }

    // ---- on the loop

    void onAccepted(AliasServerConnection connection) {
        connections.add(connection);
        connectionCount = connections.size();
        if (idleNanos > 0 && nextSweepNanos == Long.MAX_VALUE) {
            nextSweepNanos = dht.loop().nowNanos() + idleNanos;
        }
    }

    /** Those that are open. */
    Set<AliasServerConnection> connections() {
        return connections;
    }

    void onGone(AliasServerConnection connection) {
        connections.remove(connection);
        connectionCount = connections.size();
        wipeWhenDone();
    }

    @Override
    public long nextTimeout() {
        return nextSweepNanos;
    }

    @Override
    public void onTimeout(long nowNanos) {
        long oldest = Long.MAX_VALUE;
        for (AliasServerConnection connection : List.copyOf(connections)) {
            if (nowNanos - connection.lastActivityNanos() >= idleNanos) {
                connection.destroy("idle for too long");
            } else {
                oldest = Math.min(oldest, connection.lastActivityNanos());
            }
        }
        nextSweepNanos = oldest == Long.MAX_VALUE ? Long.MAX_VALUE : oldest + idleNanos;
    }

    @Override
    public void onNodeClosing(long nowNanos) {
        // The node destroys the connections, and their last events follow.
        nextSweepNanos = Long.MAX_VALUE;
    }

    private void end() {
        dht.remove(this);
        for (AliasServerConnection connection : List.copyOf(connections)) {
            connection.destroy(null);
        }
        ended = true;
        wipeWhenDone();
    }

    /** Not before the last connection is gone: requests that came before its end are still judged by the secret. */
    private void wipeWhenDone() {
        if (ended && connections.isEmpty()) {
            secret.close();
        }
    }

    // ---- from any thread

    @Override
    public PublicKey publicKey() {
        return swarm.publicKey();
    }

    @Override
    public CompletionStage<Void> listenAsync() {
        return swarm.listenAsync();
    }

    @Override
    public void listen() throws InterruptedException {
        swarm.listen();
    }

    @Override
    public int connectionCount() {
        return connectionCount;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            swarm.release();
            if (!dht.loop().tryExecute(this::end)) {
                secret.close();
            }
        }
    }
}
