package org.aliasrpc.encoding;

/**
 * The encoding of one kind of value.
 *
 * @param <T> the value, immutable
 */
public interface Codec<T> {
    /**
     * @param out where to append the value
     * @param value what to write
     */
    void encode(Writer out, T value);

    /**
     * Reads one value; leaves bytes behind it unread, which newer peers may have appended (encoding.md §1, R2).
     *
     * @param in positioned at the value
     * @return the value
     * @throws DecodeException if the bytes do not have this form
     */
    T decode(Reader in) throws DecodeException;

    /**
     * @param value what to write
     * @return its encoding, alone
     */
    default Bytes encode(T value) {
        Writer out = new Writer();
        encode(out, value);
        return out.toBytes();
    }

    /**
     * Decodes a whole byte string; bytes left over are ignored.
     *
     * @param encoded the value's encoding
     * @return the value
     * @throws DecodeException if the bytes do not have this form
     */
    default T decode(Bytes encoded) throws DecodeException {
        return decode(new Reader(encoded));
    }
}
