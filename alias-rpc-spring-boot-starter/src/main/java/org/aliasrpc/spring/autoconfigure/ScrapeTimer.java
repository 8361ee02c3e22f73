package org.aliasrpc.spring.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.aliasrpc.spring.registry.AliasEntry;
import org.aliasrpc.spring.scrape.ScrapeObserver;
import org.aliasrpc.spring.scrape.ScrapeOutcome;
import org.jspecify.annotations.Nullable;

/** Times scrapes: {@code alias.rpc.scrape}, by outcome. */
final class ScrapeTimer implements ScrapeObserver {
    private final MeterRegistry registry;
    private final Map<ScrapeOutcome, Timer> timers = new ConcurrentHashMap<>();

    ScrapeTimer(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Scrape onScrape(String alias, @Nullable AliasEntry entry) {
        return result -> timers.computeIfAbsent(result.outcome(), this::timer).record(result.duration());
    }

    private Timer timer(ScrapeOutcome outcome) {
        return Timer.builder("alias.rpc.scrape")
                .description("Scrapes of registered targets")
                .tag("outcome", outcome.tag())
                .register(registry);
    }
}
