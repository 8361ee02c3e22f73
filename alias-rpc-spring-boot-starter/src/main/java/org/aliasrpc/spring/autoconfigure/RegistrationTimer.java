package org.aliasrpc.spring.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.aliasrpc.spring.registration.ErrorKind;
import org.aliasrpc.spring.registration.RegistrationObserver;
import org.aliasrpc.spring.registration.RegistrationTarget;

/** Times attempts to register: {@code alias.rpc.client.registration}, by server and outcome. */
final class RegistrationTimer implements RegistrationObserver {
    private final MeterRegistry registry;

    RegistrationTimer(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Attempt onAttempt(RegistrationTarget target) {
        Timer.Sample sample = Timer.start(registry);
        return (updated, failure) -> sample.stop(Timer.builder("alias.rpc.client.registration")
                .description("Attempts to register with an alias server")
                .tag("server", target.server())
                .tag("outcome", failure != null ? ErrorKind.of(failure) : updated ? "updated" : "success")
                .register(registry));
    }
}
