package org.aliasrpc.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.spring.registration.RegistrationStatus;
import org.aliasrpc.spring.registration.RegistrationStatus.State;
import org.aliasrpc.spring.testing.Keys;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class AliasRpcHealthIndicatorTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void isUnknownBeforeTheFirstAttemptHasEnded() {
        Health health = health(State.PENDING, null, null);
        assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
        assertThat(health.getDetails())
                .containsEntry("alias", "app")
                .containsEntry("serverPublicKey", Keys.key(1).toString())
                .doesNotContainKeys("lastSuccess", "lastError", "nextAttempt");
    }

    @Test
    void isDownWhenItNeverSucceeded() {
        Health health = health(State.FAILING, null, "peer_not_found");
        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails()).containsEntry("lastError", "peer_not_found");
    }

    @Test
    void isUpForAsLongAsTheLastSuccessIsFresh() {
        Health health = health(State.REGISTERED, NOW.minus(Duration.ofHours(3)), null);
        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails()).containsEntry("ageSeconds", 10_800L);
    }

    @Test
    void aFailedRenewalIsNotYetAnIllness() {
        Health health = health(State.FAILING, NOW.minusSeconds(60), "timed_out_connect");
        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails()).containsEntry("lastError", "timed_out_connect");
    }

    @Test
    void isDownWhenTheLastSuccessIsStale() {
        assertThat(health(State.REGISTERED, NOW.minus(Duration.ofHours(3)).minusSeconds(1), null)
                        .getStatus())
                .isEqualTo(Status.DOWN);
    }

    private static Health health(State state, @Nullable Instant lastSuccess, @Nullable String lastError) {
        var status = new RegistrationStatus(
                "default",
                Keys.key(1),
                new AliasRegistration("app", Keys.key(2), "host", "service"),
                state,
                1,
                0,
                0,
                null,
                lastSuccess,
                lastError,
                null);
        Health health = new AliasRpcHealthIndicator(
                        () -> status,
                        Duration.ofHours(3),
                        Clock.fixed(NOW, ZoneOffset.UTC),
                        () -> Map.of("metrics", "served"))
                .health();
        assertThat(health).isNotNull();
        return health;
    }
}
