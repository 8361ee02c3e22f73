package org.aliasrpc.udx;

/**
 * CUBIC (RFC 9438), with slow start left early when the round trip time grows (the idea of HyStart++, RFC 9406).
 */
final class Cubic implements CongestionController {
    private static final double C = 0.4;
    private static final double BETA = 0.7;
    private static final double ALPHA = 3 * (1 - BETA) / (1 + BETA);

    /** The reference's floor (udx.md, appendix A). */
    private static final int MIN_WINDOW = 4;

    private static final double SLOW_START_PACING = 2.0;
    private static final double PACING = 1.25;
    private static final double NANOS = 1e9;

    /** Bytes per second before the first sample of the round trip time: in effect the pacer's first bucket. */
    private static final double INITIAL_RATE = 2.0e6;

    private static final int MIN_ROUND_SAMPLES = 8;
    private static final long MIN_RTT_RISE = 4_000_000;
    private static final long MAX_RTT_RISE = 16_000_000;

    private double window = INITIAL_WINDOW;
    private double threshold = MAX_WINDOW;
    private double maximum;
    private double origin;
    private double friendly;
    private double cubeRoot;
    private boolean epoch;
    private long epochNanos;
    private long smoothedRtt;
    private int mss = MtuSearch.BASE;

    private long roundEnd;
    private int roundSamples;
    private long roundMinimum = Long.MAX_VALUE;
    private long lastRoundMinimum = Long.MAX_VALUE;

    @Override
    public int window() {
        return (int) window;
    }

    @Override
    public double pacingRate() {
        if (smoothedRtt == 0) {
            return INITIAL_RATE;
        }
        double gain = window < threshold ? SLOW_START_PACING : PACING;
        return gain * window * mss * NANOS / smoothedRtt;
    }

    @Override
    public void onAck(AckSample sample) {
        smoothedRtt = sample.smoothedRttNanos;
        mss = sample.mss;
        if (window < threshold) {
            watchRtt(sample);
        }
        if (!sample.windowLimited || (sample.recovering && window >= threshold)) {
            return; // what is not used must not grow (udx.md §14.1)
        }
        if (window < threshold) {
            window = Math.min(window + sample.acked, Math.max(threshold, MIN_WINDOW));
        } else {
            grow(sample);
        }
        window = Math.min(window, MAX_WINDOW);
    }

    @Override
    public void onRecovery(int inFlight) {
        reduce();
        window = threshold;
    }

    @Override
    public void onRecovered() {
        epoch = false;
    }

    @Override
    public void onTimeout(int inFlight) {
        if (window > inFlight + 1) {
            reduce(); // the first of a row only: then the window is small already
        }
        window = inFlight + 1;
    }

    private void reduce() {
        // Another flow has come when the window did not get back to where it was: leave it more room.
        maximum = window < maximum ? window * (1 + BETA) / 2 : window;
        threshold = Math.max(window * BETA, MIN_WINDOW);
        epoch = false;
    }

    private void grow(AckSample sample) {
        if (!epoch) {
            epoch = true;
            epochNanos = sample.nowNanos;
            friendly = window;
            origin = Math.max(maximum, window);
            cubeRoot = Math.cbrt((origin - window) / C);
        }
        double seconds = (sample.nowNanos - epochNanos + smoothedRtt) / NANOS;
        double target = C * Math.pow(seconds - cubeRoot, 3) + origin;
        target = Math.min(target, 1.5 * window);
        friendly += ALPHA * sample.acked / window;
        if (target > window) {
            window += (target - window) / window * sample.acked;
        } else {
            window += 0.01 * sample.acked / window;
        }
        window = Math.max(window, friendly);
    }

    /** Leaves slow start when the round trip time of a round has grown: a queue builds up. */
    private void watchRtt(AckSample sample) {
        if (sample.deliveredBefore >= roundEnd) {
            roundEnd = sample.deliveredTotal;
            lastRoundMinimum = roundMinimum;
            roundMinimum = Long.MAX_VALUE;
            roundSamples = 0;
        }
        if (sample.rttNanos == 0) {
            return;
        }
        roundMinimum = Math.min(roundMinimum, sample.rttNanos);
        roundSamples++;
        if (roundSamples >= MIN_ROUND_SAMPLES && lastRoundMinimum != Long.MAX_VALUE) {
            long rise = Math.max(MIN_RTT_RISE, Math.min(lastRoundMinimum / 8, MAX_RTT_RISE));
            if (roundMinimum >= lastRoundMinimum + rise) {
                threshold = window;
            }
        }
    }
}
