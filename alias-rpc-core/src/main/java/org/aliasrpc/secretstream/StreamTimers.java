package org.aliasrpc.secretstream;

/** When a stream has to say something, and when the peer should have (secret-stream.md §5.1 and §5.2). */
final class StreamTimers {
    private static final long NEVER = Long.MAX_VALUE;

    private long keepAliveNanos;
    private long timeoutNanos;
    private long keepAliveAt = NEVER;
    private long timeoutAt = NEVER;
    private boolean sending; // from the header on, until the write side ends
    private boolean receiving = true;

    /** 0 for never. */
    void setKeepAlive(long nanos, long nowNanos) {
        keepAliveNanos = nanos;
        onSent(nowNanos);
    }

    /** 0 for never. */
    void setTimeout(long nanos, long nowNanos) {
        timeoutNanos = nanos;
        onReceived(nowNanos);
    }

    void startSending(long nowNanos) {
        sending = true;
        onSent(nowNanos);
    }

    void stopSending() {
        sending = false;
        keepAliveAt = NEVER;
    }

    void stop() {
        stopSending();
        receiving = false;
        timeoutAt = NEVER;
    }

    /** A frame was written: that is as good as a keep-alive. */
    void onSent(long nowNanos) {
        keepAliveAt = keepAliveNanos == 0 || !sending ? NEVER : nowNanos + keepAliveNanos;
    }

    /** Bytes arrived, be it a part of a frame. */
    void onReceived(long nowNanos) {
        timeoutAt = timeoutNanos == 0 || !receiving ? NEVER : nowNanos + timeoutNanos;
    }

    boolean isKeepAliveDue(long nowNanos) {
        return nowNanos >= keepAliveAt;
    }

    boolean isTimedOut(long nowNanos) {
        return nowNanos >= timeoutAt;
    }

    /** When one of them is due; {@link Long#MAX_VALUE} for never. */
    long next() {
        return Math.min(keepAliveAt, timeoutAt);
    }
}
