package org.aliasrpc.udx;

/**
 * BBR version 1 as the reference runs it (udx.md §14.2): models the path by the largest rate of delivery and the smallest
 * round trip time seen lately, and sends at that rate whatever is lost.
 */
final class Bbr implements CongestionController {
    private static final double HIGH_GAIN = 2.88539;
    private static final double DRAIN_GAIN = 1 / HIGH_GAIN;
    private static final double WINDOW_GAIN = 2;
    private static final double MARGIN = 0.99;
    private static final double[] CYCLE = {1.25, 0.75, 1, 1, 1, 1, 1, 1};
    private static final int CYCLE_START = 3;
    private static final int MIN_WINDOW = 4;
    private static final int BANDWIDTH_ROUNDS = 10;
    private static final double FULL_GROWTH = 1.25;
    private static final int FULL_ROUNDS = 3;
    private static final long MILLI = 1_000_000;
    private static final long MIN_RTT_AGE = 10_000 * MILLI;
    private static final long PROBE_RTT_TIME = 200 * MILLI;

    /** Smaller round trips are those of timers and event loops, and too small to keep a path busy. */
    private static final long SHORTEST_RTT = MILLI;

    private static final int EXTRA_ROUNDS = 5;
    private static final double EXTRA_SECONDS = 0.1;
    private static final int EXTRA_RESET = 1 << 20;
    private static final double NANOS = 1e9;

    /** Rates go into the filter as whole numbers of packets in 1000 s. */
    private static final double RATE_UNIT = 1000;

    private final WindowedMinimum bandwidths = new WindowedMinimum(BANDWIDTH_ROUNDS); // negated: a maximum
    private State state = State.STARTUP;
    private int window = INITIAL_WINDOW;
    private int windowBefore;
    private boolean conserving;
    private boolean timedOut;
    private double pacing;
    private int mss = MtuSearch.BASE;

    private long round;
    private long roundEnd;
    private long delivered;
    private boolean roundStarted;

    private double fullBandwidth;
    private int fullRounds;
    private boolean pipeFull;

    private long minRtt = Long.MAX_VALUE;
    private long minRttNanos;
    private long probeRttUntil;
    private boolean probeRttRound;

    private int phase;
    private long phaseNanos;

    private final double[] extraAcked = new double[2];
    private int extraIndex;
    private int extraRound;
    private long extraEpochNanos;
    private double extraEpochAcked;

    @Override
    public int window() {
        return window;
    }

    @Override
    public double pacingRate() {
        return pacing == 0 ? HIGH_GAIN * window * mss * NANOS / MILLI : pacing;
    }

    @Override
    public void onAck(AckSample sample) {
        mss = sample.mss;
        delivered = sample.deliveredTotal;
        updateBandwidth(sample);
        updateExtraAcked(sample);
        updateCycle(sample);
        checkPipeFull(sample);
        checkDrained(sample);
        updateMinRtt(sample);
        updatePacing(sample);
        updateWindow(sample);
    }

    @Override
    public void onRecovery(int inFlight) {
        saveWindow();
        if (!pipeFull) {
            // The reference falls back to what is in flight at each loss, and on a path that loses a fifth at random
            // never
            // finds out what it carries. A queue that startup overfills is drained right after it anyway.
            return;
        }
        conserving = true;
        roundEnd = delivered; // conservation lasts for what is sent from now on to be acknowledged
        window = Math.max(inFlight, MIN_WINDOW);
    }

    @Override
    public void onRecovered() {
        conserving = false;
        timedOut = false;
        window = Math.max(window, windowBefore);
    }

    @Override
    public void onTimeout(int inFlight) {
        if (!timedOut) {
            saveWindow();
        }
        timedOut = true;
        conserving = false;
        fullBandwidth = 0;
        fullRounds = 0;
        window = inFlight + 1;
    }

    private void saveWindow() {
        boolean reduced = conserving || timedOut || state == State.PROBE_RTT;
        windowBefore = reduced ? Math.max(windowBefore, window) : window;
    }

    /** Packets per second. */
    private double bandwidth() {
        return bandwidths.isEmpty() ? 0 : -bandwidths.value() / RATE_UNIT;
    }

    private double product(double gain) {
        return minRtt == Long.MAX_VALUE ? INITIAL_WINDOW : gain * bandwidth() * minRtt / NANOS;
    }

    private void updateBandwidth(AckSample sample) {
        roundStarted = false;
        if (sample.rateNanos == 0) {
            return;
        }
        if (sample.deliveredBefore >= roundEnd) {
            roundEnd = sample.deliveredTotal;
            round++;
            roundStarted = true;
            conserving = false; // lasts one round
        }
        double rate = sample.rateDelivered * NANOS / sample.rateNanos;
        if (!sample.rateApplicationLimited || rate >= bandwidth()) {
            bandwidths.add(-Math.round(rate * RATE_UNIT), round);
        }
    }

    /** Acknowledgements come in lumps: how many more than the rate explains has to be in flight on top. */
    private void updateExtraAcked(AckSample sample) {
        if (sample.rateNanos == 0) {
            return;
        }
        if (roundStarted && ++extraRound >= EXTRA_ROUNDS) {
            extraRound = 0;
            extraIndex = 1 - extraIndex;
            extraAcked[extraIndex] = 0;
        }
        double expected = bandwidth() * (sample.nowNanos - extraEpochNanos) / NANOS;
        if (extraEpochAcked <= expected || extraEpochAcked + sample.acked > EXTRA_RESET) {
            extraEpochAcked = 0;
            extraEpochNanos = sample.nowNanos;
            expected = 0;
        }
        extraEpochAcked += sample.acked;
        double extra = Math.min(extraEpochAcked - expected, window);
        extraAcked[extraIndex] = Math.max(extraAcked[extraIndex], extra);
    }

    private double extra() {
        return Math.min(Math.max(extraAcked[0], extraAcked[1]), bandwidth() * EXTRA_SECONDS);
    }

    private void updateCycle(AckSample sample) {
        if (state != State.PROBE_BW) {
            return;
        }
        boolean lastedRtt = sample.nowNanos - phaseNanos > minRtt;
        double gain = CYCLE[phase];
        boolean next;
        if (gain > 1) {
            next = lastedRtt && (sample.lost > 0 || sample.inFlightBefore >= product(gain));
        } else if (gain < 1) {
            next = lastedRtt || sample.inFlightBefore <= product(1);
        } else {
            next = lastedRtt;
        }
        if (next) {
            phase = (phase + 1) % CYCLE.length;
            phaseNanos = sample.nowNanos;
        }
    }

    private void checkPipeFull(AckSample sample) {
        if (pipeFull || !roundStarted || sample.rateApplicationLimited) {
            return;
        }
        if (bandwidth() >= fullBandwidth * FULL_GROWTH) {
            fullBandwidth = bandwidth();
            fullRounds = 0;
        } else {
            pipeFull = ++fullRounds >= FULL_ROUNDS;
        }
    }

    private void checkDrained(AckSample sample) {
        if (state == State.STARTUP && pipeFull) {
            state = State.DRAIN;
        }
        if (state == State.DRAIN && sample.inFlightAfter <= product(1)) {
            probeBandwidth(sample.nowNanos);
        }
    }

    private void probeBandwidth(long nowNanos) {
        state = State.PROBE_BW;
        phase = CYCLE_START + 1;
        phaseNanos = nowNanos;
    }

    private void updateMinRtt(AckSample sample) {
        long now = sample.nowNanos;
        boolean expired = minRtt != Long.MAX_VALUE && now - minRttNanos > MIN_RTT_AGE;
        if (sample.rttNanos > 0 && (sample.rttNanos <= minRtt || expired)) {
            minRtt = Math.max(sample.rttNanos, SHORTEST_RTT);
            minRttNanos = now;
        }
        if (expired && state != State.PROBE_RTT) {
            saveWindow();
            state = State.PROBE_RTT;
            probeRttUntil = 0;
        }
        if (state != State.PROBE_RTT) {
            return;
        }
        if (probeRttUntil == 0) {
            if (sample.inFlightAfter <= MIN_WINDOW) {
                probeRttUntil = now + PROBE_RTT_TIME;
                probeRttRound = false;
                roundEnd = sample.deliveredTotal;
            }
            return;
        }
        probeRttRound |= roundStarted;
        if (probeRttRound && now >= probeRttUntil) {
            minRttNanos = now;
            window = Math.max(window, windowBefore);
            if (pipeFull) {
                probeBandwidth(now);
            } else {
                state = State.STARTUP;
            }
        }
    }

    private void updatePacing(AckSample sample) {
        double gain = switch (state) {
            case STARTUP -> HIGH_GAIN;
            case DRAIN -> DRAIN_GAIN;
            case PROBE_BW -> CYCLE[phase];
            case PROBE_RTT -> 1;
        };
        if (bandwidths.isEmpty()) {
            if (sample.smoothedRttNanos > 0) {
                pacing = HIGH_GAIN * window * mss * NANOS / Math.max(sample.smoothedRttNanos, SHORTEST_RTT);
            }
            return;
        }
        double rate = gain * bandwidth() * mss * MARGIN;
        if (pipeFull || rate > pacing) {
            pacing = Math.max(rate, RATE_UNIT); // at least a byte in a millisecond
        }
    }

    private void updateWindow(AckSample sample) {
        if (sample.acked == 0) {
            return;
        }
        if (sample.recovering && sample.lost > 0) {
            window = Math.max(window - sample.lost, 1);
        }
        if (conserving) {
            window = Math.max(window, sample.inFlightAfter + sample.acked);
        } else {
            double gain = state == State.STARTUP || state == State.DRAIN
                    ? HIGH_GAIN
                    : state == State.PROBE_BW ? WINDOW_GAIN : 1;
            int target = (int) Math.ceil(product(gain) + extra());
            if (pipeFull) {
                window = Math.min(window + sample.acked, target);
            } else if (window < target || sample.deliveredTotal < INITIAL_WINDOW) {
                window += sample.acked;
            }
        }
        window = Math.min(Math.max(window, MIN_WINDOW), MAX_WINDOW);
        if (state == State.PROBE_RTT) {
            window = Math.min(window, MIN_WINDOW);
        }
    }

    /** What the path is being asked. */
    private enum State {
        STARTUP,
        DRAIN,
        PROBE_BW,
        PROBE_RTT
    }
}
