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
import org.aliasrpc.hyperdht.Connection;
import org.aliasrpc.io.NodeLoop;
import org.aliasrpc.metrics.MetricsClient;
import org.aliasrpc.metrics.MetricsClientEvent;
import org.aliasrpc.metrics.ScrapeOutcome;
import org.aliasrpc.rpc.ConnectFailure;
import org.aliasrpc.rpc.PoolOptions;
import org.jspecify.annotations.Nullable;

/** A scraper on the loop of its node. */
final class LiveMetricsScraper implements MetricsScraper, LoopMember, PoolConnections.Owner {
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

    // Confined to the loop.
    private final MetricsClient machine;
    private final Map<Long, Scrape> scrapes = new HashMap<>();
    private final PoolConnections connections;
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
        this.connections = new PoolConnections(machine.connections(), this);
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
        connections.service(now);
    }

    @Override
    public void onOpen(Connection connection, long nowNanos) {
        connection.setMaxMessageBytes(Math.max(
                MIN_MESSAGE_BYTES, Math.min(maxReplyBytes + REPLY_OVERHEAD, MetricsServer.Builder.MAX_FRAME_BYTES)));
        if (keepAlive != null) {
            connection.setKeepAlive(Nanos.of(keepAlive), nowNanos);
        }
    }

    @Override
    public boolean handleEvent(long nowNanos) {
        MetricsClientEvent event = machine.pollEvent(nowNanos);
        if (event instanceof MetricsClientEvent.ConnectRequested request) {
            connect(request.connectionId(), request.target(), nowNanos);
        } else if (event instanceof MetricsClientEvent.DisconnectRequested request) {
            connections.disconnect(request.connectionId());
        } else if (event instanceof MetricsClientEvent.Finished finished) {
            finish(finished.callId(), finished.outcome());
        }
        return event != null;
    }

    private void connect(long id, PublicKey target, long nowNanos) {
        // An idle connection that the machine ended leaves with its wish to disconnect, which comes next.
        if (connections.size() >= maxConnections && !machine.endIdlest()) {
            String reason = "OVERLOADED: " + maxConnections + " connections to targets are in use";
            ConnectFailure failure = new ConnectFailure(ConnectFailure.Kind.FAILED, reason);
            machine.connections().onConnectFailed(id, failure, nowNanos);
            return;
        }
        connections.add(id, dht.connectOnLoop(target, keyPair), nowNanos);
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
        return connections.nextTimeout();
    }

    @Override
    public void onTimeout(long nowNanos) {
        connections.onTimeout(nowNanos);
    }

    @Override
    public void onNodeClosing(long nowNanos) {
        closed.set(true);
        end();
    }

    private void end() {
        if (!ended) {
            ended = true;
            connections.close(loop.nowNanos());
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
        return connections.size();
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
        Checked.positiveTimeout(timeout);
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
