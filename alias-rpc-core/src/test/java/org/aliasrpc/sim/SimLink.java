package org.aliasrpc.sim;

/**
 * How datagrams travel in one direction.
 *
 * @param loss probability that one is lost, 0 to 1
 * @param duplicate probability that one arrives twice
 * @param reorder probability that one is held back by up to four times the delay, at least 1 ms
 * @param delayNanos one-way delay
 * @param jitterNanos upper bound of a random addition to the delay; above the spacing of datagrams it reorders too
 * @param mtu longest IP packet in bytes (UDP payload and 28, or 48 over IPv6); longer ones are dropped
 * @param bytesPerSecond bandwidth; 0 means unlimited
 * @param queueBytes bytes that wait for the bandwidth; more are dropped from the tail
 */
public record SimLink(
        double loss,
        double duplicate,
        double reorder,
        long delayNanos,
        long jitterNanos,
        int mtu,
        long bytesPerSecond,
        int queueBytes) {
    /** Nothing is lost; 1 ms each way; MTU 1500. */
    public static final SimLink PERFECT = new SimLink(0, 0, 0, 1_000_000, 0, 1500, 0, 0);

    /** The same with another probability of loss. */
    public SimLink withLoss(double probability) {
        return new SimLink(probability, duplicate, reorder, delayNanos, jitterNanos, mtu, bytesPerSecond, queueBytes);
    }

    /** The same with another probability of duplication. */
    public SimLink withDuplicate(double probability) {
        return new SimLink(loss, probability, reorder, delayNanos, jitterNanos, mtu, bytesPerSecond, queueBytes);
    }

    /** The same with another probability of late arrival. */
    public SimLink withReorder(double probability) {
        return new SimLink(loss, duplicate, probability, delayNanos, jitterNanos, mtu, bytesPerSecond, queueBytes);
    }

    /** The same with another delay, in milliseconds one way. */
    public SimLink withDelayMillis(double millis) {
        return new SimLink(
                loss, duplicate, reorder, (long) (millis * 1e6), jitterNanos, mtu, bytesPerSecond, queueBytes);
    }

    /** The same with another jitter, in milliseconds. */
    public SimLink withJitterMillis(double millis) {
        return new SimLink(
                loss, duplicate, reorder, delayNanos, (long) (millis * 1e6), mtu, bytesPerSecond, queueBytes);
    }

    /** The same with another MTU, in bytes of IP packet. */
    public SimLink withMtu(int bytes) {
        return new SimLink(loss, duplicate, reorder, delayNanos, jitterNanos, bytes, bytesPerSecond, queueBytes);
    }

    /** The same with a bandwidth and the queue before it. */
    public SimLink withBandwidth(long newBytesPerSecond, int newQueueBytes) {
        return new SimLink(loss, duplicate, reorder, delayNanos, jitterNanos, mtu, newBytesPerSecond, newQueueBytes);
    }
}
