package org.aliasrpc.secretstream;

/**
 * Settings of a secret stream.
 *
 * @param keepAliveNanos an empty message is sent when nothing was for this long; 0 for never. Above 0, empty messages
 *     that arrive are dropped
 * @param timeoutNanos the stream fails when nothing arrives for this long; 0 for never
 * @param maxMessageBytes longest plaintext that is accepted from the peer, at most {@link #MAX_MESSAGE_BYTES}
 * @param dropEmpty whether empty messages are dropped without keep-alive, too
 */
public record SecretStreamOptions(long keepAliveNanos, long timeoutNanos, int maxMessageBytes, boolean dropEmpty) {
    /** Longest plaintext of one message: a 3-byte length less tag and authenticator (secret-stream.md §5). */
    public static final int MAX_MESSAGE_BYTES = 0xffffff - 17;

    /**
     * What is accepted unless set otherwise: all that the reference may send. A peer that announces so much makes us
     * hold no more than it really sends.
     */
    public static final int DEFAULT_MAX_MESSAGE_BYTES = MAX_MESSAGE_BYTES;

    /** Keep-alive of connections of the DHT, on both sides (secret-stream.md §5.1): 5 seconds. */
    public static final long DHT_KEEP_ALIVE_NANOS = 5_000_000_000L;

    /** Neither keep-alive nor timeout, as a bare stream of the reference has it. */
    public static final SecretStreamOptions PLAIN = new SecretStreamOptions(0, 0, DEFAULT_MAX_MESSAGE_BYTES, false);

    /** What connections of the DHT use. */
    public static final SecretStreamOptions DHT =
            new SecretStreamOptions(DHT_KEEP_ALIVE_NANOS, 0, DEFAULT_MAX_MESSAGE_BYTES, false);

    public SecretStreamOptions {
        if (keepAliveNanos < 0 || timeoutNanos < 0) {
            throw new IllegalArgumentException("negative time");
        }
        if (maxMessageBytes < 0 || maxMessageBytes > MAX_MESSAGE_BYTES) {
            throw new IllegalArgumentException("maxMessageBytes outside 0.." + MAX_MESSAGE_BYTES);
        }
    }
}
