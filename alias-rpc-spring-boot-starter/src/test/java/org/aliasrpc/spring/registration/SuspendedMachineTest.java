package org.aliasrpc.spring.registration;

import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.spring.testing.FakeClient;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Timers rest while a machine is suspended. When it wakes up, the service has forgotten it long ago. */
class SuspendedMachineTest {
    private final FakeClient client = new FakeClient(Keys.key(1)).answers(true);
    private final RegistrationTarget target =
            new RegistrationTarget("default", client, new AliasRegistration("app", Keys.key(9), "host", "service"));
    private final WallClock clock = new WallClock();
    private final Impatient executor = new Impatient();

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void aRenewalThatWasSleptThroughComesSoonAfter() {
        var timing = new RegistrationTiming(
                Duration.ofHours(1),
                0,
                new RegistrationTiming.Retry(Duration.ofSeconds(1), 2, Duration.ofMinutes(5), Duration.ZERO, -1));
        var registration =
                new ServerRegistration(target, () -> new RegistrationLoop(timing, new Random(1)), clock, List.of());
        executor.execute(() -> registration.start(executor));
        await().until(() -> registration.status().nextAttempt() != null);
        Instant next = Objects.requireNonNull(registration.status().nextAttempt());
        assertThat(next)
                .isBetween(clock.instant().plusSeconds(3590), clock.instant().plusSeconds(3600));

        int before = executor.timers.get();
        await().until(() -> executor.timers.get() >= before + 5);
        assertThat(client.asked).as("nothing is due").hasSize(1);
        assertThat(registration.status().nextAttempt()).isEqualTo(next);

        clock.now = next; // the timers are an hour behind
        await().until(() -> client.asked.size() == 2);
        await().until(() -> registration.status().nextAttempt() != null);
        assertThat(registration.status().nextAttempt()).isAfter(next.plusSeconds(3590));
    }

    private static final class WallClock extends Clock {
        volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** Lets half a minute pass in a millisecond, and refuses longer timers. */
    private static final class Impatient extends ScheduledThreadPoolExecutor {
        final AtomicInteger timers = new AtomicInteger();

        Impatient() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            if (unit.toNanos(delay) > ServerRegistration.LOOK_AT_CLOCK.toNanos()) {
                throw new IllegalArgumentException("a timer of " + delay + " " + unit);
            }
            timers.incrementAndGet();
            return super.schedule(task, 1, TimeUnit.MILLISECONDS);
        }
    }
}
