package org.aliasrpc.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Numbers modulo L = 2^252 + 27742317777372353535851937790883648493, the order of the base point, as bytes little endian.
 *
 * <p>Limbs of 28 bits, nine of which are 252: what stands above 2^252 goes away by 2^252 ≡ −c, with c = L − 2^252 of 125
 * bits. Limbs may be negative on the way. No branch and no address depends on a number.
 */
final class Scalar {
    static final int LENGTH = 32;

    // L in words of 64 bits; the third one is 0.
    static final long ORDER_0 = 0x5812631a5cf5d3edL;
    static final long ORDER_1 = 0x14def9dea2f79cd6L;
    static final long ORDER_3 = 0x1000000000000000L;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int LIMB_BITS = 28;
    private static final long MASK = (1L << LIMB_BITS) - 1;
    private static final int LIMBS = 9;
    private static final int WIDE_LIMBS = 19;
    private static final int HALF_LIMBS = 10; // 256 bits
    private static final long[] C = limbs(order(), 5);

    private Scalar() {}

    /** L itself. */
    static byte[] order() {
        byte[] order = new byte[LENGTH];
        LONG.set(order, 0, ORDER_0);
        LONG.set(order, 8, ORDER_1);
        LONG.set(order, 24, ORDER_3);
        return order;
    }

    /**
     * The remainder.
     *
     * @param wide 64 bytes
     * @return 32 bytes, below L
     */
    static byte[] reduce(byte[] wide) {
        return reduce(limbs(wide, WIDE_LIMBS));
    }

    /**
     * {@code a · b + c}.
     *
     * @param a 32 bytes; at least one of a and b must be below L
     * @param b 32 bytes
     * @param c 32 bytes
     * @return 32 bytes, below L
     */
    static byte[] multiplyAdd(byte[] a, byte[] b, byte[] c) {
        long[] left = limbs(a, HALF_LIMBS);
        long[] right = limbs(b, HALF_LIMBS);
        long[] added = limbs(c, HALF_LIMBS);
        long[] sum = Arrays.copyOf(added, WIDE_LIMBS);
        for (int i = 0; i < HALF_LIMBS; i++) {
            for (int k = 0; k < HALF_LIMBS; k++) {
                sum[i + k] += left[i] * right[k]; // ten products of 56 bits: below 2^60
            }
        }
        carry(sum, 0, WIDE_LIMBS - 1);
        byte[] result = reduce(sum);
        Arrays.fill(left, 0);
        Arrays.fill(right, 0);
        Arrays.fill(added, 0);
        return result;
    }

    /** Whether a number is below L, in variable time. */
    static boolean isReducedVar(byte[] number) {
        byte[] order = order();
        for (int i = LENGTH - 1; i >= 0; i--) {
            int difference = (number[i] & 0xff) - (order[i] & 0xff);
            if (difference != 0) {
                return difference < 0;
            }
        }
        return false;
    }

    /** Uses the limbs up. */
    private static byte[] reduce(long[] x) {
        fold(x, 14, WIDE_LIMBS); // below 2^393 afterwards
        carry(x, 5, 13);
        fold(x, LIMBS, 14); // below 2^267
        carry(x, 0, LIMBS - 1);
        subtractTop(x); // from −2^141 to 2^252 + 2^141
        subtractTop(x); // from −L to L
        long negative = x[LIMBS - 1] >> 63;
        for (int i = 0; i < C.length; i++) {
            x[i] += C[i] & negative;
        }
        x[LIMBS - 1] += (1L << LIMB_BITS) & negative;
        carry(x, 0, LIMBS - 1);
        byte[] out = new byte[LENGTH];
        LONG.set(out, 0, x[0] | x[1] << 28 | x[2] << 56);
        LONG.set(out, 8, x[2] >>> 8 | x[3] << 20 | x[4] << 48);
        LONG.set(out, 16, x[4] >>> 16 | x[5] << 12 | x[6] << 40);
        LONG.set(out, 24, x[6] >>> 24 | x[7] << 4 | x[8] << 32);
        Arrays.fill(x, 0);
        return out;
    }

    /** Moves limbs down by 2^252. */
    private static void fold(long[] x, int from, int to) {
        for (int i = from; i < to; i++) {
            for (int k = 0; k < C.length; k++) {
                x[i - LIMBS + k] -= C[k] * x[i];
            }
            x[i] = 0;
        }
    }

    /** Subtracts L as often as 2^252 goes into the number, rounding down. */
    private static void subtractTop(long[] x) {
        long times = x[LIMBS - 1] >> LIMB_BITS;
        x[LIMBS - 1] &= MASK;
        for (int i = 0; i < C.length; i++) {
            x[i] -= C[i] * times;
        }
        carry(x, 0, LIMBS - 1);
    }

    /** Limbs from one to before another get 28 bits; that one takes the rest. */
    private static void carry(long[] x, int from, int last) {
        for (int i = from; i < last; i++) {
            x[i + 1] += x[i] >> LIMB_BITS;
            x[i] &= MASK;
        }
    }

    /** The lowest limbs of a number. */
    private static long[] limbs(byte[] number, int count) {
        long[] limbs = new long[count];
        for (int i = 0; i < count; i++) {
            int bit = LIMB_BITS * i; // starts in the middle of a byte if i is odd
            long value = 0;
            for (int k = 4; k >= 0; k--) {
                int at = (bit >> 3) + k;
                value = (value << 8) | (at < number.length ? number[at] & 0xff : 0);
            }
            limbs[i] = (value >>> (bit & 7)) & MASK;
        }
        return limbs;
    }
}
