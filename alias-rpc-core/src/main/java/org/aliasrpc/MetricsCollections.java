package org.aliasrpc;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.aliasrpc.metrics.CollectedMetrics;
import org.jspecify.annotations.Nullable;

/**
 * The collections of a metrics server: so many at a time, each for so long. The collector's work and the copy of what it
 * gathered are done on the callback executor.
 */
final class MetricsCollections {
    private final LiveHyperDht dht;
    private final MetricsCollector collector;
    private final int maxConcurrent;
    private final Duration timeout;
    private final long timeoutNanos;

    // Confined to the loop.
    private final Queue<Collection> inOrder = new ArrayDeque<>(); // all have the same time, so the oldest ends first
    private int places;

    MetricsCollections(LiveHyperDht dht, MetricsCollector collector, int maxConcurrent, Duration timeout) {
        this.dht = dht;
        this.collector = collector;
        this.maxConcurrent = maxConcurrent;
        this.timeout = timeout;
        this.timeoutNanos = Nanos.of(timeout);
    }

    /** Who asked for metrics. On the loop. */
    interface Asker {
        void onCollected(long requestId, CollectedMetrics metrics);

        /**
         * @param reason what the scraper should learn; null for the usual
         */
        void onCollectFailed(long requestId, Throwable error, @Nullable String reason);
    }

    /** One call of the collector. */
    private static final class Collection {
        final Asker asker;
        final long requestId;
        final long deadlineNanos;

        /** Whether the asker has its answer. */
        final AtomicBoolean answered = new AtomicBoolean();

        /** Whether the collector's call has returned, so that it holds no thread. On the loop. */
        boolean returned;

        Collection(Asker asker, long requestId, long deadlineNanos) {
            this.asker = asker;
            this.requestId = requestId;
            this.deadlineNanos = deadlineNanos;
        }
    }

    /** Begins; the asker is answered within the time. */
    void begin(Asker asker, long requestId, long nowNanos) {
        if (places >= maxConcurrent) {
            String reason = "Too many scrapes at a time, at most " + maxConcurrent;
            asker.onCollectFailed(requestId, new IllegalStateException(reason), reason);
            return;
        }
        places++;
        Collection collection = new Collection(asker, requestId, nowNanos + timeoutNanos);
        inOrder.add(collection);
        dht.callbacks().execute(() -> collect(collection));
    }

    long nextTimeout() {
        return inOrder.isEmpty() ? Long.MAX_VALUE : inOrder.element().deadlineNanos;
    }

    void onTimeout(long nowNanos) {
        for (Collection first = inOrder.peek();
                first != null && first.deadlineNanos <= nowNanos;
                first = inOrder.peek()) {
            String reason = "Metrics were not collected within " + timeout.toMillis() + " ms";
            finish(first, null, new TimeoutException(reason), reason);
        }
    }

    /** Nobody waits any more. */
    void close() {
        inOrder.forEach(collection -> collection.answered.set(true));
        inOrder.clear();
    }

    /** On the callback executor. */
    private void collect(Collection collection) {
        try {
            if (!collection.answered.get()) {
                CompletionStage<ByteBuffer> stage = collector.collect();
                if (stage == null) {
                    throw new IllegalStateException("the collector answered null");
                }
                stage.whenComplete((metrics, failure) -> onResult(collection, metrics, failure));
            }
        } catch (RuntimeException | Error e) {
            onResult(collection, null, e);
        } finally {
            dht.loop().tryExecute(() -> {
                collection.returned = true;
                if (collection.answered.get()) {
                    places--;
                }
            });
        }
    }

    /** On any thread but the loop's. */
    private void onResult(Collection collection, @Nullable ByteBuffer metrics, @Nullable Throwable failure) {
        if (metrics != null && !collection.answered.get()) {
            CollectedMetrics collected = CollectedMetrics.of(metrics);
            dht.loop().tryExecute(() -> finish(collection, collected, null, null));
        } else {
            Throwable error = failure == null
                    ? new IllegalStateException("the collector's stage holds null")
                    : Failures.unwrapped(failure);
            String reason = error instanceof MetricsCollector.Refusal ? error.getMessage() : null;
            dht.loop().tryExecute(() -> finish(collection, null, error, reason));
        }
    }

    private void finish(
            Collection collection,
            @Nullable CollectedMetrics metrics,
            @Nullable Throwable error,
            @Nullable String reason) {
        if (!collection.answered.compareAndSet(false, true)) {
            return;
        }
        inOrder.remove(collection);
        if (collection.returned) {
            places--;
        }
        if (metrics != null) {
            collection.asker.onCollected(collection.requestId, metrics);
        } else if (error != null) {
            collection.asker.onCollectFailed(collection.requestId, error, reason);
        }
    }
}
