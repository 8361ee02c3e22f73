package org.aliasrpc.spring.autoconfigure;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.aliasrpc.MetricsScraper;

/** How many targets are connected. */
final class ScrapeGauges implements MeterBinder {
    private final MetricsScraper scraper;

    ScrapeGauges(MetricsScraper scraper) {
        this.scraper = scraper;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("alias.rpc.scrape.connections.active", scraper, MetricsScraper::connectionCount)
                .description("Open connections to targets")
                .baseUnit(BaseUnits.CONNECTIONS)
                .register(registry);
    }
}
