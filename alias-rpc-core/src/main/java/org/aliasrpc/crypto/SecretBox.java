package org.aliasrpc.crypto;

import java.security.MessageDigest;
import java.util.Arrays;
import org.aliasrpc.encoding.Bytes;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.jspecify.annotations.Nullable;

/**
 * NaCl's secretbox: XSalsa20-Poly1305 (crypto.md §6). A box is the 16-byte authenticator, then the ciphertext.
 */
public final class SecretBox {
    /** Length of a key in bytes. */
    public static final int KEY_LENGTH = 32;

    /** Length of a nonce in bytes. */
    public static final int NONCE_LENGTH = 24;

    /** How many bytes a box is longer than its message. */
    public static final int OVERHEAD = 16;

    private SecretBox() {}

    /**
     * @param key 32 bytes
     * @param nonce 24 bytes, never used twice with one key
     * @param message of any length
     * @return 16 bytes more than the message
     */
    public static Bytes seal(SecretBytes key, Bytes nonce, Bytes message) {
        byte[] box = new byte[OVERHEAD + message.length()];
        message.copyTo(box, OVERHEAD);
        XSalsa20Engine cipher = cipher(key, nonce);
        Poly1305 authenticator = authenticator(cipher);
        cipher.processBytes(box, OVERHEAD, message.length(), box, OVERHEAD);
        authenticator.update(box, OVERHEAD, message.length());
        byte[] mac = new byte[OVERHEAD];
        authenticator.finish(mac);
        System.arraycopy(mac, 0, box, 0, OVERHEAD);
        return Bytes.wrap(box);
    }

    /**
     * @param key 32 bytes
     * @param nonce the 24 bytes it was sealed with
     * @param box what {@link #seal} gave
     * @return the message, or null if the box was not sealed with this key and nonce or has been changed
     */
    public static @Nullable Bytes open(SecretBytes key, Bytes nonce, Bytes box) {
        if (box.length() < OVERHEAD) {
            return null;
        }
        byte[] content = box.toByteArray();
        int length = content.length - OVERHEAD;
        XSalsa20Engine cipher = cipher(key, nonce);
        Poly1305 authenticator = authenticator(cipher);
        byte[] mac = new byte[OVERHEAD];
        authenticator.update(content, OVERHEAD, length);
        authenticator.finish(mac);
        if (!MessageDigest.isEqual(mac, Arrays.copyOf(content, OVERHEAD))) {
            return null;
        }
        byte[] message = new byte[length];
        cipher.processBytes(content, OVERHEAD, length, message, 0);
        return Bytes.wrap(message);
    }

    private static XSalsa20Engine cipher(SecretBytes key, Bytes nonce) {
        XSalsa20Engine cipher = new XSalsa20Engine();
        cipher.init(true, new ParametersWithIV(new KeyParameter(key.array()), nonce.toByteArray()));
        return cipher;
    }

    /** The first 32 bytes of the key stream are the authenticator's key; the message takes what comes next. */
    private static Poly1305 authenticator(XSalsa20Engine cipher) {
        byte[] key = new byte[Poly1305.KEY_LENGTH];
        cipher.processBytes(key, 0, key.length, key, 0);
        Poly1305 authenticator = new Poly1305();
        authenticator.init(key, 0);
        Arrays.fill(key, (byte) 0);
        return authenticator;
    }
}
