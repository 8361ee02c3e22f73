package org.aliasrpc.dht;

import java.util.Arrays;

/**
 * Judges the network from how many requests were answered and how many timed out in each of the last four ticks
 * (dht-rpc.md §11.1).
 *
 * <p>Unlike the reference, a tick without any answer is neither a healthy nor a degraded one when it leaves the window:
 * there it is taken for a healthy one that was never counted, and a later degraded state does not clear any more.
 */
final class HealthMonitor {
    private static final int WINDOW = 4;
    private static final int MIN_REQUESTS = 4; // fewer tell nothing: the node is idle
    private static final int OFFLINE_TICKS = 2;

    private enum Mark {
        NONE,
        HEALTHY,
        DEGRADED
    }

    private final Mark[] marks = new Mark[WINDOW];
    private long lastResponses;
    private long lastTimeouts;
    private int ticks;
    private int offlineTicks;
    private boolean online = true;
    private boolean degraded;

    HealthMonitor() {
        Arrays.fill(marks, Mark.NONE);
    }

    Health health() {
        return !online ? Health.OFFLINE : degraded ? Health.DEGRADED : Health.ONLINE;
    }

    /** The node slept: what was before says nothing about now. */
    void reset() {
        Arrays.fill(marks, Mark.NONE);
        ticks = 0;
        offlineTicks = 0;
        online = true;
        degraded = false;
    }

    /**
     * A tick has passed.
     *
     * @param responses requests answered since the node's start
     * @param timeouts requests given up since the node's start
     */
    void onTick(long responses, long timeouts) {
        long answered = responses - lastResponses;
        long unanswered = timeouts - lastTimeouts;
        lastResponses = responses;
        lastTimeouts = timeouts;
        int place = ticks++ % WINDOW;
        marks[place] = Mark.NONE;
        if (ticks < WINDOW || answered + unanswered < MIN_REQUESTS) {
            return;
        }
        if (answered == 0) {
            if (++offlineTicks >= OFFLINE_TICKS) {
                online = false;
                degraded = false;
            }
        } else {
            offlineTicks = 0;
            online = true;
            marks[place] = 2 * unanswered > answered + unanswered ? Mark.DEGRADED : Mark.HEALTHY;
        }
        if (count(Mark.HEALTHY) == WINDOW) {
            degraded = false;
        } else if (online && count(Mark.DEGRADED) == WINDOW) {
            degraded = true;
        }
    }

    private long count(Mark mark) {
        return Arrays.stream(marks).filter(mark::equals).count();
    }
}
