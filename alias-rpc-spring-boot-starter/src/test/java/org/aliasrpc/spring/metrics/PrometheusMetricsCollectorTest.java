package org.aliasrpc.spring.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.aliasrpc.MetricsCollector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PrometheusMetricsCollectorTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Long> filtered = new ArrayList<>();

    @BeforeEach
    void meters() {
        registry.counter("http.requests").increment(3);
        registry.gauge("queue.size", 7);
        registry.timer("gc.pause").record(Duration.ofMillis(5));
    }

    @Test
    void theTextIsThatOfTheRegistry() throws Exception {
        assertThat(text(FamilyFilter.NONE, 1 << 20)).isEqualTo(registry.scrape());
        assertThat(filtered).isEmpty();
    }

    @Test
    void familiesAreChosenByTheNameThatTheTextShowsOrWithoutTheSuffix() throws Exception {
        assertThat(text(filter(List.of("http_requests_total"), List.of()), 1 << 20))
                .contains("http_requests_total 3.0")
                .doesNotContain("queue_size", "gc_pause");
        assertThat(text(filter(List.of("http_requests"), List.of()), 1 << 20)).contains("http_requests_total 3.0");
        assertThat(text(filter(List.of(), List.of("gc_.*")), 1 << 20))
                .contains("http_requests_total 3.0", "queue_size 7.0")
                .doesNotContain("gc_pause");
        assertThat(text(filter(List.of(".*_.*"), List.of("queue_size")), 1 << 20))
                .contains("http_requests_total")
                .doesNotContain("queue_size");
    }

    @Test
    void expressionsMatchWholeNames() throws Exception {
        assertThat(text(filter(List.of(), List.of("queue", "size", "http")), 1 << 20))
                .isEqualTo(registry.scrape());
        assertThat(text(filter(List.of("queue"), List.of()), 1 << 20)).isEmpty();
    }

    @Test
    void whatIsLeftOutIsCounted() throws Exception {
        String all = registry.scrape();
        String some = text(filter(List.of(), List.of("gc_.*")), 1 << 20);
        assertThat(filtered).containsExactly((long) (all.length() - some.length()));
    }

    @Test
    void aTextThatIsTooLongIsRefusedWithItsLength() {
        int length = registry.scrape().length();
        assertThatThrownBy(() -> text(FamilyFilter.NONE, length - 1))
                .hasCauseInstanceOf(MetricsCollector.Refusal.class)
                .hasMessageContaining("Metrics of " + length + " bytes are longer than the limit of " + (length - 1));
    }

    @Test
    void scrapesThatComeWhileACollectionRunsShareIt() throws Exception {
        AtomicInteger reads = new AtomicInteger();
        Gauge.builder("reads", reads, AtomicInteger::incrementAndGet).register(registry);
        PrometheusMetricsCollector collector = collector(FamilyFilter.NONE, 1 << 20);
        List<CompletionStage<ByteBuffer>> results =
                Arrays.asList(collector.collect(), collector.collect(), collector.collect());
        assertThat(tasks).hasSize(1);
        tasks.remove().run();
        for (CompletionStage<ByteBuffer> result : results) {
            assertThat(text(result)).contains("reads 1.0");
        }
        CompletionStage<ByteBuffer> later = collector.collect();
        tasks.remove().run();
        assertThat(text(later)).contains("reads 2.0");
    }

    @Test
    void aFailureEndsItsCollectionAndNoOther() throws Exception {
        AtomicInteger turn = new AtomicInteger();
        PrometheusMetricsCollector collector = new PrometheusMetricsCollector(
                registry.getPrometheusRegistry(),
                FamilyFilter.NONE,
                1 << 20,
                task -> {
                    if (turn.getAndIncrement() == 0) {
                        throw new RejectedExecutionException("no thread");
                    }
                    task.run();
                },
                filtered::add);
        assertThatThrownBy(() -> text(collector.collect())).hasRootCauseMessage("no thread");
        assertThat(text(collector.collect())).isEqualTo(registry.scrape());
    }

    private String text(FamilyFilter filter, int maxBytes) throws Exception {
        CompletionStage<ByteBuffer> result = collector(filter, maxBytes).collect();
        tasks.remove().run();
        return text(result);
    }

    private static String text(CompletionStage<ByteBuffer> result) throws Exception {
        return UTF_8.decode(result.toCompletableFuture().get(30, TimeUnit.SECONDS))
                .toString();
    }

    private PrometheusMetricsCollector collector(FamilyFilter filter, int maxBytes) {
        return new PrometheusMetricsCollector(
                registry.getPrometheusRegistry(), filter, maxBytes, tasks::add, filtered::add);
    }

    private static FamilyFilter filter(List<String> include, List<String> exclude) {
        return new FamilyFilter(
                include.stream().map(Pattern::compile).toList(),
                exclude.stream().map(Pattern::compile).toList());
    }
}
