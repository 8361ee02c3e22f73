package org.aliasrpc.crypto;

import java.util.Arrays;
import org.bouncycastle.crypto.engines.ChaChaEngine;

/**
 * ChaCha20 (RFC 8439 §2.3 and §2.4) for texts of a few blocks, over BouncyCastle's block function: starting the JDK's
 * cipher takes longer than they do.
 *
 * <p>Not safe for use by several threads.
 */
final class ChaCha20 implements AutoCloseable {
    static final int KEY_LENGTH = 32;
    static final int BLOCK = 64;

    /** Length of what follows the key in the state: counter and nonce, which protocols divide differently. */
    static final int INPUT_LENGTH = 16;

    static final int WORDS = 16;

    /** Which word of the state is the number of the block. */
    static final int COUNTER = 12;

    private static final int ROUNDS = 20;
    private static final int[] CONSTANTS = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

    private final int[] state;
    private final int[] mixed = new int[WORDS];

    /**
     * @param key 32 bytes
     * @param input at least 16 bytes, of which the first four are the number of the first block
     */
    ChaCha20(byte[] key, byte[] input) {
        this.state = state(key, input);
    }

    /**
     * What the block function starts from: constants, key, number of the block, nonce.
     *
     * @param key 32 bytes
     * @param input at least 16 bytes
     */
    static int[] state(byte[] key, byte[] input) {
        int[] state = Arrays.copyOf(CONSTANTS, WORDS);
        for (int i = 0; i < KEY_LENGTH / 4; i++) {
            state[CONSTANTS.length + i] = word(key, 4 * i);
        }
        for (int i = 0; i < INPUT_LENGTH / 4; i++) {
            state[COUNTER + i] = word(input, 4 * i);
        }
        return state;
    }

    /**
     * HChaCha20: another key, from a key and half of a long nonce (draft-irtf-cfrg-xchacha-03 §2.2).
     *
     * @param key 32 bytes
     * @param input at least 16 bytes
     * @param out receives 32 bytes
     */
    static void derive(byte[] key, byte[] input, byte[] out) {
        try (ChaCha20 cipher = new ChaCha20(key, input)) {
            cipher.mix();
            for (int i = 0; i < WORDS; i++) {
                cipher.mixed[i] -= cipher.state[i]; // the block function adds its input at the end, this one does not
            }
            for (int i = 0; i < KEY_LENGTH / 2; i++) {
                out[i] = cipher.mixedByte(i);
                out[KEY_LENGTH / 2 + i] = cipher.mixedByte(4 * COUNTER + i);
            }
        }
    }

    /**
     * Takes the beginning of the next block of the key stream.
     *
     * @param out receives up to 64 bytes
     */
    void next(byte[] out) {
        mix();
        state[COUNTER]++;
        for (int i = 0; i < out.length; i++) {
            out[i] = mixedByte(i);
        }
    }

    /** Encrypts or decrypts in place, from a new block on. */
    void apply(byte[] text, int offset, int length) {
        for (int at = 0; at < length; at += BLOCK) {
            mix();
            state[COUNTER]++;
            int end = Math.min(BLOCK, length - at);
            for (int i = 0; i < end; i++) {
                text[offset + at + i] ^= mixedByte(i);
            }
        }
    }

    @Override
    public void close() {
        Arrays.fill(state, 0);
        Arrays.fill(mixed, 0);
    }

    private void mix() {
        ChaChaEngine.chachaCore(ROUNDS, state, mixed);
    }

    // Byte by byte and not by a view of words: C2 of JDK 17.0.15 compiles the loops over such a view that stood here
    // into something else (ChaCha20Poly1305Test).

    private byte mixedByte(int index) {
        return (byte) (mixed[index >> 2] >>> (8 * (index & 3)));
    }

    private static int word(byte[] bytes, int at) {
        return (bytes[at] & 0xff)
                | ((bytes[at + 1] & 0xff) << 8)
                | ((bytes[at + 2] & 0xff) << 16)
                | (bytes[at + 3] << 24);
    }
}
