package org.aliasrpc.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Sums of multiples of one point, and multiplication by secret scalars with them: a comb of four teeth, 64 bits apart. No
 * branch and no address depends on the scalar, except in {@link #multiplyVar}.
 *
 * <p>An odd scalar below 2^256 is Σ ±2^i over all i below 256, with the sign of 2^i by bit i + 1 of the scalar and a plus
 * for 2^255. So the table holds P·(2^192 ± 2^128 ± 2^64 ± 1), the other half being the negatives, and the same multiplied
 * by 2^columns once and again for each further block; a column adds one entry of each block. Compared with windows of four
 * bits, most doublings are done once for the table and not again for each scalar: two scalars already pay for it, and
 * each remote key of a handshake meets three, with its check.
 *
 * <p>Source: Lim and Lee, "More Flexible Exponentiation with Precomputation", 1994; for the signs, Hedabou, Pinel and
 * Bénéteau, "Countermeasures for Preventing Comb Method Against SCA Attacks", 2005.
 */
final class EdwardsTable {
    private static final int TEETH = 4;
    private static final int TOOTH_BITS = 64;
    private static final int ENTRIES = 1 << (TEETH - 1);
    private static final int BASE_BLOCKS = 8;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Of the base point. */
    static final EdwardsTable BASE = new EdwardsTable(EdwardsPoint.base(), BASE_BLOCKS);

    private final int blocks;
    private final int columns;
    private final EdwardsPoint.Cached[] entries;

    /**
     * @param blocks a power of two up to 64: more take longer to make and shorter to multiply with
     */
    EdwardsTable(EdwardsPoint point, int blocks) {
        this.blocks = blocks;
        this.columns = TOOTH_BITS / blocks;
        this.entries = new EdwardsPoint.Cached[blocks * ENTRIES];
        EdwardsPoint[] sums = new EdwardsPoint[blocks];
        for (int block = 0; block < blocks; block++) {
            sums[block] = new EdwardsPoint();
        }
        int doubled = blocks * (TEETH - 1); // the last tooth has no minus to be turned round
        EdwardsPoint.Cached[] doubles = new EdwardsPoint.Cached[doubled];
        EdwardsPoint power = new EdwardsPoint();
        power.set(point);
        for (int i = 0; i < blocks * TEETH; i++) {
            EdwardsPoint.Cached cached = new EdwardsPoint.Cached(power);
            if (i < doubled) {
                sums[i % blocks].subtract(cached, true);
            } else {
                sums[i % blocks].add(cached, true);
            }
            if (i < blocks * TEETH - 1) {
                power.twice(true);
                if (i < doubled) {
                    doubles[i] = new EdwardsPoint.Cached(power);
                }
                for (int k = 1; k < columns; k++) {
                    power.twice(k == columns - 1);
                }
            }
        }
        for (int block = 0; block < blocks; block++) {
            fill(block, sums[block], doubles);
        }
    }

    /**
     * Entry m has a plus before 2^(64 i) where bit i of m is 1, and a minus elsewhere. From one to the next, in the order of
     * the Gray code, one sign changes.
     *
     * @param sum entry 0; used up
     */
    private void fill(int block, EdwardsPoint sum, EdwardsPoint.Cached[] doubles) {
        int m = 0;
        entries[block * ENTRIES] = new EdwardsPoint.Cached(sum);
        for (int i = 1; i < ENTRIES; i++) {
            int tooth = Integer.numberOfTrailingZeros(i);
            m ^= 1 << tooth;
            EdwardsPoint.Cached change = doubles[tooth * blocks + block];
            if (((m >> tooth) & 1) == 1) {
                sum.add(change, true);
            } else {
                sum.subtract(change, true);
            }
            entries[block * ENTRIES + m] = new EdwardsPoint.Cached(sum);
        }
    }

    /**
     * Multiplies. Exact for odd scalars and any point; an even scalar is first made odd by adding the group order, so that
     * the point must be of that order, or the neutral one.
     *
     * @param scalar 32 bytes little endian, below 2^255
     */
    EdwardsPoint multiply(byte[] scalar) {
        long[] signs = signs(scalar);
        EdwardsPoint product = new EdwardsPoint();
        EdwardsPoint.Cached chosen = new EdwardsPoint.Cached();
        for (int column = columns - 1; column >= 0; column--) {
            if (column < columns - 1) {
                product.twice(true);
            }
            for (int block = 0; block < blocks; block++) {
                int teeth = teeth(signs, block * columns + column);
                int negative = (teeth >> (TEETH - 1)) - 1;
                chosen.setToOneOf(entries, block * ENTRIES, ENTRIES, (teeth ^ negative) & (ENTRIES - 1));
                chosen.negateUnderMask(negative);
                product.add(chosen, block < blocks - 1);
            }
        }
        Arrays.fill(signs, 0);
        return product;
    }

    /** As {@link #multiply}, in variable time: looks up what it needs. */
    EdwardsPoint multiplyVar(byte[] scalar) {
        long[] signs = signs(scalar);
        EdwardsPoint product = new EdwardsPoint();
        for (int column = columns - 1; column >= 0; column--) {
            if (column < columns - 1) {
                product.twice(true);
            }
            for (int block = 0; block < blocks; block++) {
                int teeth = teeth(signs, block * columns + column);
                if (teeth >= ENTRIES) {
                    product.add(entries[block * ENTRIES + teeth - ENTRIES], block < blocks - 1);
                } else {
                    product.subtract(entries[block * ENTRIES + ENTRIES - 1 - teeth], block < blocks - 1);
                }
            }
        }
        return product;
    }

    /** Bit i of word t says the sign of 2^(64 t + i). */
    private static long[] signs(byte[] scalar) {
        long s0 = (long) LONG.get(scalar, 0);
        long s1 = (long) LONG.get(scalar, 8);
        long s2 = (long) LONG.get(scalar, 16);
        long s3 = (long) LONG.get(scalar, 24);
        long even = (s0 & 1) - 1;
        long a0 = Scalar.ORDER_0 & even;
        long a1 = Scalar.ORDER_1 & even;
        long a3 = Scalar.ORDER_3 & even;
        long sum0 = s0 + a0;
        long carry = carry(s0, a0, sum0);
        long sum1 = s1 + a1 + carry;
        carry = carry(s1, a1, sum1);
        long sum2 = s2 + carry;
        carry = carry(s2, 0, sum2);
        long sum3 = s3 + a3 + carry;
        // Half of it, and the plus before 2^255.
        return new long[] {
            (sum0 >>> 1) | (sum1 << 63),
            (sum1 >>> 1) | (sum2 << 63),
            (sum2 >>> 1) | (sum3 << 63),
            (sum3 >>> 1) | Long.MIN_VALUE
        };
    }

    /** The bits of all words at one place. */
    private static int teeth(long[] signs, int bit) {
        return (int) (((signs[0] >>> bit) & 1)
                | (((signs[1] >>> bit) & 1) << 1)
                | (((signs[2] >>> bit) & 1) << 2)
                | (((signs[3] >>> bit) & 1) << 3));
    }

    private static long carry(long a, long b, long sum) {
        return ((a & b) | ((a | b) & ~sum)) >>> 63;
    }
}
