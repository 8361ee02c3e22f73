package org.aliasrpc.secretstream;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a byte stream into frames: {@code length (3, little endian), body}. Takes chunks of any size.
 *
 * <p>A body's array grows with what arrives, not with what was announced; but a peer that has
 * sent frames of half that length before gets the whole array at once, since it is likely to fill it.
 */
final class FrameReader {
    static final int LENGTH_BYTES = 3;

    /** Allocated at once for a body; longer ones double from here on. */
    private static final int FIRST_STEP = 8192;

    private static final byte[] NONE = new byte[0];

    private int lengthBytes;
    private int length;
    private byte[] body = NONE;
    private int have;
    private int usual; // length of the longest frame of late

    /** What {@link #next} says about a frame whose announced length is over the limit. */
    static final class TooLong extends Exception {
        private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    /**
     * Takes bytes up to the end of a frame.
     *
     * @param chunk its position moves over what was taken
     * @param maxLength longest body to accept
     * @return a body in an array of its own and of its length, or null if the chunk is used up
     */
    byte @Nullable [] next(ByteBuffer chunk, int maxLength) throws TooLong {
        while (lengthBytes < LENGTH_BYTES) {
            if (!chunk.hasRemaining()) {
                return null;
            }
            length |= (chunk.get() & 0xff) << (8 * lengthBytes++);
        }
        if (length > maxLength) {
            throw new TooLong();
        }
        int taken = Math.min(length - have, chunk.remaining());
        if (body.length < have + taken) {
            int step = Math.max(Math.max(FIRST_STEP, 2 * body.length), have + taken);
            body = Arrays.copyOf(body, usual >= length / 2 ? length : Math.min(length, step));
        }
        chunk.get(body, have, taken);
        have += taken;
        if (have < length) {
            return null;
        }
        byte[] complete = body;
        reset();
        return complete;
    }

    /** Bytes that are still missing of the frame under way; 0 between frames and inside a length. */
    int missing() {
        return lengthBytes < LENGTH_BYTES ? 0 : length - have;
    }

    /** Bytes of memory held for the frame under way. */
    int held() {
        return body.length;
    }

    /** Writes the length of a body in front of it. */
    static void writeLength(byte[] frame, int bodyLength) {
        frame[0] = (byte) bodyLength;
        frame[1] = (byte) (bodyLength >>> 8);
        frame[2] = (byte) (bodyLength >>> 16);
    }

    private void reset() {
        // Keep-alives come between long frames, so a short one counts for little.
        usual = Math.max(length, usual - usual / 64 - 1);
        lengthBytes = 0;
        length = 0;
        body = NONE;
        have = 0;
    }
}
