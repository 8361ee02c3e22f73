package org.aliasrpc.rpc;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link ConnectionPool} works.
 *
 * @param maxConcurrent calls of one key that are under way at a time; others wait
 * @param maxWaiting calls of one key that wait behind those; further ones fail. The reference has no bound
 * @param backoffNanos how long to wait after the first, second, … failed attempt; the last one stays. Up to half of it
 *     is added at random
 * @param gcIntervalNanos a connection is closed one to two of these after the start of its last call, when none runs
 * @param capability what both sides have to prove to know, or null
 */
public record PoolOptions(
        int maxConcurrent,
        int maxWaiting,
        List<Long> backoffNanos,
        long gcIntervalNanos,
        @Nullable Capability capability) {
    /** The reference's figures (protomux-rpc.md §9), and 1024 waiting calls. */
    public static final PoolOptions DEFAULT = new PoolOptions(
            16,
            1024,
            List.of(
                    Duration.ofSeconds(5).toNanos(),
                    Duration.ofSeconds(15).toNanos(),
                    Duration.ofSeconds(60).toNanos(),
                    Duration.ofSeconds(300).toNanos()),
            Duration.ofSeconds(60).toNanos(),
            null);

    public PoolOptions {
        if (maxConcurrent < 1 || maxWaiting < 0 || backoffNanos.isEmpty() || gcIntervalNanos < 1) {
            throw new IllegalArgumentException("options of a pool: " + maxConcurrent + " concurrent, " + maxWaiting
                    + " waiting, backoff " + backoffNanos + ", gc " + gcIntervalNanos);
        }
        backoffNanos = List.copyOf(backoffNanos);
    }

    /** The same with other bounds. */
    public PoolOptions withBounds(int newMaxConcurrent, int newMaxWaiting) {
        return new PoolOptions(newMaxConcurrent, newMaxWaiting, backoffNanos, gcIntervalNanos, capability);
    }

    /** The same with other pauses, and another time of idleness. */
    public PoolOptions withPauses(List<Long> newBackoffNanos, long newGcIntervalNanos) {
        return new PoolOptions(maxConcurrent, maxWaiting, newBackoffNanos, newGcIntervalNanos, capability);
    }

    /** The same with a capability. */
    public PoolOptions withCapability(Capability newCapability) {
        return new PoolOptions(maxConcurrent, maxWaiting, backoffNanos, gcIntervalNanos, newCapability);
    }
}
