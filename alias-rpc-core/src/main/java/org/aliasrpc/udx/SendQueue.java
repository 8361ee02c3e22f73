package org.aliasrpc.udx;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Written bytes that were not sent yet, in the buffers they were written in. A packet takes a {@link Span} of them, which
 * leads through as many buffers as it needs; a buffer is freed by itself when no packet leads to it any more.
 */
final class SendQueue {
    private @Nullable Chunk head;
    private @Nullable Chunk tail;
    private int headOffset;
    private long length;

    /** Bytes that wait. */
    long length() {
        return length;
    }

    /** Appends bytes without a copy. */
    void add(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return; // an empty write sends nothing (udx.md §21.7)
        }
        Chunk chunk = new Chunk(bytes.slice());
        length += chunk.bytes.remaining();
        if (tail == null) {
            head = chunk;
            headOffset = 0;
        } else {
            tail.next = chunk;
        }
        tail = chunk;
    }

    /**
     * Takes bytes off the front.
     *
     * @param count at most {@link #length}
     */
    Span take(int count) {
        Span span = new Span(head, headOffset, count);
        length -= count;
        int left = count;
        while (left > 0 && head != null) {
            int here = Math.min(left, head.bytes.limit() - headOffset);
            left -= here;
            headOffset += here;
            if (headOffset == head.bytes.limit()) {
                head = head.next;
                headOffset = 0;
            }
        }
        if (head == null) {
            tail = null;
        }
        return span;
    }

    void clear() {
        head = null;
        tail = null;
        length = 0;
    }

    /** One written buffer. */
    private static final class Chunk {
        private final ByteBuffer bytes;
        private @Nullable Chunk next;

        Chunk(ByteBuffer bytes) {
            this.bytes = bytes;
        }
    }

    /** The bytes of one packet: where they begin, and how many they are. */
    static final class Span {
        private final @Nullable Chunk first;
        private final int offset;
        private final int length;

        private Span(@Nullable Chunk first, int offset, int length) {
            this.first = first;
            this.offset = offset;
            this.length = length;
        }

        int length() {
            return length;
        }

        void writeTo(PacketWriter out) {
            int left = length;
            int from = offset;
            for (Chunk chunk = first; left > 0 && chunk != null; chunk = chunk.next) {
                int here = Math.min(left, chunk.bytes.limit() - from);
                out.payload(chunk.bytes, from, here);
                left -= here;
                from = 0;
            }
        }
    }
}
