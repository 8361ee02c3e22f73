package org.aliasrpc.crypto;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Z32;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that must not leak: a seed, a key, a password. Compared in constant time, never shown, wiped by {@link #close}.
 *
 * <p>Using it after {@code close} throws {@link IllegalStateException}. Not safe for use by several threads while one of
 * them closes it.
 */
public final class SecretBytes implements AutoCloseable {
    private static final int PARSED_LENGTH = 32;
    private static final int Z32_LENGTH = 52;

    private final byte[] content;
    private boolean closed;

    private SecretBytes(byte[] content) {
        this.content = content;
    }

    /**
     * @param content the bytes to copy; wiping the original is up to the caller
     */
    public static SecretBytes copyOf(byte[] content) {
        return new SecretBytes(content.clone());
    }

    /**
     * Copies a range.
     *
     * @param content the array to copy from
     * @param offset where the range starts
     * @param length its length in bytes
     */
    public static SecretBytes copyOf(byte[] content, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, content.length);
        return new SecretBytes(Arrays.copyOfRange(content, offset, offset + length));
    }

    /** Takes an array over without a copy: the caller must neither keep nor change it. */
    static SecretBytes wrap(byte[] content) {
        return new SecretBytes(content);
    }

    /**
     * @param random a cryptographically strong source, outside tests
     * @param length in bytes
     */
    public static SecretBytes random(RandomGenerator random, int length) {
        byte[] content = new byte[length];
        random.nextBytes(content);
        return new SecretBytes(content);
    }

    /**
     * Reads a 32-byte secret from configuration.
     *
     * @param text 64 hexadecimal digits of either case, or 52 characters of z-base-32
     * @param name what the secret is called there, for the error message
     * @throws IllegalArgumentException if text has neither form; the message holds the name and what is allowed, and
     *     nothing of the text
     */
    public static SecretBytes parse(String text, String name) {
        byte[] content = text.length() == Z32_LENGTH ? parseZ32(text) : parseHex(text);
        if (content == null) {
            // Without a cause: its message would quote characters of the secret.
            throw new IllegalArgumentException(name
                    + " must be 32 bytes, written as 64 hexadecimal digits or 52 characters of z-base-32; it is a text of "
                    + text.length() + " characters");
        }
        return new SecretBytes(content);
    }

    private static byte @Nullable [] parseHex(String text) {
        try {
            byte[] content = HexFormat.of().parseHex(text);
            return content.length == PARSED_LENGTH ? content : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static byte @Nullable [] parseZ32(String text) {
        try {
            return Z32.decode(text).toByteArray();
        } catch (DecodeException e) {
            return null;
        }
    }

    /** Length in bytes. */
    public int length() {
        return content.length;
    }

    /**
     * Copies all bytes into an array, which the caller has to wipe.
     *
     * @param target where to
     * @param offset the first byte to overwrite
     */
    public void copyTo(byte[] target, int offset) {
        System.arraycopy(array(), 0, target, offset, content.length);
    }

    /** Whether the bytes are the same; takes a time that depends on the lengths only. */
    public boolean contentEquals(Bytes other) {
        return MessageDigest.isEqual(array(), other.toByteArray());
    }

    /** Overwrites the bytes with zeros; they can no longer be used. A second call does nothing. */
    @Override
    public void close() {
        closed = true;
        Arrays.fill(content, (byte) 0);
    }

    /** The content itself, not to be kept or changed. */
    byte[] array() {
        if (closed) {
            throw new IllegalStateException("secret used after close");
        }
        return content;
    }

    /** Compares in constant time; a closed secret equals only itself. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof SecretBytes that
                        && !closed
                        && !that.closed
                        && MessageDigest.isEqual(content, that.content));
    }

    /** The length: a hash of the content would give it away. */
    @Override
    public int hashCode() {
        return content.length;
    }

    /** The length only. */
    @Override
    public String toString() {
        return "SecretBytes(" + content.length + " bytes)";
    }
}
