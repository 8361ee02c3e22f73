package org.aliasrpc.crypto;

import org.aliasrpc.encoding.Bytes;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
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

    private ChaCha20Poly1305() {}

    /**
     * @param key 32 bytes
     * @param number the message number, never used twice with one key
     * @param additional authenticated, not encrypted
     * @param plaintext of any length
     * @return the ciphertext, then the 16-byte tag
     */
    public static Bytes seal(SecretBytes key, long number, Bytes additional, Bytes plaintext) {
        try {
            return Bytes.wrap(process(true, key, number, additional, plaintext));
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException(e); // only decryption checks a tag
        }
    }

    /**
     * @param key 32 bytes
     * @param number the message number it was sealed with
     * @param additional what it was sealed with
     * @param ciphertext what {@link #seal} gave
     * @return the plaintext, or null if anything differs
     */
    public static @Nullable Bytes open(SecretBytes key, long number, Bytes additional, Bytes ciphertext) {
        if (ciphertext.length() < OVERHEAD) {
            return null;
        }
        try {
            return Bytes.wrap(process(false, key, number, additional, ciphertext));
        } catch (InvalidCipherTextException e) {
            return null;
        }
    }

    private static byte[] process(boolean encrypt, SecretBytes key, long number, Bytes additional, Bytes input)
            throws InvalidCipherTextException {
        byte[] nonce = new byte[12];
        for (int i = 0; i < 8; i++) {
            nonce[4 + i] = (byte) (number >>> (8 * i));
        }
        org.bouncycastle.crypto.modes.ChaCha20Poly1305 cipher = new org.bouncycastle.crypto.modes.ChaCha20Poly1305();
        cipher.init(
                encrypt,
                new AEADParameters(new KeyParameter(key.array()), 8 * OVERHEAD, nonce, additional.toByteArray()));
        byte[] content = input.toByteArray();
        byte[] output = new byte[cipher.getOutputSize(content.length)];
        int done = cipher.processBytes(content, 0, content.length, output, 0);
        cipher.doFinal(output, done);
        return output;
    }
}
