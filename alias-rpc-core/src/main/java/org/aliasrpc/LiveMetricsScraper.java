package org.aliasrpc;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.hyperdht.Connection;
import org.aliasrpc.io.NodeLoop;
import org.aliasrpc.metrics.MetricsClient;
import org.aliasrpc.metrics.MetricsClientEvent;
import org.aliasrpc.metrics.ScrapeOutcome;
import org.aliasrpc.rpc.ConnectFailure;
import org.aliasrpc.rpc.PoolOptions;
import org.jspecify.annotations.Nullable;

/** A scraper on the loop of its node. */
final class LiveMetricsScraper implements MetricsScraper, LoopMember, PoolConnection.Owner {
    /** What a reply's frame holds besides the metrics: numbers of channel, type, request and version, and lengths. */
    private static final int REPLY_OVERHEAD = 28;

    /** Shorter frames are always taken: other channels of the connection may have something to say. */
    private static final int MIN_MESSAGE_BYTES = 64 << 10;

    /**
     * Pauses between attempts to connect within one scrape. Shorter than those of the reference: a scrape has seconds,
     * and each scrape begins with an attempt of its own.
     */
    private static final List<Long> BACKOFF = List.of(
            Duration.ofSeconds(1).toNanos(),
            Duration.ofSeconds(4).toNanos(),
            Duration.ofSeconds(15).toNanos());

    private final LiveHyperDht dht;
    private final NodeLoop loop;
    private final KeyPair keyPair;
    private final int maxReplyBytes;
    private final int maxConnections;
    private final @Nullable Duration keepAlive;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile int connectionCount;

    // Confined to the loop.
    private final MetricsClient machine;
    private final Map<Long, Scrape> scrapes = new HashMap<>();
    private final Map<Long, PoolConnection> connections = new HashMap<>();
    private final SilenceWatch silences = new SilenceWatch();
    private boolean ended;

    LiveMetricsScraper(Builder builder, LiveHyperDht dht) {
        this.dht = dht;
        this.loop = dht.loop();
        this.keyPair = Secrets.copy(builder.keyPair()); // whose caller may close it while this one connects
        this.maxReplyBytes = builder.maxReplyBytes();
        this.maxConnections = builder.maxConnections();
        this.keepAlive = builder.keepAlive();
        PoolOptions options = PoolOptions.DEFAULT.withPauses(BACKOFF, Nanos.of(builder.idleTimeout()));
        this.machine = new MetricsClient(options, maxReplyBytes, loop.random());
        if (!loop.tryExecute(() -> dht.add(this))) {
            keyPair.close();
        }
    }

    /** A scrape under way. */
    private record Scrape(PublicKey target, Duration timeout, Outcome<ByteBuffer> outcome) {}

    // ---- on the loop

    private void begin(Scrape scrape) {
        if (ended) {
            scrape.outcome.fail(closedFailure());
            return;
        }
        long now = loop.nowNanos();
        long id = machine.scrape(scrape.target, now + Nanos.of(scrape.timeout), now);
        scrapes.put(id, scrape);
        service(now);
    }

    @Override
    public void onConnected(long id, Connection connection, long nowNanos) {
        connection.setMaxMessageBytes(Math.max(
                MIN_MESSAGE_BYTES, Math.min(maxReplyBytes + REPLY_OVERHEAD, MetricsServer.Builder.MAX_FRAME_BYTES)));
        if (keepAlive != null) {
            connection.setKeepAlive(Nanos.of(keepAlive), nowNanos);
        }
        Bytes hash = connection.handshakeHash();
        machine.onConnected(id, hash == null ? Bytes.EMPTY : hash, nowNanos);
    }

    @Override
    public void onConnectFailed(long id, org.aliasrpc.hyperdht.ConnectFailure failure, long nowNanos) {
        PoolConnection connection = forget(id);
        if (connection != null) {
            machine.onConnectFailed(id, Failures.forPool(failure, connection.remotePublicKey()), nowNanos);
        }
    }

    @Override
    public void onConnectionClosed(long id, @Nullable String error, long nowNanos) {
        forget(id);
        if (LoopConnection.TOO_LONG.equals(error)) {
            machine.onReplyTooLong(id, nowNanos);
        } else {
            machine.onConnectionClosed(id, error, nowNanos);
        }
    }

    private @Nullable PoolConnection forget(long id) {
        PoolConnection connection = connections.remove(id);
        connectionCount = connections.size();
        if (connection != null) {
            silences.remove(connection);
        }
        return connection;
    }

    @Override
    public void onFrame(long id, ByteBuffer frame, long nowNanos) {
        machine.onFrame(id, frame, nowNanos);
    }

    @Override
    public boolean isPaused(long id) {
        return machine.isPaused(id);
    }

    @Override
    public @Nullable ByteBuffer pollFrame(long id) {
        return machine.pollFrame(id);
    }

    @Override
    public void onSent(PoolConnection connection, long nowNanos) {
        silences.onSent(connection, nowNanos);
    }

    @Override
    public boolean service(long nowNanos) {
        boolean any = false;
        boolean progress = true;
        while (progress) {
            progress = false;
            for (var event = machine.pollEvent(); event != null; event = machine.pollEvent()) {
                progress = true;
                onEvent(event, nowNanos);
            }
            for (long id = machine.pollSendable(); id != MetricsClient.NONE; id = machine.pollSendable()) {
                PoolConnection connection = connections.get(id);
                progress |= connection != null && connection.sendFrames(nowNanos);
            }
            any |= progress;
        }
        return any;
    }

    private void onEvent(MetricsClientEvent event, long nowNanos) {
        if (event instanceof MetricsClientEvent.ConnectRequested request) {
            connect(request.connectionId(), request.target(), nowNanos);
        } else if (event instanceof MetricsClientEvent.DisconnectRequested request) {
            PoolConnection connection = forget(request.connectionId());
            if (connection != null) {
                connection.destroy(null);
            }
        } else if (event instanceof MetricsClientEvent.Finished finished) {
            finish(finished.callId(), finished.outcome());
        }
    }

    private void connect(long id, PublicKey target, long nowNanos) {
        // An idle connection that the machine ended leaves with its wish to disconnect, which comes next.
        if (connections.size() >= maxConnections && !machine.endIdlest()) {
            String reason = "OVERLOADED: " + maxConnections + " connections to targets are in use";
            machine.onConnectFailed(id, new ConnectFailure(ConnectFailure.Kind.FAILED, reason), nowNanos);
            return;
        }
        Connection connection = dht.connectOnLoop(target, keyPair);
        connections.put(id, new PoolConnection(this, id, connection, nowNanos));
        connectionCount = connections.size();
    }

    private void finish(long id, ScrapeOutcome outcome) {
        Scrape scrape = scrapes.remove(id);
        if (scrape == null) {
            return;
        }
        if (outcome instanceof ScrapeOutcome.Scraped scraped) {
            scrape.outcome.complete(scraped.metrics());
        } else {
            scrape.outcome.fail(Failures.of(outcome, scrape.target, scrape.timeout, maxReplyBytes));
        }
    }

    @Override
    public long nextTimeout() {
        return Math.min(machine.nextTimeout(), silences.nextTimeout());
    }

    @Override
    public void onTimeout(long nowNanos) {
        machine.onTimeout(nowNanos);
        silences.onTimeout(nowNanos);
        service(nowNanos);
    }

    @Override
    public void onNodeClosing(long nowNanos) {
        closed.set(true);
        end();
    }

    private void end() {
        if (!ended) {
            ended = true;
            machine.close();
            service(loop.nowNanos());
            List.copyOf(connections.values()).forEach(connection -> connection.destroy(null));
            dht.remove(this);
            keyPair.close();
        }
    }

    private static AliasRpcException closedFailure() {
        return new AliasRpcException.Closed("the scraper is closed");
    }

    // ---- from any thread

    @Override
    public PublicKey publicKey() {
        return keyPair.publicKey();
    }

    @Override
    public int connectionCount() {
        return connectionCount;
    }

    @Override
    public CompletionStage<ByteBuffer> scrapeAsync(PublicKey target, Duration timeout) {
        return start(target, timeout).async();
    }

    @Override
    public ByteBuffer scrape(PublicKey target, Duration timeout) throws InterruptedException {
        Blocking.requireOffLoop();
        return start(target, timeout).await();
    }

    private Outcome<ByteBuffer> start(PublicKey target, Duration timeout) {
        Objects.requireNonNull(target, "target");
        AliasRpcClient.Builder.requirePositive(timeout);
        Scrape scrape = new Scrape(target, timeout, new Outcome<>(dht.callbacks()));
        if (closed.get() || !loop.tryExecute(() -> begin(scrape))) {
            scrape.outcome.fail(closedFailure());
        }
        return scrape.outcome;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true) && !loop.tryExecute(this::end)) {
            keyPair.close();
        }
    }
}
