package org.aliasrpc;

import java.time.Duration;

/** Durations on the nodes' clock. */
final class Nanos {
    /** Some 73 years: as good as for ever, and added to any time of the clock no overflow. */
    private static final long FOR_EVER = Long.MAX_VALUE / 4;

    private Nanos() {}

    /** A duration that is not negative; the longest ones stand for "for ever". */
    static long of(Duration duration) {
        return duration.compareTo(Duration.ofNanos(FOR_EVER)) >= 0 ? FOR_EVER : duration.toNanos();
    }
}
