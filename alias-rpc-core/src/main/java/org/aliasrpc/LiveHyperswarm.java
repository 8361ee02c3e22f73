package org.aliasrpc;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.hyperdht.Connection;
import org.aliasrpc.hyperdht.HandshakeFilter;
import org.aliasrpc.hyperdht.ListenOptions;
import org.aliasrpc.hyperdht.Listener;
import org.aliasrpc.hyperdht.NoisePayload;
import org.aliasrpc.hyperswarm.PeerConnections;
import org.aliasrpc.hyperswarm.SwarmAction;
import org.aliasrpc.io.NodeLoop;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/** A swarm on the loop of its node. */
final class LiveHyperswarm implements Hyperswarm, ListenerOwner, LoopMember {
    private final LiveHyperDht dht;
    private final NodeLoop loop;
    private final KeyPair keyPair;
    private final Admission admission;
    private final int maxConnections;
    /**
     * Not confined to the loop: who has made a server may expect that it serves, and a handshake that arrives now can be
     * a connection before the loop gets round to a task.
     */
    private final AtomicReference<@Nullable Taker> taker = new AtomicReference<>();

    private final AtomicBoolean closing = new AtomicBoolean();
    private final Outcome<Void> listening;
    private final Outcome<Void> closed;
    private volatile int connectionCount;

    // Confined to the loop.
    private final PeerConnections<LoopConnection> peers;
    private @Nullable Listener listener;
    private boolean destroyed;

    LiveHyperswarm(LiveHyperDht dht, KeyPair keyPair, Admission admission, int connectionsPerPeer, int maxConnections) {
        this.dht = dht;
        this.loop = dht.loop();
        this.keyPair = Secrets.copy(keyPair); // whose caller may close it while this swarm announces and answers
        this.admission = admission;
        this.maxConnections = maxConnections;
        this.peers = new PeerConnections<>(keyPair.publicKey(), connectionsPerPeer);
        this.listening = new Outcome<>(dht.callbacks());
        this.closed = new Outcome<>(dht.callbacks());
        if (!loop.tryExecute(() -> dht.add(this))) {
            listening.fail(Failures.nodeClosed());
            closed.complete(null);
        }
    }

    /** Makes what reads the connections of a swarm. On the loop. */
    @FunctionalInterface
    interface Taker {
        /** The result is started when the connection is accepted. */
        LoopConnection take(Connection connection, long nowNanos);

        /** Whether to answer this key at all. */
        default boolean admits(PublicKey remotePublicKey) {
            return true;
        }

        /** Whether {@link #makeRoom} would. */
        default boolean canMakeRoom() {
            return false;
        }

        /** Destroys a connection that a new one may take the place of; false if there is none. */
        default boolean makeRoom() {
            return false;
        }

        /**
         * There was no room.
         *
         * @param perPeer whether for its key, so that an older connection was destroyed; else for the new one
         */
        default void onTurnedAway(boolean perPeer) {}
    }

    /**
     * Hands every connection from now on to a taker on the loop.
     *
     * @throws IllegalStateException if somebody takes them already
     */
    void take(Taker newTaker) {
        if (!taker.compareAndSet(null, newTaker)) {
            throw new IllegalStateException("somebody takes the connections of this swarm already");
        }
    }

    /** Connections that come from now on are closed. */
    void release() {
        taker.set(null);
    }

    LiveHyperDht live() {
        return dht;
    }

    // ---- on the loop

    @Override
    public void onConnection(Connection connection, long nowNanos) {
        Taker current = taker.get();
        if (current == null || destroyed) {
            connection.destroy();
            return;
        }
        if (isFull() && !current.makeRoom()) { // several handshakes may have begun while there was room for one
            current.onTurnedAway(false);
            connection.destroy();
            return;
        }
        LoopConnection taken = current.take(connection, nowNanos);
        taken.onFinished(() -> {
            peers.onClosed(taken);
            act();
        });
        peers.onIncoming(taken);
        act();
    }

    @Override
    public void onAnnounced(int nodes, long nowNanos) {
        if (nodes > 0) {
            listening.complete(null);
        }
    }

    @Override
    public void onVerdictRequested(long handshake, PublicKey remote, NoisePayload payload, PeerAddress address) {
        admission.ask(handshake, remote, payload, address);
    }

    @Override
    public void onListenerClosed(long nowNanos) {
        listener = null;
        finish();
    }

    @Override
    public void onNodeClosing(long nowNanos) {
        closing.set(true);
        destroy(true);
    }

    private void act() {
        for (SwarmAction<LoopConnection> action = peers.pollAction(); action != null; action = peers.pollAction()) {
            if (action instanceof SwarmAction.Accept<LoopConnection> accept) {
                accept.connection().start(loop.nowNanos());
            } else if (action instanceof SwarmAction.Destroy<LoopConnection> destroy) {
                destroy.connection().destroy(destroyed ? null : "Duplicate connection");
                Taker current = taker.get();
                if (!destroyed && current != null) {
                    current.onTurnedAway(true);
                }
            } else if (action instanceof SwarmAction.Probe<LoopConnection> probe) {
                probe.connection().connection().sendKeepAlive(loop.nowNanos());
            }
        }
        connectionCount = peers.openCount();
    }

    private void listenOnLoop() {
        if (listener != null || listening.isDone()) {
            return;
        }
        if (dht.isClosing() || destroyed) {
            listening.fail(closedFailure());
            return;
        }
        try {
            listener = dht.listen(ListenOptions.of(keyPair).withFilter(this::filter), this);
        } catch (IllegalStateException e) {
            listening.fail(
                    new AliasRpcException.ListenFailed("cannot listen on " + publicKey() + ": " + e.getMessage(), e));
        }
    }

    private HandshakeFilter.Verdict filter(PublicKey remote, NoisePayload payload, PeerAddress address) {
        if (remote.equals(publicKey())) {
            return HandshakeFilter.Verdict.REJECT; // hyperswarm.md §7
        }
        Taker current = taker.get();
        // Nobody has to make room yet: a handshake can be a replay, which becomes no connection.
        if (isFull() && (current == null || !current.canMakeRoom())) {
            if (current != null) {
                current.onTurnedAway(false);
            }
            return HandshakeFilter.Verdict.REJECT;
        }
        if (current != null && !current.admits(remote)) {
            return HandshakeFilter.Verdict.REJECT;
        }
        return admission.decide(remote, payload, address);
    }

    private boolean isFull() {
        return peers.openCount() >= maxConnections;
    }

    private void destroy(boolean nodeCloses) {
        if (destroyed) {
            return;
        }
        destroyed = true;
        peers.destroy();
        act();
        if (listener == null) {
            finish();
        } else if (!nodeCloses) {
            dht.closeListener(listener); // the node closes its listeners by itself
        }
    }

    private void finish() {
        dht.remove(this);
        keyPair.close();
        listening.fail(closedFailure());
        closed.complete(null);
    }

    // ---- from any thread

    @Override
    public PublicKey publicKey() {
        return keyPair.publicKey();
    }

    @Override
    public HyperDht dht() {
        return dht;
    }

    @Override
    public CompletionStage<Void> listenAsync() {
        return beginListening().async();
    }

    @Override
    public void listen() throws InterruptedException {
        beginListening().await();
    }

    private Outcome<Void> beginListening() {
        if (closing.get()) {
            Outcome<Void> late = new Outcome<>(dht.callbacks());
            late.fail(closedFailure());
            return late;
        }
        if (!loop.tryExecute(this::listenOnLoop)) {
            listening.fail(Failures.nodeClosed());
        }
        return listening;
    }

    private static AliasRpcException closedFailure() {
        return new AliasRpcException.Closed("the swarm is closed");
    }

    @Override
    public void onConnection(PeerConnection.Handler handler) {
        take((connection, nowNanos) -> new LivePeerConnection(dht, connection, handler, nowNanos));
    }

    @Override
    public int connectionCount() {
        return connectionCount;
    }

    @Override
    public CompletionStage<Void> closeAsync() {
        beginClosing();
        return closed.async();
    }

    @Override
    public void close() {
        Blocking.requireOffLoop();
        beginClosing();
        closed.awaitUninterruptibly();
    }

    private void beginClosing() {
        if (closing.compareAndSet(false, true) && !loop.tryExecute(() -> destroy(false))) {
            keyPair.close();
            closed.complete(null);
        }
    }
}
