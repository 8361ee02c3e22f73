package org.aliasrpc.dht;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** dht-rpc.md §11.1, and appendix B number 24. */
class HealthMonitorTest {
    private final HealthMonitor monitor = new HealthMonitor();
    private long responses;
    private long timeouts;

    @Test
    void isOnlineAtStart() {
        assertThat(monitor.health()).isEqualTo(Health.ONLINE);
    }

    @Test
    void anIdleNodeKeepsItsState() {
        ticks(4, 10, 0);
        ticks(2, 0, 10);
        assertThat(monitor.health()).isEqualTo(Health.OFFLINE);
        ticks(20, 0, 3);
        assertThat(monitor.health()).isEqualTo(Health.OFFLINE);
    }

    /** The reference stays degraded here for ever (dht-rpc.md §11.1, quirk). */
    @Test
    void anOfflineTickDoesNotKeepALaterDegradedStateAlive() {
        ticks(5, 10, 0);
        ticks(1, 0, 10);
        ticks(4, 10, 0);
        ticks(4, 4, 10);
        assertThat(monitor.health()).isEqualTo(Health.DEGRADED);
        ticks(3, 10, 0);
        assertThat(monitor.health()).isEqualTo(Health.DEGRADED);
        ticks(1, 10, 0);
        assertThat(monitor.health()).isEqualTo(Health.ONLINE);
    }

    @Test
    void aResetForgetsEverything() {
        ticks(4, 10, 0);
        ticks(3, 0, 10);
        monitor.reset();
        assertThat(monitor.health()).isEqualTo(Health.ONLINE);
        ticks(3, 0, 10);
        assertThat(monitor.health()).isEqualTo(Health.ONLINE); // the window is not full
    }

    private void ticks(int count, int answered, int unanswered) {
        for (int i = 0; i < count; i++) {
            responses += answered;
            timeouts += unanswered;
            monitor.onTick(responses, timeouts);
        }
    }
}
