package org.aliasrpc.spring.metrics;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Gathers text up to a limit; counts on beyond it without keeping anything. */
final class TextBuffer extends OutputStream {
    private final int limit;
    private byte[] content;
    private long length;

    /**
     * @param expected bytes, to avoid growing
     * @param limit most bytes that are kept
     */
    TextBuffer(int expected, int limit) {
        this.content = new byte[Math.min(expected, limit)];
        this.limit = limit;
    }

    /** Bytes written, be they kept or not. */
    long length() {
        return length;
    }

    boolean isOverfull() {
        return length > limit;
    }

    /** What was written, not copied. */
    ByteBuffer toByteBuffer() {
        return ByteBuffer.wrap(content, 0, (int) length).asReadOnlyBuffer();
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        long after = length + count;
        if (after <= limit) {
            if (after > content.length) {
                content = Arrays.copyOf(content, (int) Math.min(limit, Math.max(after, 2L * content.length)));
            }
            System.arraycopy(bytes, offset, content, (int) length, count);
        }
        length = after;
    }
}
