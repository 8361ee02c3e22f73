package org.aliasrpc.hyperdht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TimerQueueTest {
    private final TimerQueue timers = new TimerQueue();

    private static class Alarm implements Timed {
        long at = Long.MAX_VALUE;
        int rang;

        @Override
        public long nextTimeout() {
            return at;
        }

        @Override
        public void onTimeout(long nowNanos) {
            rang++;
            at = Long.MAX_VALUE;
        }
    }

    private Alarm alarm(long at) {
        Alarm alarm = new Alarm();
        alarm.at = at;
        timers.update(alarm);
        return alarm;
    }

    @Test
    void everyPartIsCalledOnceAtItsTime() {
        Alarm late = alarm(20);
        Alarm early = alarm(10);
        assertThat(timers.nextTimeout()).isEqualTo(10);
        timers.onTimeout(10);
        assertThat(early.rang).isEqualTo(1);
        assertThat(late.rang).isZero();
        timers.onTimeout(25);
        assertThat(late.rang).isEqualTo(1);
        assertThat(timers.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void movingATimeLaterCostsNothingAndHolds() {
        Alarm alarm = alarm(10);
        for (int i = 0; i < 1000; i++) {
            alarm.at = 10L + i;
            timers.update(alarm);
        }
        assertThat(timers.size()).isEqualTo(1);
        timers.onTimeout(10);
        assertThat(alarm.rang).isZero();
        assertThat(timers.nextTimeout()).isEqualTo(1009);
        timers.onTimeout(1009);
        assertThat(alarm.rang).isEqualTo(1);
    }

    @Test
    void movingATimeEarlierHoldsAndRingsOnce() {
        Alarm alarm = alarm(100);
        alarm.at = 5;
        timers.update(alarm);
        timers.onTimeout(5);
        timers.onTimeout(200);
        assertThat(alarm.rang).isEqualTo(1);
        assertThat(timers.size()).isZero();
    }

    @Test
    void aCancelledTimeDoesNotRing() {
        Alarm alarm = alarm(10);
        alarm.at = Long.MAX_VALUE;
        timers.update(alarm);
        timers.onTimeout(50);
        assertThat(alarm.rang).isZero();
        assertThat(timers.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aPartThatThrowsIsCalledAgainAndKeepsNobodyElseFromBeingCalled() {
        Alarm broken = new Alarm() {
            @Override
            public void onTimeout(long nowNanos) {
                if (rang++ == 0) {
                    throw new IllegalStateException("thrown by a test");
                }
                at = Long.MAX_VALUE;
            }
        };
        broken.at = 10;
        timers.update(broken);
        Alarm behind = alarm(20);

        assertThatThrownBy(() -> timers.onTimeout(30)).isInstanceOf(IllegalStateException.class);

        assertThat(behind.rang).isEqualTo(1);
        long again = timers.nextTimeout();
        assertThat(again).isEqualTo(30 + TimerQueue.PAUSE_AFTER_FAILURE_NANOS);
        timers.onTimeout(again);
        assertThat(broken.rang).isEqualTo(2);
        assertThat(timers.size()).isZero();
    }
}
