package org.aliasrpc.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Names and keys of the observation of a scrape; a bean of this type replaces the default ones. */
public interface ScrapeObservationConvention extends ObservationConvention<ScrapeContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof ScrapeContext;
    }
}
