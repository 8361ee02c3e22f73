package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowedMinimumTest {
    @Test
    void isEmptyAtFirst() {
        assertThat(new WindowedMinimum(10).value()).isEqualTo(Long.MAX_VALUE);
        assertThat(new WindowedMinimum(10).isEmpty()).isTrue();
    }

    @Test
    void takesALowerValueAtOnceAndForgetsItAfterTheWindow() {
        WindowedMinimum minimum = new WindowedMinimum(10);
        minimum.add(5, 0);
        minimum.add(3, 1);
        assertThat(minimum.value()).isEqualTo(3);
        for (int time = 2; time <= 12; time++) {
            minimum.add(7, time);
        }
        assertThat(minimum.value()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void neverAnswersAValueOlderThanTheWindowNorBelowTheTrueMinimum(long seed) {
        Random random = new Random(seed);
        WindowedMinimum minimum = new WindowedMinimum(20);
        long[] values = new long[500];
        for (int time = 0; time < values.length; time++) {
            values[time] = random.nextInt(1000);
            minimum.add(values[time], time);
            long least = Long.MAX_VALUE;
            boolean held = false;
            for (int i = Math.max(0, time - 20); i <= time; i++) {
                least = Math.min(least, values[i]);
                held |= values[i] == minimum.value();
            }
            assertThat(minimum.value()).as("seed " + seed).isGreaterThanOrEqualTo(least);
            assertThat(held).as("seed " + seed).isTrue();
        }
    }
}
