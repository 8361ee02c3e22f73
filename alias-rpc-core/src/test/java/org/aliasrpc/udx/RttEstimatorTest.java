package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RttEstimatorTest {
    private static final long MS = 1_000_000;

    private final RttEstimator rtt = new RttEstimator();

    @Test
    void waitsASecondBeforeTheFirstSample() {
        assertThat(rtt.hasSample()).isFalse();
        assertThat(rtt.rto()).isEqualTo(1000 * MS);
        assertThat(rtt.minimum()).isZero();
    }

    @Test
    void followsTheFormulasOfThePage() {
        rtt.onSample(100 * MS, 0);
        assertThat(rtt.smoothed()).isEqualTo(100 * MS);
        assertThat(rtt.variation()).isEqualTo(50 * MS);
        rtt.onSample(180 * MS, 0);
        assertThat(rtt.variation()).isEqualTo((3 * 50 + 80) * MS / 4);
        assertThat(rtt.smoothed()).isEqualTo((7 * 100 + 180) * MS / 8);
        assertThat(rtt.minimum()).isEqualTo(100 * MS);
    }

    @Test
    void keepsTheTimeoutBetweenOneAndThirtySeconds() {
        rtt.onSample(MS, 0);
        assertThat(rtt.rto()).isEqualTo(1000 * MS);
        RttEstimator slow = new RttEstimator();
        slow.onSample(29_000 * MS, 0);
        assertThat(slow.rto()).isEqualTo(30_000 * MS);
    }

    @Test
    void doesNotBelieveASuspendedMachine() {
        for (int i = 0; i < 100; i++) {
            rtt.onSample(40 * MS, i * MS);
        }
        rtt.onSample(60_000 * MS, 1000 * MS);
        assertThat(rtt.smoothed()).isLessThan(50 * MS);
        assertThat(rtt.rto()).isEqualTo(1000 * MS);
    }

    @Test
    void limitsTheFirstSampleToHalfAMinute() {
        rtt.onSample(100_000 * MS, 0);
        assertThat(rtt.smoothed()).isEqualTo(30_000 * MS);
    }

    @Test
    void forgetsTheMinimumAfterFiveMinutes() {
        rtt.onSample(10 * MS, 0);
        for (int second = 1; second <= 700; second++) {
            rtt.onSample(50 * MS, second * 1000L * MS);
        }
        assertThat(rtt.minimum()).isEqualTo(50 * MS);
    }

    @Test
    void takesATripOfNoTimeForAShortOne() {
        rtt.onSample(0, 0);
        assertThat(rtt.hasSample()).isTrue();
        assertThat(rtt.smoothed()).isPositive();
    }
}
