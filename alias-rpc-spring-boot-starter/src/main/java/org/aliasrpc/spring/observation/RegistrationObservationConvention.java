package org.aliasrpc.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Names and keys of the observation of an attempt; a bean of this type replaces the default ones. */
public interface RegistrationObservationConvention extends ObservationConvention<RegistrationContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof RegistrationContext;
    }
}
