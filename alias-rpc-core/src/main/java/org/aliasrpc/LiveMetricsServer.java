package org.aliasrpc;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.hyperdht.NoisePayload;
import org.aliasrpc.io.SerialQueue;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/** A metrics server on the loop of its node: a swarm of its own, whose connections it serves. */
final class LiveMetricsServer implements MetricsServer, LoopMember {
    /** Of one key. An alias server needs one, its replicas share a key, and one that was restarted leaves one behind. */
    private static final int CONNECTIONS_PER_PEER = 16;

    /** Memory of the events that wait for a slow listener, over all connections. */
    private static final long MAX_WAITING_BYTES = 16 << 20;

    /** Refusals that may wait for a slow listener: strangers can cause them without end. */
    private static final int MAX_WAITING_REFUSALS = 1024;

    /**
     * Replies that scrapers have not taken, over all connections, when no further collection begins: one that asks and
     * does not read takes no more memory than this and what was being collected.
     */
    private static final long MAX_UNSENT_BYTES = 64 << 20;

    /** How often a connection that ends is asked whether all has arrived, and how often at most. */
    private static final long FLUSH_CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final LiveHyperDht dht;
    private final LiveHyperswarm swarm;
    private final MetricsServerEvent.@Nullable Listener listener;
    private final int maxReplyBytes;
    private final Backlog waitingEvents = new Backlog(MAX_WAITING_BYTES);
    private final SerialQueue refusals;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile int connectionCount;

    // Confined to the loop.
    private final MetricsCollections collections;
    private final Set<MetricsServerConnection> connections = new LinkedHashSet<>();
    private final Set<MetricsServerConnection> ending = new LinkedHashSet<>();
    private long nextFlushCheckNanos = Long.MAX_VALUE;

    LiveMetricsServer(Builder builder, LiveHyperDht dht) {
        this.dht = dht;
        this.listener = builder.listener();
        this.maxReplyBytes = builder.maxReplyBytes();
        this.refusals = new SerialQueue(dht.listenerCallbacks(), MAX_WAITING_REFUSALS);
        this.collections = new MetricsCollections(dht, builder.collector(), builder.maxConcurrent(), builder.timeout());
        Admission admission = new Admission(dht, builder.allowed(), builder.firewall(), this::onRejected);
        this.swarm =
                new LiveHyperswarm(dht, builder.keyPair(), admission, CONNECTIONS_PER_PEER, builder.maxConnections());
        swarm.take((connection, nowNanos) -> new MetricsServerConnection(this, connection, nowNanos));
        dht.loop().tryExecute(() -> dht.add(this));
    }

    LiveHyperDht dht() {
        return dht;
    }

    MetricsServerEvent.@Nullable Listener listener() {
        return listener;
    }

    Backlog waitingEvents() {
        return waitingEvents;
    }

    int maxReplyBytes() {
        return maxReplyBytes;
    }

    // ---- on the loop

    void collect(MetricsServerConnection connection, long requestId, long nowNanos) {
        long unsent = 0;
        for (MetricsServerConnection each : connections) {
            unsent += each.unsentBytes();
        }
        if (unsent > MAX_UNSENT_BYTES) {
            String reason = "Too many replies were not taken";
            connection.onCollectFailed(requestId, new IllegalStateException(reason), reason);
        } else {
            collections.begin(connection, requestId, nowNanos);
        }
    }

    void onAccepted(MetricsServerConnection connection) {
        connections.add(connection);
        connectionCount = connections.size();
    }

    void onGone(MetricsServerConnection connection) {
        connections.remove(connection);
        ending.remove(connection);
        connectionCount = connections.size();
    }

    /** Told again and again until its last bytes have arrived. */
    void onEnding(MetricsServerConnection connection, long nowNanos) {
        ending.add(connection);
        nextFlushCheckNanos = Math.min(nextFlushCheckNanos, nowNanos + FLUSH_CHECK_NANOS);
    }

    private void onRejected(PublicKey remote, NoisePayload payload, PeerAddress address) {
        MetricsServerEvent.Listener to = listener;
        if (to != null) {
            var event = new MetricsServerEvent.FirewallBlock(remote, payload.encoded(), address.toInetSocketAddress());
            refusals.offer(() -> to.onEvent(event));
        }
    }

    @Override
    public long nextTimeout() {
        return Math.min(collections.nextTimeout(), nextFlushCheckNanos);
    }

    @Override
    public void onTimeout(long nowNanos) {
        collections.onTimeout(nowNanos);
        if (nextFlushCheckNanos <= nowNanos) {
            Queue<MetricsServerConnection> asked = new ArrayDeque<>(ending);
            asked.forEach(connection -> connection.checkFlushed(nowNanos));
            nextFlushCheckNanos = ending.isEmpty() ? Long.MAX_VALUE : nowNanos + FLUSH_CHECK_NANOS;
        }
    }

    @Override
    public void onNodeClosing(long nowNanos) {
        end(); // the swarm ends with the node, too
    }

    private void end() {
        dht.remove(this);
        collections.close();
        for (MetricsServerConnection connection : List.copyOf(connections)) {
            connection.destroy(null);
        }
        ending.clear();
        nextFlushCheckNanos = Long.MAX_VALUE;
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
    public CompletionStage<Void> closeAsync() {
        beginClosing();
        return swarm.closeAsync();
    }

    @Override
    public void close() {
        Blocking.requireOffLoop();
        beginClosing();
        swarm.close();
    }

    private void beginClosing() {
        if (closed.compareAndSet(false, true)) {
            dht.loop().tryExecute(this::end);
        }
    }
}
