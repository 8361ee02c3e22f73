package org.aliasrpc.udx;

/**
 * What is received and held over all streams of a node, in bytes of memory: packets out of order, bytes that the
 * application has not taken, and what the layer above keeps of them, such as the beginnings of long messages.
 *
 * <p>Each stream may hold as much as is still free, so many that want much get little each and none gets nothing: with n
 * of them each has a share of 1/(n+1). A stream that holds little always has its {@link #FLOOR}.
 */
public final class ReceiveBudget {
    /** What a stream may hold however much the others do: two full packets and some. */
    static final int FLOOR = 4096;

    private final long maxBytes;
    private long held;

    ReceiveBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Counts bytes that are held from now on, or no longer if negative. */
    public void add(long bytes) {
        held += bytes;
    }

    /** All that is held. */
    public long held() {
        return held;
    }

    /** The bound; passed by no more than the streams' floors. */
    public long maxBytes() {
        return maxBytes;
    }

    /** What one stream may hold now. */
    long share() {
        return Math.max(FLOOR, maxBytes - held);
    }
}
