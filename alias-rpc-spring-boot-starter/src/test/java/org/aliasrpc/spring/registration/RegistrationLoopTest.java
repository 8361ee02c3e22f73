package org.aliasrpc.spring.registration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrationLoopTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final RegistrationTiming.Retry EXACT_RETRY =
            new RegistrationTiming.Retry(Duration.ofSeconds(1), 2, Duration.ofMinutes(5), Duration.ZERO, -1);
    private static final RegistrationTiming EXACT = new RegistrationTiming(Duration.ofHours(1), 0, EXACT_RETRY);

    private long now;

    @Test
    void nothingHappensBeforeTheStart() {
        var loop = loop(EXACT, 1);
        loop.registerNow();
        loop.onConnectionLost(now);
        assertThat(loop.pollAttempt()).isFalse();
        assertThat(loop.nextTimeout()).isEqualTo(RegistrationLoop.NEVER);
    }

    @Test
    void theFirstAttemptIsDueAtOnceAndOnlyOneRunsAtATime() {
        var loop = started(EXACT, 1);
        assertThat(loop.pollAttempt()).isTrue();
        loop.registerNow();
        assertThat(loop.pollAttempt()).isFalse();
        loop.onSuccess(now);
        assertThat(loop.pollAttempt()).as("what was asked for meanwhile").isTrue();
    }

    @Test
    void failuresAreRetriedWithDoubledDelaysUpToTheLongest() {
        var loop = started(EXACT, 1);
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            assertThat(loop.pollAttempt()).isTrue();
            loop.onFailure(now);
            delays.add((loop.nextTimeout() - now) / SECOND);
            elapse(loop);
        }
        assertThat(delays).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 300L, 300L, 300L);
    }

    @Test
    void aSuccessIsRenewedAtTheIntervalAndResetsTheDelays() {
        var loop = started(EXACT, 1);
        for (int i = 0; i < 5; i++) {
            assertThat(loop.pollAttempt()).isTrue();
            loop.onFailure(now);
            elapse(loop);
        }
        assertThat(loop.pollAttempt()).isTrue();
        loop.onSuccess(now);
        assertThat(loop.succeeded()).isTrue();
        assertThat(loop.nextTimeout() - now).isEqualTo(3600 * SECOND);
        elapse(loop);
        assertThat(loop.pollAttempt()).isTrue();
        loop.onFailure(now);
        assertThat(loop.nextTimeout() - now).isEqualTo(SECOND);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void jitterSpreadsRenewalsAndRetriesWithinTheirBounds(long seed) {
        var retry = new RegistrationTiming.Retry(
                Duration.ofSeconds(1), 2, Duration.ofMinutes(5), Duration.ofMillis(250), -1);
        var loop = started(new RegistrationTiming(Duration.ofHours(1), 0.1, retry), seed);
        List<Long> renewals = new ArrayList<>();
        List<Long> thirdRetries = new ArrayList<>();
        for (int round = 0; round < 50; round++) {
            for (int failure = 0; failure < 12; failure++) {
                assertThat(loop.pollAttempt()).isTrue();
                loop.onFailure(now);
                assertThat(loop.nextTimeout() - now).isBetween(SECOND, 300 * SECOND);
                if (failure == 2) {
                    thirdRetries.add(loop.nextTimeout() - now);
                }
                elapse(loop);
            }
            assertThat(loop.pollAttempt()).isTrue();
            loop.onSuccess(now);
            renewals.add(loop.nextTimeout() - now);
            elapse(loop);
        }
        assertThat(renewals).allSatisfy(delay -> assertThat(delay).isBetween(3240 * SECOND, 3960 * SECOND));
        assertThat(renewals).doesNotHaveDuplicates();
        assertThat(thirdRetries).allSatisfy(delay -> assertThat(delay).isBetween(3 * SECOND, 5 * SECOND));
        assertThat(thirdRetries).doesNotHaveDuplicates();
    }

    @Test
    void afterTheLastRetryTheNextIntervalIsWaitedFor() {
        var retry = new RegistrationTiming.Retry(Duration.ofSeconds(1), 2, Duration.ofMinutes(5), Duration.ZERO, 2);
        var loop = started(new RegistrationTiming(Duration.ofHours(1), 0, retry), 1);
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            assertThat(loop.pollAttempt()).isTrue();
            loop.onFailure(now);
            delays.add((loop.nextTimeout() - now) / SECOND);
            elapse(loop);
        }
        assertThat(delays).containsExactly(1L, 2L, 3600L, 1L, 2L, 3600L);
    }

    @Test
    void aLostConnectionIsAnsweredAtOnce() {
        var loop = registered();
        now += 600 * SECOND;
        loop.onConnectionLost(now);
        assertThat(loop.pollAttempt()).isTrue();
        loop.onFailure(now);
        assertThat(loop.nextTimeout() - now).as("then backoff").isEqualTo(SECOND);
    }

    @Test
    void aLossThatIsToldBeforeTheSuccessCounts() {
        var loop = registered();
        now += 600 * SECOND;
        loop.registerNow();
        assertThat(loop.pollAttempt()).isTrue();
        loop.onConnectionLost(now);
        assertThat(loop.pollAttempt()).as("one at a time").isFalse();
        loop.onSuccess(now);
        assertThat(loop.pollAttempt()).isTrue();
        loop.onSuccess(now);
        assertThat(loop.nextTimeout() - now).as("once").isEqualTo(3600 * SECOND);
    }

    @Test
    void aServerThatDropsEveryConnectionIsAskedLessAndLessOften() {
        var loop = registered();
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            loop.onConnectionLost(now);
            long before = now;
            if (!loop.pollAttempt()) {
                elapse(loop);
                assertThat(loop.pollAttempt()).isTrue();
            }
            delays.add((now - before) / SECOND);
            loop.onSuccess(now);
        }
        assertThat(delays).containsExactly(0L, 1L, 2L, 4L, 8L);

        now += 301 * SECOND; // a connection that holds is a new beginning
        loop.onConnectionLost(now);
        assertThat(loop.pollAttempt()).isTrue();
    }

    @Test
    void aLossDoesNotShortenTheDelayAfterAFailure() {
        var loop = registered();
        loop.registerNow();
        assertThat(loop.pollAttempt()).isTrue();
        loop.onFailure(now);
        loop.onConnectionLost(now);
        assertThat(loop.pollAttempt()).isFalse();
        assertThat(loop.nextTimeout() - now).isEqualTo(SECOND);
    }

    @Test
    void aStoppedLoopStaysQuietWhateverComes() {
        var loop = started(EXACT, 1);
        assertThat(loop.pollAttempt()).isTrue();
        loop.stop();
        loop.onFailure(now);
        loop.onConnectionLost(now);
        loop.registerNow();
        loop.onTimeout(now + 7200 * SECOND);
        assertThat(loop.pollAttempt()).isFalse();
        assertThat(loop.nextTimeout()).isEqualTo(RegistrationLoop.NEVER);

        loop.start();
        assertThat(loop.pollAttempt()).as("a restart begins anew").isTrue();
    }

    @Test
    void delaysThatPassTheEndOfTimeNeverEnd() {
        var timing = new RegistrationTiming(Duration.ofDays(1000), 0.5, EXACT_RETRY);
        var loop = started(timing, 1);
        assertThat(loop.pollAttempt()).isTrue();
        now = Long.MAX_VALUE - 1;
        loop.onSuccess(now);
        assertThat(loop.nextTimeout()).isEqualTo(RegistrationLoop.NEVER);
    }

    private RegistrationLoop registered() {
        var loop = started(EXACT, 1);
        assertThat(loop.pollAttempt()).isTrue();
        loop.onSuccess(now);
        return loop;
    }

    private static RegistrationLoop started(RegistrationTiming timing, long seed) {
        var loop = loop(timing, seed);
        loop.start();
        return loop;
    }

    private static RegistrationLoop loop(RegistrationTiming timing, long seed) {
        return new RegistrationLoop(timing, new Random(seed));
    }

    private void elapse(RegistrationLoop loop) {
        now = loop.nextTimeout();
        loop.onTimeout(now);
    }
}
