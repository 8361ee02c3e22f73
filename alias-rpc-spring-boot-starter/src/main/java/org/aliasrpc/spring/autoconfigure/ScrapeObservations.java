package org.aliasrpc.spring.autoconfigure;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.aliasrpc.spring.observation.DefaultScrapeObservationConvention;
import org.aliasrpc.spring.observation.ScrapeContext;
import org.aliasrpc.spring.observation.ScrapeObservation;
import org.aliasrpc.spring.observation.ScrapeObservationConvention;
import org.aliasrpc.spring.registry.AliasEntry;
import org.aliasrpc.spring.scrape.ScrapeObserver;
import org.jspecify.annotations.Nullable;

/** Makes an observation of each scrape. */
final class ScrapeObservations implements ScrapeObserver {
    private static final DefaultScrapeObservationConvention DEFAULT = new DefaultScrapeObservationConvention();

    private final ObservationRegistry registry;
    private final @Nullable ScrapeObservationConvention convention;

    ScrapeObservations(ObservationRegistry registry, @Nullable ScrapeObservationConvention convention) {
        this.registry = registry;
        this.convention = convention;
    }

    @Override
    public Scrape onScrape(String alias, @Nullable AliasEntry entry) {
        var context = new ScrapeContext(alias, entry);
        Observation observation = ScrapeObservation.SCRAPE
                .observation(convention, DEFAULT, () -> context, registry)
                .start();
        return result -> {
            context.outcome(result.outcome());
            observation.stop();
        };
    }
}
