package org.aliasrpc.spring.autoconfigure;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeoutException;
import org.aliasrpc.spring.event.AliasRpcEvent;
import org.aliasrpc.spring.event.AliasRpcEventWatcher;
import org.aliasrpc.spring.event.AliasRpcMetricsEvent;

/** Meters of the metrics server: {@code alias.rpc.metrics.*}. */
final class MetricsMeters implements AliasRpcEventWatcher {
    private final Timer success;
    private final Timer error;
    private final Timer timeout;
    private final DistributionSummary size;
    private final DistributionSummary filtered;
    private final Counter blocked;

    MetricsMeters(MeterRegistry registry) {
        success = request(registry, "success");
        error = request(registry, "error");
        timeout = request(registry, "timeout");
        size = DistributionSummary.builder("alias.rpc.metrics.response.size")
                .description("Text of one scrape")
                .baseUnit("bytes")
                .register(registry);
        filtered = DistributionSummary.builder("alias.rpc.metrics.filtered.bytes")
                .description("Text that the filters kept out of one collection")
                .baseUnit("bytes")
                .register(registry);
        blocked = Counter.builder("alias.rpc.metrics.firewall.blocked")
                .description("Handshakes of keys that may not scrape")
                .register(registry);
    }

    private static Timer request(MeterRegistry registry, String outcome) {
        return Timer.builder("alias.rpc.metrics.request")
                .description("Scrapes of this application by its alias servers")
                .tag("outcome", outcome)
                .register(registry);
    }

    void onFiltered(long bytes) {
        filtered.record((double) bytes);
    }

    @Override
    public void onEvent(AliasRpcEvent event) {
        if (event instanceof AliasRpcMetricsEvent.MetricsSuccess done) {
            success.record(done.duration());
            size.record(done.bytes());
        } else if (event instanceof AliasRpcMetricsEvent.MetricsError failed) {
            (failed.error() instanceof TimeoutException ? timeout : error).record(failed.duration());
        } else if (event instanceof AliasRpcMetricsEvent.FirewallBlock) {
            blocked.increment();
        }
    }
}
