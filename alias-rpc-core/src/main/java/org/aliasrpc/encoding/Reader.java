package org.aliasrpc.encoding;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads compact encoding from a byte string. Checks every length before it allocates. Integers are little endian.
 *
 * <p>A failed read leaves the reader in an undefined position: give the message up.
 *
 * <p>Source: docs/protocol/encoding.md §1 to §6.
 */
public final class Reader {
    /** Largest value of a {@code uint}: 2^53 − 1. */
    public static final long MAX_UINT = (1L << 53) - 1;

    /** Most elements of an array (encoding.md §5.1). */
    public static final int MAX_ARRAY = 0x100000;

    private final ByteBuffer in;

    /**
     * @param encoded the bytes to read, which are not copied
     */
    public Reader(Bytes encoded) {
        this(ByteBuffer.wrap(encoded.array()));
    }

    /**
     * @param encoded the bytes to read, from position to limit; the buffer's own position does not move
     */
    public Reader(ByteBuffer encoded) {
        this.in = encoded.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Bytes not yet read. */
    public int remaining() {
        return in.remaining();
    }

    /** Whether a byte is left, which tells whether optional trailing fields follow (encoding.md §1, R3). */
    public boolean hasRemaining() {
        return in.hasRemaining();
    }

    /**
     * A variable-length unsigned integer of 1, 3, 5 or 9 bytes; longer forms than needed are accepted (encoding.md §3.1).
     *
     * @return 0 to {@link #MAX_UINT}
     * @throws DecodeException if bytes are missing or the number is larger
     */
    public long uint() throws DecodeException {
        int first = uint8();
        return switch (first) {
            case 0xfd -> uint16();
            case 0xfe -> uint32();
            case 0xff -> uint64();
            default -> first;
        };
    }

    /**
     * A {@code uint} that has to be small.
     *
     * @param max the largest value the caller can use
     * @throws DecodeException also if the number is larger
     */
    public int uint(int max) throws DecodeException {
        long value = uint();
        if (value > max) {
            throw new DecodeException("number " + value + " above " + max);
        }
        return (int) value;
    }

    /** One byte, 0 to 255. */
    public int uint8() throws DecodeException {
        require(1);
        return in.get() & 0xff;
    }

    /** Two bytes, 0 to 65535. */
    public int uint16() throws DecodeException {
        require(2);
        return in.getShort() & 0xffff;
    }

    /** Four bytes, 0 to 2^32 − 1. */
    public long uint32() throws DecodeException {
        require(4);
        return in.getInt() & 0xffffffffL;
    }

    /** Eight bytes, 0 to {@link #MAX_UINT}. */
    public long uint64() throws DecodeException {
        require(8);
        long value = in.getLong();
        if (value < 0 || value > MAX_UINT) {
            throw new DecodeException("uint must be between 0 and 9007199254740991, use biguint");
        }
        return value;
    }

    /**
     * An unsigned little-endian integer of a given width.
     *
     * @param width 1 to 8 bytes
     */
    public long uintOfWidth(int width) throws DecodeException {
        if (width == 8) {
            return uint64();
        }
        require(width);
        long value = 0;
        for (int shift = 0; shift < 8 * width; shift += 8) {
            value |= (in.get() & 0xffL) << shift;
        }
        if (value > MAX_UINT) {
            throw new DecodeException("uint must be between 0 and 9007199254740991, use biguint");
        }
        return value;
    }

    /** One byte; only 1 is true (encoding.md §3.4). */
    public boolean bool() throws DecodeException {
        return uint8() == 1;
    }

    /**
     * A number of bytes without a length in front.
     *
     * @param length in bytes
     */
    public Bytes fixed(int length) throws DecodeException {
        require(length);
        byte[] content = new byte[length];
        in.get(content);
        return Bytes.wrap(content);
    }

    /** A {@code uint} length and that many bytes. */
    public Bytes buffer() throws DecodeException {
        return fixed(length());
    }

    /** As {@link #buffer}, with zero length standing for absent. */
    public @Nullable Bytes optionalBuffer() throws DecodeException {
        Bytes content = buffer();
        return content.isEmpty() ? null : content;
    }

    /** Everything that is left, possibly nothing. */
    public Bytes raw() {
        byte[] content = new byte[in.remaining()];
        in.get(content);
        return Bytes.wrap(content);
    }

    /** A view of everything that is left; consumes it. Valid as long as the input buffer is. */
    public ByteBuffer rawView() {
        ByteBuffer view = in.slice();
        in.position(in.limit());
        return view;
    }

    /**
     * A view of the next bytes; consumes them. Valid as long as the input buffer is.
     *
     * @param length in bytes
     */
    public ByteBuffer view(int length) throws DecodeException {
        require(length);
        ByteBuffer view = in.slice(in.position(), length);
        in.position(in.position() + length);
        return view;
    }

    /** A {@code uint} byte length and UTF-8 text; malformed input becomes U+FFFD and never fails (encoding.md §4). */
    public String utf8() throws DecodeException {
        int length = length();
        ByteBuffer text = in.slice(in.position(), length);
        in.position(in.position() + length);
        return Utf8.decode(text);
    }

    /**
     * A {@code uint} byte length and that many bytes to read on their own; what the caller leaves unread there is
     * skipped (encoding.md §5.2).
     */
    public Reader frame() throws DecodeException {
        int length = length();
        Reader frame = new Reader(in.slice(in.position(), length));
        in.position(in.position() + length);
        return frame;
    }

    /**
     * A {@code uint} count and the elements.
     *
     * @param element reads one
     * @param <T> the elements
     * @throws DecodeException also above {@link #MAX_ARRAY} elements
     */
    public <T> List<T> array(Codec<T> element) throws DecodeException {
        long count = uint();
        if (count > MAX_ARRAY) {
            throw new DecodeException("Array is too big");
        }
        // Grows while reading: the count alone must not make us allocate.
        List<T> elements = new ArrayList<>((int) Math.min(count, 32));
        for (long i = 0; i < count; i++) {
            elements.add(element.decode(this));
        }
        return List.copyOf(elements);
    }

    private int length() throws DecodeException {
        long length = uint();
        if (length > in.remaining()) {
            throw DecodeException.outOfBounds();
        }
        return (int) length;
    }

    private void require(int length) throws DecodeException {
        if (in.remaining() < length) {
            throw DecodeException.outOfBounds();
        }
    }
}
