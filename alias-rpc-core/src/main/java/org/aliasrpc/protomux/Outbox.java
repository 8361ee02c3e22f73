package org.aliasrpc.protomux;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.aliasrpc.encoding.Writer;
import org.jspecify.annotations.Nullable;

/**
 * Frames to be sent, and the batch that is being gathered.
 *
 * <p>A batch is {@code 00 00, uint channel}, then entries: {@code uint length (above 0), message} for the current channel,
 * or {@code 00, uint channel}, which changes it. Source: protomux.md §7.
 */
final class Outbox {
    /** Most that a batch spends on its first entry before that entry's bytes: 2, a channel id of 9, a length of 5. */
    private static final int BATCH_OVERHEAD = 16;

    private final MuxerLimits limits;
    private final Queue<ByteBuffer> frames = new ArrayDeque<>();
    private long queuedBytes;
    private int corks;
    private boolean refused;

    private @Nullable Writer batch;
    private long batchChannel;

    Outbox(MuxerLimits limits) {
        this.limits = limits;
    }

    /** Bytes that wait to be polled. */
    long queuedBytes() {
        return queuedBytes;
    }

    void cork() {
        corks++;
    }

    void uncork() {
        if (corks == 0) {
            throw new IllegalStateException("uncork without cork");
        }
        corks--;
        if (corks == 0) {
            flush();
        }
    }

    /** A writer for one message, already holding its channel unless it becomes an entry of a batch. */
    Writer begin(long channel, int expectedBytes) {
        Writer out = new Writer(expectedBytes + 10);
        return corks > 0 ? out : out.uint(channel);
    }

    /** Ends what {@link #begin} began. */
    void end(long channel, Writer message) {
        if (corks == 0) {
            enqueue(message.toByteBuffer());
        } else {
            gather(channel, message);
        }
    }

    /**
     * Whether the stream takes more; if not, {@link #pollDrained} tells when. As in the reference, a corked sender is told
     * to go on: nothing was handed to the stream (protomux.md §9).
     */
    boolean takesMore() {
        if (corks > 0 || queuedBytes <= limits.highWaterBytes()) {
            return true;
        }
        refused = true;
        return false;
    }

    @Nullable
    ByteBuffer poll() {
        ByteBuffer frame = frames.poll();
        if (frame != null) {
            queuedBytes -= frame.remaining();
        }
        return frame;
    }

    /** Whether a sender was refused and everything has been taken since; says so once. */
    boolean pollDrained() {
        boolean drained = refused && frames.isEmpty();
        if (drained) {
            refused = false;
        }
        return drained;
    }

    /** Nothing can be sent any more. */
    void clear() {
        frames.clear();
        queuedBytes = 0;
        batch = null;
        refused = false;
    }

    private void gather(long channel, Writer message) {
        int added = message.length() + BATCH_OVERHEAD;
        if (batch != null
                && (batch.length() >= limits.maxBatchBytes() || batch.length() + added > limits.maxFrameBytes())) {
            flush();
        }
        if (added > limits.maxFrameBytes()) {
            // Fits a frame of its own, but not a batch.
            enqueue(new Writer(added).uint(channel).append(message).toByteBuffer());
            return;
        }
        if (batch == null) {
            batch = new Writer(2 * added).uint8(0).uint8(0).uint(channel);
        } else if (batchChannel != channel) {
            batch.uint(0).uint(channel);
        }
        batchChannel = channel;
        batch.uint(message.length()).append(message);
    }

    private void flush() {
        Writer gathered = batch;
        if (gathered != null) {
            batch = null;
            enqueue(gathered.toByteBuffer());
        }
    }

    private void enqueue(ByteBuffer frame) {
        frames.add(frame);
        queuedBytes += frame.remaining();
    }
}
