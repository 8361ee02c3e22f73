package org.aliasrpc.udx;

/**
 * Round trip time, its variation, and the retransmission timeout (udx.md §11). Times in nanoseconds: the reference's
 * clock has milliseconds, which changes nothing a peer sees but how soon small round trips are trusted.
 */
final class RttEstimator {
    private static final long MILLI = 1_000_000;

    /** The timeout before the first sample, and the shortest one. */
    static final long MIN_RTO = 1000 * MILLI;

    /** The longest timeout, and the longest round trip believed. */
    static final long MAX_RTO = 30_000 * MILLI;

    private static final long OUTLIER = 5000 * MILLI;
    private static final long MIN_RTT_WINDOW = 300_000 * MILLI;
    private static final long SHORTEST_SAMPLE = 1000; // below, clocks measure themselves

    private final WindowedMinimum minimum = new WindowedMinimum(MIN_RTT_WINDOW);
    private long smoothed;
    private long variation;

    /**
     * Takes a sample of a packet that was sent once only.
     *
     * @param sample how long its acknowledgement took
     */
    void onSample(long sample, long nowNanos) {
        long rtt = Math.max(sample, SHORTEST_SAMPLE);
        if (smoothed == 0) {
            rtt = Math.min(rtt, MAX_RTO);
            smoothed = rtt;
            variation = rtt / 2;
        } else {
            long expected = smoothed + 5 * variation;
            if (rtt > OUTLIER && rtt > expected) {
                rtt = Math.min(expected, MAX_RTO); // a suspended machine, not a slow path
            }
            variation = (3 * variation + Math.abs(smoothed - rtt)) / 4;
            smoothed = (7 * smoothed + rtt) / 8;
        }
        minimum.add(rtt, nowNanos);
    }

    boolean hasSample() {
        return smoothed != 0;
    }

    /** The smoothed round trip time; 0 before the first sample. */
    long smoothed() {
        return smoothed;
    }

    /** The mean deviation; 0 before the first sample. */
    long variation() {
        return variation;
    }

    /** The lowest sample of the last 300 s; 0 before the first sample. */
    long minimum() {
        return minimum.isEmpty() ? 0 : minimum.value();
    }

    /** The retransmission timeout. */
    long rto() {
        return smoothed == 0 ? MIN_RTO : Math.max(MIN_RTO, Math.min(smoothed + 4 * variation, MAX_RTO));
    }
}
