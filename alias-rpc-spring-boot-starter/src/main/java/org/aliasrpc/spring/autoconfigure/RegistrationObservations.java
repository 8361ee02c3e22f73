package org.aliasrpc.spring.autoconfigure;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.aliasrpc.spring.observation.DefaultRegistrationObservationConvention;
import org.aliasrpc.spring.observation.RegistrationContext;
import org.aliasrpc.spring.observation.RegistrationObservation;
import org.aliasrpc.spring.observation.RegistrationObservationConvention;
import org.aliasrpc.spring.registration.ErrorKind;
import org.aliasrpc.spring.registration.RegistrationObserver;
import org.aliasrpc.spring.registration.RegistrationTarget;
import org.jspecify.annotations.Nullable;

/** Makes an observation of each attempt to register. */
final class RegistrationObservations implements RegistrationObserver {
    private static final DefaultRegistrationObservationConvention DEFAULT =
            new DefaultRegistrationObservationConvention();

    private final ObservationRegistry registry;
    private final @Nullable RegistrationObservationConvention convention;

    RegistrationObservations(ObservationRegistry registry, @Nullable RegistrationObservationConvention convention) {
        this.registry = registry;
        this.convention = convention;
    }

    @Override
    public Attempt onAttempt(RegistrationTarget target) {
        var context = new RegistrationContext(target.server(), target.registration());
        Observation observation = RegistrationObservation.REGISTER
                .observation(convention, DEFAULT, () -> context, registry)
                .start();
        return (updated, failure) -> {
            context.outcome(failure != null ? ErrorKind.of(failure) : updated ? "updated" : "success");
            if (failure != null) {
                observation.error(failure);
            }
            observation.stop();
        };
    }
}
