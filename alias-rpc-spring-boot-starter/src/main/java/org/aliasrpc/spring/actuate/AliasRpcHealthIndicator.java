package org.aliasrpc.spring.actuate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import org.aliasrpc.spring.registration.RegistrationStatus;
import org.aliasrpc.spring.registration.RegistrationStatus.State;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Registration with one server, judged by the age of the last success: a single failed renewal is not yet an illness.
 * UNKNOWN until the first attempt has ended.
 */
public final class AliasRpcHealthIndicator extends AbstractHealthIndicator {
    private final Supplier<RegistrationStatus> status;
    private final Duration staleAfter;
    private final Clock clock;
    private final Supplier<Map<String, Object>> further;

    /**
     * @param status how it goes now
     * @param staleAfter age of the last success from which on it is DOWN
     * @param clock tells the age
     * @param further details, such as whether metrics are served
     */
    public AliasRpcHealthIndicator(
            Supplier<RegistrationStatus> status,
            Duration staleAfter,
            Clock clock,
            Supplier<Map<String, Object>> further) {
        super("alias registration could not be checked");
        this.status = status;
        this.staleAfter = staleAfter;
        this.clock = clock;
        this.further = further;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        RegistrationStatus now = status.get();
        Instant success = now.lastSuccess();
        if (success != null) {
            Duration age = Duration.between(success, clock.instant());
            builder.status(age.compareTo(staleAfter) > 0 ? "DOWN" : "UP");
            builder.withDetail("lastSuccess", success.toString());
            builder.withDetail("ageSeconds", age.toSeconds());
        } else if (now.state() == State.PENDING) {
            builder.unknown();
        } else {
            builder.down();
        }
        builder.withDetail("alias", now.registration().alias());
        builder.withDetail("serverPublicKey", now.serverPublicKey().toString());
        builder.withDetail("staleAfterSeconds", staleAfter.toSeconds());
        builder.withDetails(further.get());
        if (now.lastError() != null) {
            builder.withDetail("lastError", now.lastError());
        }
        if (now.nextAttempt() != null) {
            builder.withDetail("nextAttempt", now.nextAttempt().toString());
        }
    }
}
