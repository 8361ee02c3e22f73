package org.aliasrpc.udx;

/**
 * Spreads packets over time: a bucket of bytes that fills at the rate of the congestion control. A packet may leave while
 * the bucket is not empty, and takes its size out (udx.md §14.2).
 */
final class Pacer {
    /** What the bucket holds at first, and at least when full (udx.md, appendix A). */
    static final int SMALL_BURST = 25_000;

    /**
     * What it holds at most: more overflows the receive buffers of sockets, near 200 KiB by default, before their reader
     * runs.
     */
    static final int LARGE_BURST = 96_000;

    /** Timers of event loops are no finer: the bucket holds what leaves between two of them. */
    private static final double TIMER_SECONDS = 0.002;

    /** Waits are not shorter: each costs a turn. */
    private static final long SHORTEST_WAIT = 500_000;

    private double tokens = SMALL_BURST;
    private long filledNanos;

    /** Whether a packet may leave now. */
    boolean maySend(double bytesPerSecond, long nowNanos) {
        long elapsed = nowNanos - filledNanos;
        if (elapsed > 0) {
            double capacity = Math.min(Math.max(bytesPerSecond * TIMER_SECONDS, SMALL_BURST), LARGE_BURST);
            tokens = Math.min(tokens + elapsed * 1e-9 * bytesPerSecond, capacity);
            filledNanos = nowNanos;
        }
        return tokens > 0;
    }

    void onSent(int bytes) {
        tokens -= bytes;
    }

    /** When to try again, if {@link #maySend} said no. */
    long nextNanos(double bytesPerSecond) {
        long wait = (long) ((1 - tokens) / bytesPerSecond * 1e9);
        return filledNanos + Math.max(wait, SHORTEST_WAIT);
    }
}
