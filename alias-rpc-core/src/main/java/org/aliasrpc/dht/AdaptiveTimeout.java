package org.aliasrpc.dht;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/** Timeouts that follow each peer's round-trip time, in whole milliseconds (dht-rpc.md §7.4). */
final class AdaptiveTimeout {
    /** Most peers remembered; the one heard of least recently goes first. */
    static final int MAX_PEERS = 65536;

    /** A datagram's answer says something about the round trip only after few transmissions. */
    static final int MAX_SENDS = 2;

    private static final long MIN_MILLIS = 300;
    private static final long MAX_MILLIS = 4000;
    private static final int JITTER_MILLIS = 256;
    private static final long MAX_AGE_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final long[] UNKNOWN_MILLIS = {250, 500, 1000, 2000, 4000};

    private final Map<PeerAddress, Estimate> estimates = new LinkedHashMap<>();
    private final RandomGenerator random;

    AdaptiveTimeout(RandomGenerator random) {
        this.random = random;
    }

    void record(PeerAddress peer, long rttMillis, long nowNanos) {
        Estimate before = known(peer, nowNanos);
        estimates.remove(peer); // so that it is put at the end
        if (before == null) {
            estimates.put(peer, new Estimate(rttMillis, rttMillis >> 1, nowNanos));
        } else {
            long variance = before.variance + ((Math.abs(before.average - rttMillis) - before.variance) >> 2);
            long average = before.average + ((rttMillis - before.average) >> 3);
            estimates.put(peer, new Estimate(average, variance, nowNanos));
        }
        if (estimates.size() > MAX_PEERS) {
            var eldest = estimates.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }

    /**
     * @param attempt 1 for the first transmission
     * @return milliseconds to wait for its answer
     */
    long millis(PeerAddress peer, int attempt, long nowNanos) {
        long jitter = random.nextInt(JITTER_MILLIS);
        Estimate estimate = known(peer, nowNanos);
        if (estimate == null) {
            return UNKNOWN_MILLIS[Math.min(attempt, UNKNOWN_MILLIS.length) - 1] + jitter;
        }
        long millis = (estimate.average + 2 * estimate.variance) * attempt + jitter;
        return Math.max(MIN_MILLIS, Math.min(MAX_MILLIS, millis));
    }

    /** For tests: average and variance of a peer. */
    @Nullable
    Estimate known(PeerAddress peer, long nowNanos) {
        Estimate estimate = estimates.get(peer);
        if (estimate != null && nowNanos - estimate.recordedNanos > MAX_AGE_NANOS) {
            estimates.remove(peer);
            return null;
        }
        return estimate;
    }

    int size() {
        return estimates.size();
    }

    /** Smoothed round-trip time and its deviation, in milliseconds. */
    record Estimate(long average, long variance, long recordedNanos) {}
}
