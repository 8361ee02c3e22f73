package org.aliasrpc.spring.metrics;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.aliasrpc.MetricsCollector;
import org.jspecify.annotations.Nullable;

/**
 * Collects straight from a Prometheus registry, without HTTP. Scrapes that come while a collection runs share it, so at
 * most one runs at a time.
 */
public final class PrometheusMetricsCollector implements MetricsCollector {
    private static final int FIRST_SIZE = 16 << 10;

    private final PrometheusRegistry registry;
    private final FamilyFilter filter;
    private final int maxBytes;
    private final Executor executor;
    private final LongConsumer filteredBytes;
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
    private final AtomicReference<@Nullable CompletableFuture<ByteBuffer>> running = new AtomicReference<>();
    private volatile int latestSize = FIRST_SIZE;

    /**
     * @param registry with the application's meters
     * @param filter applied before anything is encoded
     * @param maxBytes longest text; a longer one fails the collection
     * @param executor where to collect
     * @param filteredBytes told for each collection how much text the filter saved, if there is one
     */
    public PrometheusMetricsCollector(
            PrometheusRegistry registry,
            FamilyFilter filter,
            int maxBytes,
            Executor executor,
            LongConsumer filteredBytes) {
        this.registry = registry;
        this.filter = filter;
        this.maxBytes = maxBytes;
        this.executor = executor;
        this.filteredBytes = filteredBytes;
    }

    @Override
    public CompletionStage<ByteBuffer> collect() {
        CompletableFuture<ByteBuffer> fresh = new CompletableFuture<>();
        CompletableFuture<ByteBuffer> shared = running.compareAndExchange(null, fresh);
        if (shared != null) {
            return shared.thenApply(ByteBuffer::duplicate); // each with a position of its own
        }
        try {
            executor.execute(() -> collect(fresh));
        } catch (RuntimeException e) {
            running.set(null);
            fresh.completeExceptionally(e);
        }
        return fresh.thenApply(ByteBuffer::duplicate);
    }

    private void collect(CompletableFuture<ByteBuffer> result) {
        try {
            ByteBuffer text = encode();
            running.set(null); // who asks from now on must not get what is already old
            result.complete(text);
        } catch (IOException | RuntimeException | Error e) {
            running.set(null);
            result.completeExceptionally(e);
        }
    }

    private ByteBuffer encode() throws IOException {
        MetricSnapshots all = registry.scrape();
        MetricSnapshots admitted = all;
        if (filter.isActive()) {
            List<MetricSnapshot> in = new ArrayList<>();
            List<MetricSnapshot> out = new ArrayList<>();
            all.forEach(family -> (filter.admits(names(family)) ? in : out).add(family));
            admitted = new MetricSnapshots(in);
            filteredBytes.accept(length(new MetricSnapshots(out)));
        }
        TextBuffer text = new TextBuffer(latestSize + latestSize / 8, maxBytes);
        writer.write(text, admitted);
        if (text.isOverfull()) {
            throw new Refusal("Metrics of " + text.length() + " bytes are longer than the limit of " + maxBytes);
        }
        latestSize = (int) Math.max(FIRST_SIZE, text.length());
        return text.toByteBuffer();
    }

    private long length(MetricSnapshots families) throws IOException {
        TextBuffer count = new TextBuffer(0, 0);
        writer.write(count, families);
        return count.length();
    }

    private static List<String> names(MetricSnapshot family) {
        String name = family.getMetadata().getPrometheusName();
        if (family instanceof CounterSnapshot) {
            return List.of(name + "_total", name);
        }
        return family instanceof InfoSnapshot ? List.of(name + "_info", name) : List.of(name);
    }
}
