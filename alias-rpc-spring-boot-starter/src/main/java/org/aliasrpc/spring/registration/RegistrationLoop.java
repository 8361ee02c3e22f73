package org.aliasrpc.spring.registration;

import java.util.random.RandomGenerator;

/**
 * Decides when to register with one server: at once, after failures with growing delays until it succeeds, then again at
 * the interval, and at once when the connection is lost.
 *
 * <p>Does nothing itself and reads no clock. After each call the owner asks {@link #pollAttempt}, and arms its timer for
 * {@link #nextTimeout}. At most one attempt runs at a time. Confined to one thread.
 */
final class RegistrationLoop {
    /** No timeout. */
    static final long NEVER = Long.MAX_VALUE;

    private final RegistrationTiming timing;
    private final RandomGenerator random;

    private boolean started;
    private boolean due;
    private boolean running;
    private boolean lostMeanwhile;
    private boolean succeeded;
    private long nextAttempt = NEVER;
    private long lastSuccess;
    /** Failures since the last success. */
    private long failures;
    /** Connections lost soon after a success, one after the other. */
    private long losses;

    RegistrationLoop(RegistrationTiming timing, RandomGenerator random) {
        this.timing = timing;
        this.random = random;
    }

    /** The first attempt is due now. */
    void start() {
        started = true;
        due = true;
    }

    /** Nothing is due any more; a running attempt may still end. */
    void stop() {
        started = false;
        due = false;
        nextAttempt = NEVER;
    }

    /**
     * Whether to begin an attempt now. Its end must be told by {@link #onSuccess} or {@link #onFailure}.
     */
    boolean pollAttempt() {
        if (!due || running) {
            return false;
        }
        due = false;
        running = true;
        lostMeanwhile = false;
        nextAttempt = NEVER;
        return true;
    }

    /** The server has registered us. */
    void onSuccess(long nowNanos) {
        running = false;
        succeeded = true;
        failures = 0;
        lastSuccess = nowNanos;
        schedule(nowNanos, renewal());
        if (lostMeanwhile) {
            onConnectionLost(nowNanos);
        }
    }

    /** An attempt failed, for whatever reason. */
    void onFailure(long nowNanos) {
        running = false;
        failures++;
        long maxRetries = timing.retry().maxRetries();
        boolean givenUp = maxRetries >= 0 && failures > maxRetries;
        schedule(nowNanos, givenUp ? renewal() : backoff(failures));
        if (givenUp) {
            failures = 0;
        }
    }

    /**
     * The connection to the server broke: it may have lost its table too. The first loss is answered at once; a server
     * that drops every connection is asked with growing delays. While an attempt runs its end decides: the news of a loss may
     * overtake that of a success before it.
     */
    void onConnectionLost(long nowNanos) {
        lostMeanwhile = running;
        if (!started || running || due || failures > 0) {
            return; // what is under way answers it
        }
        boolean calm = nowNanos - lastSuccess > timing.retry().maxDelay().toNanos();
        losses = calm ? 0 : losses;
        if (losses == 0) {
            due = true;
        } else {
            long soon = add(nowNanos, backoff(losses));
            nextAttempt = Math.min(nextAttempt, soon);
        }
        losses++;
    }

    /** Somebody asks for an attempt now. */
    void registerNow() {
        due = started;
    }

    /** When to call {@link #onTimeout}, or {@link #NEVER}. */
    long nextTimeout() {
        return nextAttempt;
    }

    void onTimeout(long nowNanos) {
        if (started && nextAttempt <= nowNanos) {
            nextAttempt = NEVER;
            due = true;
        }
    }

    /** Whether any attempt has succeeded. */
    boolean succeeded() {
        return succeeded;
    }

    private void schedule(long nowNanos, long delayNanos) {
        if (started) {
            nextAttempt = add(nowNanos, delayNanos);
        }
    }

    private long renewal() {
        long interval = timing.interval().toNanos();
        return interval + spread((long) (interval * timing.jitter()));
    }

    /**
     * @param count which retry, from 1
     */
    private long backoff(long count) {
        RegistrationTiming.Retry retry = timing.retry();
        double factor = Math.pow(retry.multiplier(), (double) (count - 1));
        long first = retry.delay().toNanos();
        long longest = retry.maxDelay().toNanos();
        long delay = (long) Math.min(first * factor, (double) longest); // infinity too becomes the longest
        long jitter = (long) Math.min(retry.jitter().toNanos() * factor, (double) longest);
        return Math.max(first, Math.min(longest, delay + spread(jitter)));
    }

    /** Anything from -extent to extent. */
    private long spread(long extent) {
        return extent == 0 ? 0 : random.nextLong(-extent, extent + 1);
    }

    private static long add(long nowNanos, long delayNanos) {
        return nowNanos > NEVER - delayNanos ? NEVER : nowNanos + delayNanos;
    }
}
