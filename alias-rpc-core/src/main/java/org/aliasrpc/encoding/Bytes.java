package org.aliasrpc.encoding;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable string of bytes with value equality.
 *
 * <p>Not for secrets: {@link #toString} shows the content, and {@link #equals} takes variable time.
 */
public final class Bytes implements Comparable<Bytes> {
    /** No bytes at all. */
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private static final int SHOWN = 64;

    private final byte[] content;
    private int hash;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /**
     * @param content the bytes to copy
     */
    public static Bytes copyOf(byte... content) {
        return content.length == 0 ? EMPTY : new Bytes(content.clone());
    }

    /**
     * Copies a range.
     *
     * @param content the array to copy from
     * @param offset where the range starts
     * @param length its length in bytes
     */
    public static Bytes copyOf(byte[] content, int offset, int length) {
        return length == 0 ? EMPTY : new Bytes(Arrays.copyOfRange(content, offset, offset + length));
    }

    /**
     * Copies what remains of a buffer, leaving its position alone.
     *
     * @param content the buffer to copy from
     */
    public static Bytes copyOf(ByteBuffer content) {
        if (!content.hasRemaining()) {
            return EMPTY;
        }
        byte[] copy = new byte[content.remaining()];
        content.get(content.position(), copy);
        return new Bytes(copy);
    }

    /**
     * Takes an array over without a copy. The caller must neither keep nor change it.
     *
     * @param content the array that becomes the content
     */
    public static Bytes wrap(byte[] content) {
        return content.length == 0 ? EMPTY : new Bytes(content);
    }

    /**
     * @param text encoded as UTF-8, for constants; {@link Writer#utf8} has the protocol's rules for lone surrogates
     */
    public static Bytes utf8(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * @param hex hexadecimal digits, either case
     * @throws IllegalArgumentException if they are not
     */
    public static Bytes fromHex(String hex) {
        return wrap(HexFormat.of().parseHex(hex));
    }

    /**
     * Joins byte strings.
     *
     * @param parts in order
     */
    public static Bytes concat(Bytes... parts) {
        int length = 0;
        for (Bytes part : parts) {
            length += part.length();
        }
        byte[] joined = new byte[length];
        int at = 0;
        for (Bytes part : parts) {
            System.arraycopy(part.content, 0, joined, at, part.length());
            at += part.length();
        }
        return wrap(joined);
    }

    /** Length in bytes. */
    public int length() {
        return content.length;
    }

    /** Whether there is no byte. */
    public boolean isEmpty() {
        return content.length == 0;
    }

    /**
     * @param index zero-based
     * @return the byte there, signed
     */
    public byte at(int index) {
        return content[index];
    }

    /** A copy as an array. */
    public byte[] toByteArray() {
        return content.clone();
    }

    /** A read-only view, from the first byte to the last. */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(content).asReadOnlyBuffer();
    }

    /**
     * Copies all bytes into an array.
     *
     * @param target where to
     * @param offset the first byte to overwrite
     */
    public void copyTo(byte[] target, int offset) {
        System.arraycopy(content, 0, target, offset, content.length);
    }

    /**
     * @param from first byte
     * @param to one past the last byte
     */
    public Bytes slice(int from, int to) {
        return from == 0 && to == content.length ? this : copyOf(content, from, to - from);
    }

    /** All bytes as lower-case hexadecimal digits. */
    public String toHex() {
        return HexFormat.of().formatHex(content);
    }

    /** The content itself; callers within this package must not change it. */
    byte[] array() {
        return content;
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(content, other.content);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        if (hash == 0) {
            hash = Arrays.hashCode(content);
        }
        return hash;
    }

    /** Hexadecimal digits of at most the first 64 bytes. */
    @Override
    public String toString() {
        return content.length <= SHOWN
                ? toHex()
                : HexFormat.of().formatHex(content, 0, SHOWN) + "… (" + content.length + " bytes)";
    }
}
