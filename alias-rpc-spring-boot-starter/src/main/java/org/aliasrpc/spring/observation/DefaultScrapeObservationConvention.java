package org.aliasrpc.spring.observation;

import io.micrometer.common.KeyValues;
import org.aliasrpc.spring.observation.ScrapeObservation.HighKeys;
import org.aliasrpc.spring.observation.ScrapeObservation.LowKeys;
import org.aliasrpc.spring.registry.AliasEntry;

/** {@code alias.rpc.scrape} with the outcome; in traces alias and service too. */
public final class DefaultScrapeObservationConvention implements ScrapeObservationConvention {
    @Override
    public String getName() {
        return "alias.rpc.scrape";
    }

    @Override
    public String getContextualName(ScrapeContext context) {
        return "scrape alias";
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(ScrapeContext context) {
        var outcome = context.outcome();
        return KeyValues.of(LowKeys.OUTCOME.withValue(outcome == null ? "unknown" : outcome.tag()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(ScrapeContext context) {
        AliasEntry entry = context.entry();
        return KeyValues.of(
                HighKeys.ALIAS.withValue(context.alias()),
                HighKeys.SERVICE.withValue(entry == null ? "" : entry.service()));
    }
}
