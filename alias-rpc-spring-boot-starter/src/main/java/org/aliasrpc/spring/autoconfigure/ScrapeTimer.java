package org.aliasrpc.spring.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.aliasrpc.spring.registry.AliasEntry;
import org.aliasrpc.spring.scrape.ScrapeObserver;
import org.jspecify.annotations.Nullable;

/** Times scrapes: {@code alias.rpc.scrape}, by outcome. */
final class ScrapeTimer implements ScrapeObserver {
    private final MeterRegistry registry;

    ScrapeTimer(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Scrape onScrape(String alias, @Nullable AliasEntry entry) {
        return result -> Timer.builder("alias.rpc.scrape")
                .description("Scrapes of registered targets")
                .tag("outcome", result.outcome().tag())
                .register(registry)
                .record(result.duration());
    }
}
