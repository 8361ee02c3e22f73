package org.aliasrpc.protomux;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.jspecify.annotations.Nullable;

/**
 * Received frames, taken apart one entry at a time: a batch of 16 MiB may hold millions of entries, and turning all of
 * them into objects at once would be the remote's choice of how much memory we use.
 */
final class Inbox {
    /** A batch inside a batch is legal (protomux.md §7.5), deep nesting is only a waste of our memory. */
    static final int MAX_BATCH_DEPTH = 16;

    /** Changes of channel and empty batches that are passed over at a time; a frame may hold millions of them, too. */
    private static final int MAX_SKIPS = 256;

    private static final long CONTROL = 0;
    private static final long BATCH = 0;

    /** Control messages of unknown types are ignored (protomux.md §3). */
    private static final long IGNORED = 1L << 52;

    /**
     * One message of a channel, or a control message.
     *
     * @param channel the remote's id; 0 for control
     * @param type index of the message type, or which control message
     * @param body behind the type
     */
    record Entry(long channel, long type, Reader body) {}

    private static final class Batch {
        final Reader entries;
        long channel;

        Batch(Reader entries, long channel) {
            this.entries = entries;
            this.channel = channel;
        }
    }

    private final Queue<ByteBuffer> frames = new ArrayDeque<>();
    private final Deque<Batch> batches = new ArrayDeque<>();
    private long unreadBytes;
    private boolean severalEntries;
    private long allowed = Long.MAX_VALUE;

    void add(ByteBuffer frame) {
        if (frame.hasRemaining()) { // an empty frame keeps the stream alive and means nothing (protomux.md §2.3)
            frames.add(frame.duplicate());
            unreadBytes += frame.remaining();
        }
    }

    /** Bytes of frames of which nothing was looked at yet. */
    long unreadBytes() {
        return unreadBytes;
    }

    /** Whether the entries now come from a batch that began with more than one. */
    boolean inLargerBatch() {
        return severalEntries;
    }

    void clear() {
        frames.clear();
        batches.clear();
        unreadBytes = 0;
        severalEntries = false;
    }

    /** See {@link Muxer#allow}. */
    void allow(int entries) {
        allowed = entries;
    }

    /** Whether {@link #poll} gives null although there is more. */
    boolean hasMore() {
        return allowed <= 0 && !(frames.isEmpty() && batches.isEmpty());
    }

    /**
     * The next entry, which may be one of no meaning; null if there is none, or none allowed. After a failure nothing more may be asked.
     */
    @Nullable
    Entry poll() throws DecodeException {
        if (allowed <= 0) {
            return null;
        }
        allowed--;
        for (int skips = 0; skips < MAX_SKIPS; skips++) {
            Batch batch = batches.peek();
            if (batch == null) {
                severalEntries = false;
                ByteBuffer frame = frames.poll();
                if (frame == null) {
                    return null;
                }
                unreadBytes -= frame.remaining();
                Reader in = new Reader(frame);
                Entry entry = entry(in.uint(), in);
                if (entry != null) {
                    return entry;
                }
            } else if (!batch.entries.hasRemaining()) {
                batches.pop();
            } else {
                long length = batch.entries.uint();
                if (length == 0) {
                    batch.channel = batch.entries.uint();
                } else {
                    // A length beyond the end is cut (protomux.md §7.5).
                    int available = batch.entries.remaining();
                    Reader in = new Reader(batch.entries.view((int) Math.min(length, available)));
                    severalEntries |= length < available;
                    Entry entry = entry(batch.channel, in);
                    if (entry != null) {
                        return entry;
                    }
                }
            }
        }
        return new Entry(CONTROL, IGNORED, new Reader(Bytes.EMPTY));
    }

    /** Reads the type; a batch is opened and gives null. */
    private @Nullable Entry entry(long channel, Reader in) throws DecodeException {
        long type = in.uint();
        if (channel != CONTROL || type != BATCH) {
            return new Entry(channel, type, in);
        }
        if (batches.size() == MAX_BATCH_DEPTH) {
            throw new DecodeException("batches nested more than " + MAX_BATCH_DEPTH + " deep");
        }
        batches.push(new Batch(in, in.uint()));
        return null;
    }
}
