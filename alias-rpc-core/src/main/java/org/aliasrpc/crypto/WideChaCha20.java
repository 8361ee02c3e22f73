package org.aliasrpc.crypto;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * ChaCha20 (RFC 8439 §2.3 and §2.4) for long texts: many blocks at once, in a form that the JIT compiler turns into
 * vector instructions. Only for JDKs whose own cipher has none ({@link #MIN_LENGTH}).
 *
 * <p>Word {@code w} of the state of block {@code i} is {@code lanes[w][i]}, so a quarter round of all blocks is one loop
 * over four arrays with the same index. What the compiler needs: nothing but loads, stores, sums, exclusive ors and
 * rotations of ints in that loop, a method of its own for it, and several times more blocks than a vector has lanes.
 *
 * <p>No branch and no address depends on key or text. Bytes and words meet in bulk copies only: no loop stores words in
 * an array of bytes, which C2 of JDK 17.0.15 was seen to compile wrongly.
 */
final class WideChaCha20 {
    /** From how many bytes on this is faster than the JDK's cipher, which has vector code of its own from 20 on. */
    static final int MIN_LENGTH = Runtime.version().feature() < 20 ? 4096 : Integer.MAX_VALUE;

    /** How many blocks are computed at once: 16 KB of state, half of a first-level cache. */
    static final int MAX_LANES = 256;

    private static final int LONGS = ChaCha20.WORDS / 2;
    private static final int DOUBLE_ROUNDS = 10;

    private final int[] start;
    private final int[][] lanes;
    private final long[] text;

    private WideChaCha20(int[] start, int blocks) {
        this.start = start;
        this.lanes = new int[ChaCha20.WORDS][blocks];
        this.text = new long[LONGS * blocks];
    }

    /**
     * Encrypts or decrypts in place.
     *
     * @param start the state of the first block: constants, key, number of the block, nonce; wiped
     * @param buffer holds the text
     * @param offset where it starts
     * @param length its length in bytes, at least 1
     */
    static void apply(int[] start, byte[] buffer, int offset, int length) {
        int blocks = (length + ChaCha20.BLOCK - 1) / ChaCha20.BLOCK;
        int passes = (blocks + MAX_LANES - 1) / MAX_LANES;
        int blocksOfPass = (blocks + passes - 1) / passes;
        WideChaCha20 cipher = new WideChaCha20(start, blocksOfPass);
        int step = blocksOfPass * ChaCha20.BLOCK;
        for (int at = 0; at < length; at += step) {
            cipher.pass(buffer, offset + at, Math.min(step, length - at));
            start[ChaCha20.COUNTER] += blocksOfPass;
        }
        cipher.wipe();
    }

    private void pass(byte[] buffer, int offset, int length) {
        mix();
        LongBuffer view = ByteBuffer.wrap(buffer, offset, length)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer();
        int whole = view.remaining();
        view.get(0, text, 0, whole);
        Arrays.fill(text, whole, text.length, 0);
        for (int w = 0; w < ChaCha20.WORDS; w += 2) {
            xor(lanes[w], lanes[w + 1], text, w / 2);
        }
        view.put(0, text, 0, whole);
        for (int i = whole * Long.BYTES; i < length; i++) {
            buffer[offset + i] ^= (byte) (text[whole] >>> (8 * i)); // shifts count modulo 64
        }
    }

    /** Key stream blocks, from the one in {@link #start} on. */
    private void mix() {
        int[][] s = lanes;
        for (int w = 0; w < ChaCha20.WORDS; w++) {
            Arrays.fill(s[w], start[w]);
        }
        count(s[ChaCha20.COUNTER]);
        for (int i = 0; i < DOUBLE_ROUNDS; i++) {
            quarterRound(s[0], s[4], s[8], s[12]);
            quarterRound(s[1], s[5], s[9], s[13]);
            quarterRound(s[2], s[6], s[10], s[14]);
            quarterRound(s[3], s[7], s[11], s[15]);
            quarterRound(s[0], s[5], s[10], s[15]);
            quarterRound(s[1], s[6], s[11], s[12]);
            quarterRound(s[2], s[7], s[8], s[13]);
            quarterRound(s[3], s[4], s[9], s[14]);
        }
        for (int w = 0; w < ChaCha20.WORDS; w++) {
            add(s[w], start[w]);
        }
        count(s[ChaCha20.COUNTER]);
    }

    private static void quarterRound(int[] as, int[] bs, int[] cs, int[] ds) {
        for (int i = 0; i < as.length; i++) {
            int a = as[i];
            int b = bs[i];
            int c = cs[i];
            int d = ds[i];
            a += b;
            d = Integer.rotateLeft(d ^ a, 16);
            c += d;
            b = Integer.rotateLeft(b ^ c, 12);
            a += b;
            d = Integer.rotateLeft(d ^ a, 8);
            c += d;
            b = Integer.rotateLeft(b ^ c, 7);
            as[i] = a;
            bs[i] = b;
            cs[i] = c;
            ds[i] = d;
        }
    }

    private static void add(int[] words, int summand) {
        for (int i = 0; i < words.length; i++) {
            words[i] += summand;
        }
    }

    /** Each block has the number after that of the block before it. */
    private static void count(int[] counters) {
        for (int i = 0; i < counters.length; i++) {
            counters[i] += i;
        }
    }

    /** Two words of each block. */
    private static void xor(int[] low, int[] high, long[] text, int at) {
        for (int i = 0; i < low.length; i++) {
            text[LONGS * i + at] ^= (low[i] & 0xffffffffL) | (long) high[i] << 32;
        }
    }

    private void wipe() {
        for (int[] words : lanes) {
            Arrays.fill(words, 0);
        }
        Arrays.fill(text, 0);
        Arrays.fill(start, 0);
    }
}
