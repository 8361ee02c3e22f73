package org.aliasrpc;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.aliasrpc.alias.AliasServerLimits;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.hyperdht.Connection;
import org.jspecify.annotations.Nullable;

/** An alias server on the loop of its swarm's node. */
final class LiveAliasRpcServer implements AliasRpcServer, LoopMember, LiveHyperswarm.Taker {
    /**
     * Memory of the events that wait for a slow listener, and of the registrations that wait for a slow registrar, each
     * over all connections: a peer can come again and again, and an alias can be as long as a frame.
     */
    private static final long MAX_WAITING_BYTES = 64 << 20;

    private final LiveHyperswarm swarm;
    private final LiveHyperDht dht;
    private final LiveSecrets secrets;
    private final AliasServerLimits limits;
    private final Gates gates;
    private final AliasRegistrar registrar;
    private final boolean registersOnLoop;
    private final AliasServerEvent.@Nullable Listener listener;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Backlog waitingEvents = new Backlog(MAX_WAITING_BYTES);
    private final Backlog waitingRegistrations = new Backlog(MAX_WAITING_BYTES);
    private volatile int connectionCount;

    // Confined to the loop.
    private final ServedConnections<AliasServerConnection> connections;
    private final HeldAnswers<AliasServerConnection> held = new HeldAnswers<>();
    private boolean ended;

    LiveAliasRpcServer(Builder builder, LiveHyperswarm swarm) {
        this.swarm = swarm;
        this.dht = swarm.live();
        this.secrets = new LiveSecrets(builder.ownSecrets(), dht.loop()::tryExecute);
        this.gates = new Gates(builder.gate());
        this.limits = new AliasServerLimits(builder.maxConcurrentRequests(), builder.maxRequestBytes());
        this.registrar = builder.registrar();
        this.registersOnLoop = registrar.isNonBlocking();
        this.listener = builder.listener();
        this.connections = new ServedConnections<>(
                Nanos.of(builder.firstRequestTimeout()),
                Nanos.of(builder.idleTimeout()),
                AliasServerConnection::lastActivityNanos);
        swarm.take(this);
        dht.loop().tryExecute(() -> dht.add(this));
    }

    LiveHyperDht dht() {
        return dht;
    }

    Gates gates() {
        return gates;
    }

    HeldAnswers<AliasServerConnection> held() {
        return held;
    }

    AliasServerLimits limits() {
        return limits;
    }

    AliasRegistrar registrar() {
        return registrar;
    }

    /** Whether the registrar is called on the loop: it says that it never blocks. */
    boolean registersOnLoop() {
        return registersOnLoop;
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

    @Override
    public LoopConnection take(Connection connection, long nowNanos) {
        return new AliasServerConnection(this, connection, nowNanos);
    }

    @Override
    public boolean admits(PublicKey remotePublicKey) {
        return gates.admits(remotePublicKey);
    }

    @Override
    public boolean canMakeRoom() {
        return connections.hasStranger();
    }

    @Override
    public boolean makeRoom() {
        AliasServerConnection stranger = connections.pollStranger();
        if (stranger != null) {
            gates.onLimit(AliasServerGate.Limit.CONNECTIONS);
            stranger.destroy("others wait and nothing was asked for");
        }
        return stranger != null;
    }

    @Override
    public void onTurnedAway(boolean perPeer) {
        gates.onLimit(perPeer ? AliasServerGate.Limit.CONNECTIONS_PER_PEER : AliasServerGate.Limit.CONNECTIONS);
    }

    LiveSecrets secrets() {
        return secrets;
    }

    void onAccepted(AliasServerConnection connection, long nowNanos) {
        connections.add(connection, nowNanos);
        connectionCount = connections.size();
    }

    void onAuthorised(AliasServerConnection connection) {
        connections.onAuthorised(connection);
    }

    /** Those that are open. */
    List<AliasServerConnection> connections() {
        return connections.all();
    }

    void onGone(AliasServerConnection connection) {
        connections.remove(connection);
        held.forget(connection);
        connectionCount = connections.size();
        wipeWhenDone();
    }

    @Override
    public long nextTimeout() {
        return Math.min(connections.nextTimeout(), held.nextTimeout());
    }

    @Override
    public void onTimeout(long nowNanos) {
        for (var due = held.pollDue(nowNanos); due != null; due = held.pollDue(nowNanos)) {
            due.connection().onHoldOver(due.requestId(), nowNanos);
        }
        for (var late = connections.pollTooLate(nowNanos); late != null; late = connections.pollTooLate(nowNanos)) {
            gates.onLimit(AliasServerGate.Limit.FIRST_REQUEST_TIMEOUT);
            late.destroy("no request with a right secret came in time");
        }
        for (AliasServerConnection idle : connections.idle(nowNanos)) {
            gates.onLimit(AliasServerGate.Limit.IDLE_TIMEOUT);
            idle.destroy("idle for too long");
        }
    }

    @Override
    public void onNodeClosing(long nowNanos) {
        // The node destroys the connections, and their last events follow.
        connections.stop();
    }

    private void end() {
        dht.remove(this);
        connections.all().forEach(connection -> connection.destroy(null));
        ended = true;
        wipeWhenDone();
    }

    /** Not before the last connection is gone: requests that came before its end are still judged by the secrets. */
    private void wipeWhenDone() {
        if (ended && connections.size() == 0) {
            secrets.close();
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
    public void replaceSecrets(Map<String, SecretBytes> fresh) {
        secrets.replace(fresh);
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
                secrets.close();
            }
        }
    }
}
