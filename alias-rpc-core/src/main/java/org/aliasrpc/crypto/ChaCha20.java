package org.aliasrpc.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
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

    private static final int ROUNDS = 20;
    private static final int WORDS = 16;
    private static final int COUNTER = 12;
    private static final int[] CONSTANTS = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final int[] state = Arrays.copyOf(CONSTANTS, WORDS);
    private final int[] mixed = new int[WORDS];

    /**
     * @param key 32 bytes
     * @param input at least 16 bytes, of which the first four are the number of the first block
     */
    ChaCha20(byte[] key, byte[] input) {
        for (int i = 0; i < KEY_LENGTH / 4; i++) {
            state[CONSTANTS.length + i] = (int) INT.get(key, 4 * i);
        }
        for (int i = 0; i < INPUT_LENGTH / 4; i++) {
            state[COUNTER + i] = (int) INT.get(input, 4 * i);
        }
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
            for (int i = 0; i < 4; i++) {
                // The block function adds its input at the end, this one does not.
                INT.set(out, 4 * i, cipher.mixed[i] - cipher.state[i]);
                INT.set(out, 16 + 4 * i, cipher.mixed[COUNTER + i] - cipher.state[COUNTER + i]);
            }
        }
    }

    /**
     * The next block of the key stream.
     *
     * @param out receives 64 bytes
     */
    void next(byte[] out) {
        mix();
        for (int i = 0; i < WORDS; i++) {
            INT.set(out, 4 * i, mixed[i]);
        }
        state[COUNTER]++;
    }

    /** Encrypts or decrypts in place, from a new block on. */
    void apply(byte[] text, int offset, int length) {
        byte[] block = new byte[BLOCK];
        for (int i = 0; i < length; i++) {
            if (i % BLOCK == 0) {
                next(block);
            }
            text[offset + i] ^= block[i % BLOCK];
        }
        Arrays.fill(block, (byte) 0);
    }

    @Override
    public void close() {
        Arrays.fill(state, 0);
        Arrays.fill(mixed, 0);
    }

    private void mix() {
        ChaChaEngine.chachaCore(ROUNDS, state, mixed);
    }
}
