package org.aliasrpc.spring.registration;

import java.time.Duration;

/**
 * When to register again.
 *
 * @param interval between a success and the renewal
 * @param jitter share of the interval by which a renewal comes earlier or later, 0 to below 1
 * @param retry what to do after a failure
 */
public record RegistrationTiming(Duration interval, double jitter, Retry retry) {
    /** Longer times are a mistake in a unit, and sums of such times must not overflow. */
    private static final Duration MAX = Duration.ofDays(1000);

    public RegistrationTiming {
        requireSensible(interval, "interval");
        if (!(jitter >= 0 && jitter < 1)) {
            throw new IllegalArgumentException("jitter " + jitter + ", allowed is 0 to below 1");
        }
    }

    private static void requireSensible(Duration duration, String name) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + " " + duration + " is not positive");
        }
        if (duration.compareTo(MAX) > 0) {
            throw new IllegalArgumentException(name + " " + duration + " is above 1000 days");
        }
    }

    /**
     * Waiting times after failures, named and computed as those of Spring's {@code RetryPolicy}.
     *
     * @param delay after the first failure
     * @param multiplier by which each further delay is longer, at least 1
     * @param maxDelay the longest delay
     * @param jitter added to or taken from a delay at most; grows with the multiplier, and never makes a delay shorter
     *     than the first or longer than the longest
     * @param maxRetries after how many retries to wait for the next interval instead; negative means never
     */
    public record Retry(Duration delay, double multiplier, Duration maxDelay, Duration jitter, long maxRetries) {
        public Retry {
            requireSensible(delay, "retry delay");
            requireSensible(maxDelay, "longest retry delay");
            if (!(multiplier >= 1)) {
                throw new IllegalArgumentException("retry multiplier " + multiplier + " is below 1");
            }
            if (maxDelay.compareTo(delay) < 0) {
                throw new IllegalArgumentException("longest retry delay " + maxDelay + " is below the first, " + delay);
            }
            if (jitter.isNegative() || jitter.compareTo(MAX) > 0) {
                throw new IllegalArgumentException("retry jitter " + jitter + ", allowed is 0 to 1000 days");
            }
        }
    }
}
