package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PacerTest {
    private static final double RATE = 10e6; // bytes a second

    private final Pacer pacer = new Pacer();

    /** Sends packets of 1000 bytes from a time on, waiting as told, and answers how many left until another time. */
    private int send(long from, long until) {
        int sent = 0;
        long now = from;
        while (now < until) {
            if (pacer.maySend(RATE, now)) {
                pacer.onSent(1000);
                sent++;
            } else {
                long next = pacer.nextNanos(RATE);
                assertThat(next).isGreaterThan(now);
                now = next;
            }
        }
        return sent;
    }

    @Test
    void aFirstBurstIsAllowed() {
        assertThat(send(0, 1)).isEqualTo(Pacer.SMALL_BURST / 1000);
    }

    @Test
    void holdsTheRateOverTime() {
        assertThat(send(0, 1_000_000_000)).isBetween(9_900, 10_100);
    }

    @Test
    void aPauseDoesNotSaveUpALargeBurst() {
        send(0, 100_000_000);
        assertThat(send(10_000_000_000L, 10_000_000_001L)).isLessThanOrEqualTo(Pacer.SMALL_BURST / 1000);
    }
}
