package org.aliasrpc.udx;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Bytes in order that the application has not taken yet. Packets are copied side by side into larger arrays, so that a burst
 * comes out as one piece; a piece handed out is never written again.
 */
final class ReceivedBytes {
    private static final int SMALLEST_CHUNK = 2 << 10;
    private static final int LARGEST_CHUNK = 64 << 10;

    private final ArrayDeque<ByteBuffer> full = new ArrayDeque<>(0);
    private byte[] chunk = new byte[0];
    private int taken;
    private int filled;
    private int nextChunk = SMALLEST_CHUNK;

    /** Room for bytes: the array is {@link #chunk}, the place the returned index. */
    private int reserve(int length) {
        if (chunk.length - filled < length) {
            flush();
            chunk = new byte[Math.max(nextChunk, length)];
            nextChunk = Math.min(2 * nextChunk, LARGEST_CHUNK);
            taken = 0;
            filled = 0;
        }
        int at = filled;
        filled += length;
        return at;
    }

    /** Appends the payload of a packet. */
    void add(Packet packet) {
        int at = reserve(packet.payloadLength());
        packet.copyPayload(chunk, at);
    }

    /** Appends bytes stored before. */
    void add(byte[] bytes) {
        int at = reserve(bytes.length);
        System.arraycopy(bytes, 0, chunk, at, bytes.length);
    }

    boolean isEmpty() {
        return filled == taken && full.isEmpty();
    }

    /** The next piece, or null. */
    @Nullable
    ByteBuffer take() {
        ByteBuffer piece = full.poll();
        if (piece != null) {
            return piece;
        }
        if (filled == taken) {
            return null;
        }
        piece = ByteBuffer.wrap(chunk, taken, filled - taken).slice();
        taken = filled;
        if (chunk.length > SMALLEST_CHUNK) {
            // An idle stream keeps no large array; a busy one gets a new one as large as it needed this time.
            nextChunk = Math.max(SMALLEST_CHUNK, Math.min(2 * piece.remaining(), LARGEST_CHUNK));
            chunk = new byte[0];
            taken = 0;
            filled = 0;
        }
        return piece;
    }

    private void flush() {
        if (filled > taken) {
            full.add(ByteBuffer.wrap(chunk, taken, filled - taken).slice());
        }
    }
}
