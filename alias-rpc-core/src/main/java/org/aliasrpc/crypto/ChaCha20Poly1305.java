package org.aliasrpc.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import org.aliasrpc.encoding.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * ChaCha20-Poly1305 (RFC 8439) with the nonces of Noise: four zero bytes, then the message number as eight bytes little
 * endian (crypto.md §7.1).
 */
public final class ChaCha20Poly1305 {
    /** Length of a key in bytes. */
    public static final int KEY_LENGTH = 32;

    /** How many bytes the ciphertext is longer than the plaintext. */
    public static final int OVERHEAD = 16;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] ZEROS = new byte[16];

    private ChaCha20Poly1305() {}

    /**
     * @param key 32 bytes
     * @param number the message number, never used twice with one key
     * @param additional authenticated, not encrypted
     * @param plaintext of any length
     * @return the ciphertext, then the 16-byte tag
     */
    public static Bytes seal(SecretBytes key, long number, Bytes additional, Bytes plaintext) {
        byte[] sealed = new byte[plaintext.length() + OVERHEAD];
        plaintext.copyTo(sealed, 0);
        try (ChaCha20 cipher = cipher(key, number)) {
            Poly1305 authenticator = authenticator(cipher);
            cipher.apply(sealed, 0, plaintext.length());
            byte[] tag = tag(authenticator, additional, sealed, plaintext.length());
            System.arraycopy(tag, 0, sealed, plaintext.length(), OVERHEAD);
        }
        return Bytes.wrap(sealed);
    }

    /**
     * @param key 32 bytes
     * @param number the message number it was sealed with
     * @param additional what it was sealed with
     * @param ciphertext what {@link #seal} gave
     * @return the plaintext, or null if anything differs
     */
    public static @Nullable Bytes open(SecretBytes key, long number, Bytes additional, Bytes ciphertext) {
        int length = ciphertext.length() - OVERHEAD;
        if (length < 0) {
            return null;
        }
        byte[] content = ciphertext.toByteArray();
        try (ChaCha20 cipher = cipher(key, number)) {
            byte[] tag = tag(authenticator(cipher), additional, content, length);
            if (!MessageDigest.isEqual(tag, Arrays.copyOfRange(content, length, content.length))) {
                return null;
            }
            cipher.apply(content, 0, length);
        }
        return Bytes.copyOf(content, 0, length);
    }

    private static ChaCha20 cipher(SecretBytes key, long number) {
        byte[] input = new byte[ChaCha20.INPUT_LENGTH]; // the number of the block, then the nonce
        LONG.set(input, 8, number);
        return new ChaCha20(key.array(), input);
    }

    /** Block 0 has the authenticator's key; the text takes what comes next (RFC 8439 §2.6). */
    private static Poly1305 authenticator(ChaCha20 cipher) {
        byte[] key = new byte[Poly1305.KEY_LENGTH];
        cipher.next(key);
        Poly1305 authenticator = new Poly1305();
        authenticator.init(key, 0);
        Arrays.fill(key, (byte) 0);
        return authenticator;
    }

    /** Over both texts, padded to whole blocks, and their lengths (RFC 8439 §2.8). */
    private static byte[] tag(Poly1305 authenticator, Bytes additional, byte[] ciphertext, int length) {
        byte[] first = additional.toByteArray();
        byte[] lengths = new byte[16];
        LONG.set(lengths, 0, (long) first.length);
        LONG.set(lengths, 8, (long) length);
        authenticator.update(first, 0, first.length);
        authenticator.update(ZEROS, 0, -first.length & 15);
        authenticator.update(ciphertext, 0, length);
        authenticator.update(ZEROS, 0, -length & 15);
        authenticator.update(lengths, 0, lengths.length);
        byte[] tag = new byte[OVERHEAD];
        authenticator.finish(tag);
        return tag;
    }
}
