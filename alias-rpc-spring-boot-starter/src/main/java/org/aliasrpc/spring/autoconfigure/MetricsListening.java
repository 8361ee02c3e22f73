package org.aliasrpc.spring.autoconfigure;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.MetricsServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of the metrics server: it listens before the first registration, so that the first scrape finds it, and stays
 * for a while at the end, for a last one.
 */
final class MetricsListening {
    private static final Logger LOG = LoggerFactory.getLogger("org.aliasrpc.metrics");

    /** How long a registration waits for the announcement: without a network it has to fail by itself, and say why. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final MetricsServer server;
    private final Duration linger;

    /** Of the present run. Not guarded: who waits for it must not wait for the sockets, too. */
    private volatile CompletableFuture<Void> announced = new CompletableFuture<>();

    /** Guarded by this, which whoever opens sockets holds meanwhile: a stop has to come after that, and close them. */
    private boolean running;

    MetricsListening(MetricsServer server, Duration linger) {
        this.server = server;
        this.linger = linger;
    }

    /** Begins, on a thread of its own: sockets are opened, and the application's start does not wait for that. */
    synchronized void start() {
        running = true;
        announced = new CompletableFuture<>();
        Thread thread = new Thread(this::listen, "alias-rpc-metrics-start");
        thread.setDaemon(true);
        thread.start();
    }

    private synchronized void listen() {
        if (!running) {
            return;
        }
        CompletableFuture<Void> told = announced;
        try {
            server.listenAsync().whenComplete((done, failure) -> {
                if (failure == null) {
                    LOG.info("Metrics are served under public key {}", server.publicKey());
                } else if (!closed(failure)) {
                    LOG.error("Metrics cannot be served: {}", failure.toString());
                }
                told.complete(null);
            });
        } catch (RuntimeException | Error e) { // an Error too, such as a missing library
            LOG.error("Metrics cannot be served: {}", e.toString());
            told.complete(null);
        }
    }

    /** Runs an action once the server is announced, or time is over. */
    void whenAnnounced(Runnable action) {
        CompletionStage<Void> told =
                announced.copy().completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        told.thenRun(action);
    }

    /** Ends when nobody can scrape any more. */
    CompletionStage<Void> stop() {
        synchronized (this) {
            running = false;
        }
        if (linger.isZero()) {
            return server.closeAsync();
        }
        LOG.info("Metrics stay scrapable for {}", linger);
        return new CompletableFuture<Void>()
                .completeOnTimeout(null, linger.toMillis(), TimeUnit.MILLISECONDS)
                .thenCompose(done -> server.closeAsync());
    }

    private static boolean closed(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof AliasRpcException.Closed;
    }
}
