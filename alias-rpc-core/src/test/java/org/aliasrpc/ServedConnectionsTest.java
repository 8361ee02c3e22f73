package org.aliasrpc;

import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who has to go when, in virtual time. */
class ServedConnectionsTest {
    private final Map<String, Long> lastActivity = new HashMap<>();
    private final ServedConnections<String> connections = connections(MINUTES.toNanos(1), MINUTES.toNanos(30));

    private ServedConnections<String> connections(long firstRequestNanos, long idleNanos) {
        return new ServedConnections<>(firstRequestNanos, idleNanos, name -> lastActivity.getOrDefault(name, 0L));
    }

    @Test
    void strangersGoInTheOrderInWhichTheyCame() {
        connections.add("a", 0);
        connections.add("b", SECONDS.toNanos(5));
        connections.add("known", SECONDS.toNanos(6));
        connections.onAuthorised("known");
        assertThat(connections.nextTimeout()).isEqualTo(MINUTES.toNanos(1));
        assertThat(connections.pollTooLate(MINUTES.toNanos(1) - 1)).isNull();
        assertThat(connections.pollTooLate(MINUTES.toNanos(1))).isEqualTo("a");
        assertThat(connections.pollTooLate(MINUTES.toNanos(1))).isNull();
        assertThat(connections.pollTooLate(SECONDS.toNanos(65))).isEqualTo("b");
        assertThat(connections.nextTimeout()).isEqualTo(MINUTES.toNanos(30));
        assertThat(connections.size()).isEqualTo(3); // until they have closed
    }

    @Test
    void theOldestStrangerMakesRoomAndNobodyElse() {
        connections.add("known", 0);
        connections.onAuthorised("known");
        assertThat(connections.hasStranger()).isFalse();
        assertThat(connections.pollStranger()).isNull();
        connections.add("older", 100);
        connections.add("newer", 100);
        assertThat(connections.hasStranger()).isTrue();
        assertThat(connections.pollStranger()).isEqualTo("older");
        assertThat(connections.pollStranger()).isEqualTo("newer");
        assertThat(connections.pollStranger()).isNull();
    }

    @Test
    void idleOnesGoAndTheOthersAreLookedAtWhenTheyAreDue() {
        connections.add("idle", 0);
        connections.add("busy", 0);
        connections.add("gone", 0);
        connections.remove("gone");
        connections.onAuthorised("idle");
        connections.onAuthorised("busy");
        lastActivity.put("busy", MINUTES.toNanos(20));
        assertThat(connections.idle(MINUTES.toNanos(30) - 1)).isEmpty();
        assertThat(connections.idle(MINUTES.toNanos(30))).containsExactly("idle");
        connections.remove("idle");
        assertThat(connections.nextTimeout()).isEqualTo(MINUTES.toNanos(50));
        assertThat(connections.idle(MINUTES.toNanos(50))).containsExactly("busy");
        assertThat(connections.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void withoutLimitsNothingIsDue() {
        ServedConnections<String> unlimited = connections(0, 0);
        unlimited.add("a", 0);
        assertThat(unlimited.nextTimeout()).isEqualTo(Long.MAX_VALUE);
        connections.add("b", 0);
        connections.stop();
        assertThat(connections.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }
}
