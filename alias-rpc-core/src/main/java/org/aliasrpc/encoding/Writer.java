package org.aliasrpc.encoding;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes compact encoding into a growing array. Integers are little endian and take the shortest form.
 *
 * <p>Source: docs/protocol/encoding.md §1 to §6. Unlike the reference, which cuts the high bits, a value that does not
 * fit is refused.
 */
public final class Writer {
    private byte[] out;
    private int length;

    /** A writer for a small message; it grows. */
    public Writer() {
        this(64);
    }

    /**
     * @param expectedLength in bytes, to avoid growing
     */
    public Writer(int expectedLength) {
        this.out = new byte[Math.max(expectedLength, 8)];
    }

    /** Bytes written so far. */
    public int length() {
        return length;
    }

    /** A copy of what was written. */
    public Bytes toBytes() {
        return Bytes.copyOf(out, 0, length);
    }

    /** A copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(out, length);
    }

    /**
     * What was written, without a copy: a buffer over the writer's own array. The writer must not be used afterwards.
     */
    public ByteBuffer toByteBuffer() {
        return ByteBuffer.wrap(out, 0, length);
    }

    /**
     * A variable-length unsigned integer (encoding.md §3.1).
     *
     * @param value 0 to {@link Reader#MAX_UINT}
     */
    public Writer uint(long value) {
        if (value < 0 || value > Reader.MAX_UINT) {
            throw new IllegalArgumentException("uint must be between 0 and 9007199254740991, use biguint");
        }
        if (value <= 0xfc) {
            return little(value, 1);
        }
        if (value <= 0xffff) {
            return little(0xfd, 1).little(value, 2);
        }
        if (value <= 0xffffffffL) {
            return little(0xfe, 1).little(value, 4);
        }
        return little(0xff, 1).little(value, 8);
    }

    /**
     * @param value 0 to 255
     */
    public Writer uint8(int value) {
        return uintOfWidth(value, 1);
    }

    /**
     * @param value 0 to 65535
     */
    public Writer uint16(int value) {
        return uintOfWidth(value, 2);
    }

    /**
     * @param value 0 to 2^32 − 1
     */
    public Writer uint32(long value) {
        return uintOfWidth(value, 4);
    }

    /**
     * @param value 0 to {@link Reader#MAX_UINT}
     */
    public Writer uint64(long value) {
        return uintOfWidth(value, 8);
    }

    /**
     * An unsigned little-endian integer of a given width.
     *
     * @param value not negative, and small enough for the width and for {@link Reader#MAX_UINT}
     * @param width 1 to 8 bytes
     */
    public Writer uintOfWidth(long value, int width) {
        if (value < 0 || value > Reader.MAX_UINT || (width < 7 && value >>> (8 * width) != 0)) {
            throw new IllegalArgumentException(value + " does not fit " + width + " unsigned bytes");
        }
        return little(value, width);
    }

    /** One byte, 0 or 1. */
    public Writer bool(boolean value) {
        return little(value ? 1 : 0, 1);
    }

    /** Bytes without a length in front. */
    public Writer fixed(Bytes content) {
        return raw(content.array(), 0, content.length());
    }

    /**
     * Bytes without a length in front, which have to be of a given length.
     *
     * @throws IllegalArgumentException if they are not
     */
    public Writer fixed(Bytes content, int expectedLength) {
        if (content.length() != expectedLength) {
            throw new IllegalArgumentException("Incorrect buffer size");
        }
        return fixed(content);
    }

    /** A {@code uint} length and the bytes. */
    public Writer buffer(Bytes content) {
        return uint(content.length()).fixed(content);
    }

    /** As {@link #buffer}; absent is written as a length of zero. */
    public Writer optionalBuffer(@Nullable Bytes content) {
        return buffer(content == null ? Bytes.EMPTY : content);
    }

    /** A range of an array without a length in front. */
    public Writer raw(byte[] content, int offset, int count) {
        reserve(count);
        System.arraycopy(content, offset, out, length, count);
        length += count;
        return this;
    }

    /** What another writer has gathered, without a length in front. */
    public Writer append(Writer content) {
        return raw(content.out, 0, content.length);
    }

    /** A {@code uint} byte length and UTF-8 text; an unpaired surrogate is written as U+FFFD (encoding.md §4). */
    public Writer utf8(String text) {
        byte[] encoded = Utf8.encode(text);
        return uint(encoded.length).raw(encoded, 0, encoded.length);
    }

    /**
     * A {@code uint} byte length and the value in that many bytes (encoding.md §5.2).
     *
     * @param <T> the value
     */
    public <T> Writer frame(Codec<T> codec, T value) {
        return buffer(codec.encode(value));
    }

    /**
     * A {@code uint} count and the elements.
     *
     * @param <T> the elements
     */
    public <T> Writer array(Codec<T> codec, List<T> elements) {
        uint(elements.size());
        for (T element : elements) {
            codec.encode(this, element);
        }
        return this;
    }

    private Writer little(long value, int width) {
        reserve(width);
        for (int i = 0; i < width; i++) {
            out[length++] = (byte) (value >>> (8 * i));
        }
        return this;
    }

    private void reserve(int count) {
        if (out.length - length < count) {
            out = Arrays.copyOf(out, Math.max(2 * out.length, Math.addExact(length, count)));
        }
    }
}
