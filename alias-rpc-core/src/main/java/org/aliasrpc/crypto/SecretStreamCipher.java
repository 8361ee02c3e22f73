package org.aliasrpc.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.aliasrpc.encoding.Bytes;

/**
 * One direction of a secret stream: the XChaCha20-Poly1305 construction of libsodium's secretstream. Works in place on
 * the caller's array and keeps its ciphers, so a message costs no copy.
 *
 * <p>A sealed message is {@code tag (1, encrypted), ciphertext, authenticator (16)}, 17 bytes more than the plaintext.
 *
 * <p>The authenticated text pads the ciphertext with {@code length mod 16} zeros, not up to a multiple of 16: a quirk
 * that every peer has, and why no standard AEAD fits (secret-stream.md §7).
 *
 * <p>Not safe for use by several threads. Source: docs/protocol/secret-stream.md §7 and §8.
 */
public final class SecretStreamCipher implements AutoCloseable {
    /** How many bytes a sealed message is longer than its plaintext. */
    public static final int OVERHEAD = 17;

    /** Length of the header that both sides of a direction start from, in bytes. */
    public static final int HEADER_LENGTH = 24;

    /** What {@link #open} returns for a message that was not sealed by the peer as the next one. */
    public static final int FORGED = -1;

    private static final int KEY_LENGTH = 32;
    private static final int NONCE_LENGTH = 12;
    private static final int BLOCK = 64;
    private static final int FIRST_BLOCK = 2; // of the message: one is the authenticator's key, one has the tag
    private static final int MAC_LENGTH = 16;
    private static final int REKEY_BIT = 2;
    private static final byte[] NO_BYTES = new byte[0];
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final String ALGORITHM = "ChaCha20";
    private static final Provider PROVIDER = provider();
    private static final byte[] ZEROS = new byte[2 * BLOCK];

    private final byte[] key = new byte[KEY_LENGTH];
    private final byte[] nonce = new byte[NONCE_LENGTH]; // counter (4, little endian), then inonce (8)
    private final Poly1305 authenticator = new Poly1305();
    private final byte[] blocks = new byte[2 * BLOCK]; // the authenticator's key, then the block of the tag
    private final byte[] lengths = new byte[16];
    private final byte[] mac = new byte[MAC_LENGTH];
    private Cipher cipher;

    /**
     * @param key 32 bytes, copied
     * @param header the 24 bytes that the sender of this direction drew at random
     */
    public SecretStreamCipher(SecretBytes key, Bytes header) {
        if (key.length() != KEY_LENGTH || header.length() != HEADER_LENGTH) {
            throw new IllegalArgumentException("a key of 32 bytes and a header of 24 bytes expected");
        }
        byte[] start = header.toByteArray();
        ChaCha20.derive(key.array(), start, this.key);
        nonce[0] = 1;
        System.arraycopy(start, 16, nonce, 4, 8);
        this.cipher = newCipher();
    }

    /**
     * Encrypts in place. The plaintext must lie at {@code offset + 1}; the tag goes before it and the authenticator
     * behind it.
     *
     * @param buffer holds {@code length + 17} bytes from offset on
     * @param offset where the sealed message starts
     * @param length of the plaintext in bytes
     * @param tag 0 for a message; bit 1 changes the key after it
     */
    public void seal(byte[] buffer, int offset, int length, int tag) {
        seal(buffer, offset, length, tag, NO_BYTES);
    }

    void seal(byte[] buffer, int offset, int length, int tag, byte[] additional) {
        try {
            start();
            buffer[offset] = (byte) (blocks[BLOCK] ^ tag);
            blocks[BLOCK] = buffer[offset];
            crypt(buffer, offset + 1, length);
            authenticate(buffer, offset + 1, length, additional);
            System.arraycopy(mac, 0, buffer, offset + 1 + length, MAC_LENGTH);
            advance(tag);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // the JDK has this cipher since 11
        }
    }

    /**
     * Checks and decrypts in place; the plaintext is then at {@code offset + 1}.
     *
     * @param buffer holds the sealed message
     * @param offset where it starts
     * @param length of the sealed message, at least 17
     * @return the tag, 0 to 255; or {@link #FORGED}, with buffer and state as before
     */
    public int open(byte[] buffer, int offset, int length) {
        return open(buffer, offset, length, NO_BYTES);
    }

    int open(byte[] buffer, int offset, int length, byte[] additional) {
        int plaintext = length - OVERHEAD;
        if (plaintext < 0) {
            return FORGED;
        }
        try {
            start();
            int tag = (blocks[BLOCK] ^ buffer[offset]) & 0xff;
            blocks[BLOCK] = buffer[offset];
            authenticate(buffer, offset + 1, plaintext, additional);
            if (!sameMac(buffer, offset + 1 + plaintext)) {
                cipher = newCipher(); // the old one would refuse this key and nonce for the next attempt
                return FORGED;
            }
            crypt(buffer, offset + 1, plaintext);
            advance(tag);
            return tag;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Wipes the key. */
    @Override
    public void close() {
        Arrays.fill(key, (byte) 0);
        Arrays.fill(blocks, (byte) 0);
    }

    /** The key and the nonce, for comparing with recorded states. */
    byte[] state() {
        byte[] state = Arrays.copyOf(key, KEY_LENGTH + NONCE_LENGTH);
        System.arraycopy(nonce, 0, state, KEY_LENGTH, NONCE_LENGTH);
        return state;
    }

    /** Goes on from a recorded state: nobody waits for the 2^32 messages until the counter wraps. */
    void restore(byte[] state) {
        System.arraycopy(state, 0, key, 0, KEY_LENGTH);
        System.arraycopy(state, KEY_LENGTH, nonce, 0, NONCE_LENGTH);
    }

    /** Takes the first 128 bytes of the key stream; the message is encrypted with what follows. */
    private void start() throws GeneralSecurityException {
        initialise();
        cipher.update(ZEROS, 0, 2 * BLOCK, blocks, 0);
        authenticator.init(blocks, 0);
    }

    private void initialise() throws GeneralSecurityException {
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, ALGORITHM), new ChaCha20ParameterSpec(nonce, 0));
    }

    /** Encrypts or decrypts the message in place. */
    private void crypt(byte[] buffer, int offset, int length) throws GeneralSecurityException {
        if (length < WideChaCha20.MIN_LENGTH) {
            cipher.update(buffer, offset, length, buffer, offset);
        } else {
            byte[] input = new byte[ChaCha20.INPUT_LENGTH];
            input[0] = FIRST_BLOCK;
            System.arraycopy(nonce, 0, input, ChaCha20.INPUT_LENGTH - NONCE_LENGTH, NONCE_LENGTH);
            WideChaCha20.apply(ChaCha20.state(key, input), buffer, offset, length);
        }
    }

    private void authenticate(byte[] buffer, int offset, int length, byte[] additional) {
        authenticator.update(additional, 0, additional.length);
        authenticator.update(ZEROS, 0, -additional.length & 15);
        authenticator.update(blocks, BLOCK, BLOCK);
        authenticator.update(buffer, offset, length);
        authenticator.update(ZEROS, 0, length & 15);
        LONG.set(lengths, 0, (long) additional.length);
        LONG.set(lengths, 8, (long) BLOCK + length);
        authenticator.update(lengths, 0, lengths.length);
        authenticator.finish(mac);
    }

    private boolean sameMac(byte[] buffer, int offset) {
        int difference = 0;
        for (int i = 0; i < MAC_LENGTH; i++) {
            difference |= mac[i] ^ buffer[offset + i];
        }
        return difference == 0;
    }

    private void advance(int tag) throws GeneralSecurityException {
        for (int i = 0; i < 8; i++) {
            nonce[4 + i] ^= mac[i];
        }
        int counter = (int) INT.get(nonce, 0) + 1;
        INT.set(nonce, 0, counter);
        if ((tag & REKEY_BIT) != 0 || counter == 0) {
            rekey();
        }
    }

    private void rekey() throws GeneralSecurityException {
        byte[] material = Arrays.copyOf(key, KEY_LENGTH + 8);
        System.arraycopy(nonce, 4, material, KEY_LENGTH, 8);
        initialise();
        cipher.update(material, 0, material.length, material, 0);
        System.arraycopy(material, 0, key, 0, KEY_LENGTH);
        INT.set(nonce, 0, 1);
        System.arraycopy(material, KEY_LENGTH, nonce, 4, 8);
        Arrays.fill(material, (byte) 0);
    }

    private static Cipher newCipher() {
        try {
            // With the provider at hand none has to be looked for: a connection needs two ciphers.
            return Cipher.getInstance(ALGORITHM, PROVIDER);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Provider provider() {
        try {
            return Cipher.getInstance(ALGORITHM).getProvider();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
