package org.aliasrpc.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A number modulo p = 2^255 − 19, the field of edwards25519. Operations put their result into this object; operands may
 * be this object, too.
 *
 * <p>Five limbs of 51 bits, never negative. A product is <i>reduced</i>: its limbs are below 2^51 + 2^16. Sums and
 * differences are not carried, and products take what comes of it: limbs below 2^53.4, that is up to five reduced
 * numbers added, or a difference and two more. What {@link #subtract} takes away must be reduced, or
 * the negative of what is.
 *
 * <p>Limbs are multiplied in two halves that meet at bit 51, because the high one is {@link Math#multiplyHigh} of factors
 * moved up by 9 and 4 bits. The sum of the low parts needs neither masks nor carries: it is the sum of the products less
 * the sum of the high halves, exact modulo 2^64. multiplyHigh is one instruction once compiled; while interpreted on JDK
 * 17 it branches on the sign of its factors, which is why no limb may be negative.
 *
 * <p>No branch and no address depends on a number, except in methods whose names end in {@code Var}.
 */
final class FieldElement {
    static final int LENGTH = 32;

    private static final int LIMB_BITS = 51;
    private static final long MASK = (1L << LIMB_BITS) - 1;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    // 9 + 4 = 64 − 51
    private static final int UP_LEFT = 9;
    private static final int UP_RIGHT = 4;

    /** The limbs of 2p: what keeps a difference from getting negative. */
    private static final long TWO_P_0 = 2 * (MASK - 18);

    private static final long TWO_P = 2 * MASK;

    /** √−1. */
    private static final FieldElement ROOT_OF_MINUS_ONE = rootOfMinusOne();

    private long l0;
    private long l1;
    private long l2;
    private long l3;
    private long l4;

    /** Zero. */
    FieldElement() {}

    /**
     * @param value below 2^51
     */
    FieldElement(long value) {
        l0 = value;
    }

    /** Copies. */
    void set(FieldElement a) {
        l0 = a.l0;
        l1 = a.l1;
        l2 = a.l2;
        l3 = a.l3;
        l4 = a.l4;
    }

    /** {@code a + b}, not carried. */
    void add(FieldElement a, FieldElement b) {
        l0 = a.l0 + b.l0;
        l1 = a.l1 + b.l1;
        l2 = a.l2 + b.l2;
        l3 = a.l3 + b.l3;
        l4 = a.l4 + b.l4;
    }

    /** {@code a − b}, not carried; b must be reduced. */
    void subtract(FieldElement a, FieldElement b) {
        l0 = a.l0 + TWO_P_0 - b.l0;
        l1 = a.l1 + TWO_P - b.l1;
        l2 = a.l2 + TWO_P - b.l2;
        l3 = a.l3 + TWO_P - b.l3;
        l4 = a.l4 + TWO_P - b.l4;
    }

    /** {@code a · b}, reduced. */
    void multiply(FieldElement a, FieldElement b) {
        long a0 = a.l0;
        long a1 = a.l1;
        long a2 = a.l2;
        long a3 = a.l3;
        long a4 = a.l4;
        long b0 = b.l0 << UP_RIGHT;
        long b1 = b.l1 << UP_RIGHT;
        long b2 = b.l2 << UP_RIGHT;
        long b3 = b.l3 << UP_RIGHT;
        long b4 = b.l4 << UP_RIGHT;
        // What overflows 2^255 comes back times 19.
        long w1 = 19 * b1;
        long w2 = 19 * b2;
        long w3 = 19 * b3;
        long w4 = 19 * b4;
        long low0 = a0 * b0 + a1 * w4 + a2 * w3 + a3 * w2 + a4 * w1;
        long low1 = a0 * b1 + a1 * b0 + a2 * w4 + a3 * w3 + a4 * w2;
        long low2 = a0 * b2 + a1 * b1 + a2 * b0 + a3 * w4 + a4 * w3;
        long low3 = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + a4 * w4;
        long low4 = a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0;
        a0 <<= UP_LEFT;
        a1 <<= UP_LEFT;
        a2 <<= UP_LEFT;
        a3 <<= UP_LEFT;
        a4 <<= UP_LEFT;
        long high0 = Math.multiplyHigh(a0, b0)
                + Math.multiplyHigh(a1, w4)
                + Math.multiplyHigh(a2, w3)
                + Math.multiplyHigh(a3, w2)
                + Math.multiplyHigh(a4, w1);
        long high1 = Math.multiplyHigh(a0, b1)
                + Math.multiplyHigh(a1, b0)
                + Math.multiplyHigh(a2, w4)
                + Math.multiplyHigh(a3, w3)
                + Math.multiplyHigh(a4, w2);
        long high2 = Math.multiplyHigh(a0, b2)
                + Math.multiplyHigh(a1, b1)
                + Math.multiplyHigh(a2, b0)
                + Math.multiplyHigh(a3, w4)
                + Math.multiplyHigh(a4, w3);
        long high3 = Math.multiplyHigh(a0, b3)
                + Math.multiplyHigh(a1, b2)
                + Math.multiplyHigh(a2, b1)
                + Math.multiplyHigh(a3, b0)
                + Math.multiplyHigh(a4, w4);
        long high4 = Math.multiplyHigh(a0, b4)
                + Math.multiplyHigh(a1, b3)
                + Math.multiplyHigh(a2, b2)
                + Math.multiplyHigh(a3, b1)
                + Math.multiplyHigh(a4, b0);
        reduce(low0, low1, low2, low3, low4, high0, high1, high2, high3, high4);
    }

    /** {@code a²}, reduced. */
    void square(FieldElement a) {
        square(a, 1);
    }

    /** {@code a} to the power of {@code 2^times}, reduced; {@code times} is public and above 0. */
    void square(FieldElement a, int times) {
        set(a);
        for (int i = 0; i < times; i++) {
            long a0 = l0;
            long a1 = l1;
            long a2 = l2;
            long a3 = l3;
            long a4 = l4;
            long b0 = a0 << UP_RIGHT;
            long b1 = a1 << UP_RIGHT;
            long b2 = a2 << UP_RIGHT;
            long d1 = b1 << 1;
            long d2 = b2 << 1;
            long d3 = a3 << (UP_RIGHT + 1);
            long d4 = a4 << (UP_RIGHT + 1);
            long v3 = 19 * (a3 << UP_RIGHT);
            long v4 = 19 * (a4 << UP_RIGHT);
            long w3 = v3 << 1;
            long w4 = v4 << 1;
            long low0 = a0 * b0 + a1 * w4 + a2 * w3;
            long low1 = a0 * d1 + a2 * w4 + a3 * v3;
            long low2 = a0 * d2 + a1 * b1 + a3 * w4;
            long low3 = a0 * d3 + a1 * d2 + a4 * v4;
            long low4 = a0 * d4 + a1 * d3 + a2 * b2;
            a0 <<= UP_LEFT;
            a1 <<= UP_LEFT;
            a2 <<= UP_LEFT;
            a3 <<= UP_LEFT;
            a4 <<= UP_LEFT;
            long high0 = Math.multiplyHigh(a0, b0) + Math.multiplyHigh(a1, w4) + Math.multiplyHigh(a2, w3);
            long high1 = Math.multiplyHigh(a0, d1) + Math.multiplyHigh(a2, w4) + Math.multiplyHigh(a3, v3);
            long high2 = Math.multiplyHigh(a0, d2) + Math.multiplyHigh(a1, b1) + Math.multiplyHigh(a3, w4);
            long high3 = Math.multiplyHigh(a0, d3) + Math.multiplyHigh(a1, d2) + Math.multiplyHigh(a4, v4);
            long high4 = Math.multiplyHigh(a0, d4) + Math.multiplyHigh(a1, d3) + Math.multiplyHigh(a2, b2);
            reduce(low0, low1, low2, low3, low4, high0, high1, high2, high3, high4);
        }
    }

    /** Takes sums of products, times 2^4 modulo 2^64, and sums of their parts from bit 51 on. */
    private void reduce(
            long low0,
            long low1,
            long low2,
            long low3,
            long low4,
            long high0,
            long high1,
            long high2,
            long high3,
            long high4) {
        long c0 = ((low0 - (high0 << (LIMB_BITS + UP_RIGHT))) >>> UP_RIGHT) + 19 * high4;
        long c1 = ((low1 - (high1 << (LIMB_BITS + UP_RIGHT))) >>> UP_RIGHT) + high0;
        long c2 = ((low2 - (high2 << (LIMB_BITS + UP_RIGHT))) >>> UP_RIGHT) + high1;
        long c3 = ((low3 - (high3 << (LIMB_BITS + UP_RIGHT))) >>> UP_RIGHT) + high2;
        long c4 = ((low4 - (high4 << (LIMB_BITS + UP_RIGHT))) >>> UP_RIGHT) + high3;
        // Below 2^62, so one carry from each to the next leaves little over.
        l0 = (c0 & MASK) + 19 * (c4 >>> LIMB_BITS);
        l1 = (c1 & MASK) + (c0 >>> LIMB_BITS);
        l2 = (c2 & MASK) + (c1 >>> LIMB_BITS);
        l3 = (c3 & MASK) + (c2 >>> LIMB_BITS);
        l4 = (c4 & MASK) + (c3 >>> LIMB_BITS);
    }

    /** {@code 1 / a}, and 0 for 0. */
    void invert(FieldElement a) {
        FieldElement eleven = new FieldElement();
        FieldElement power = new FieldElement();
        power.powerOf250Ones(a, eleven);
        power.square(power, 5);
        multiply(power, eleven); // 2^255 − 21 = 32 (2^250 − 1) + 11
    }

    /**
     * A root of {@code u / v}, in variable time.
     *
     * @return whether there is one; else the content of this object is undefined
     */
    boolean rootOfRatioVar(FieldElement u, FieldElement v) {
        // u v³ (u v⁷)^((p − 5) / 8) is a root of ±u/v or of ±√−1 u/v (RFC 8032 §5.1.3).
        FieldElement uv3 = new FieldElement();
        uv3.square(v);
        uv3.multiply(uv3, v);
        FieldElement uv7 = new FieldElement();
        uv7.square(uv3);
        uv7.multiply(uv7, v);
        uv7.multiply(uv7, u);
        uv3.multiply(uv3, u);
        FieldElement power = new FieldElement();
        power.powerOf250Ones(uv7, new FieldElement());
        power.square(power, 2);
        power.multiply(power, uv7); // 2^252 − 3 = 4 (2^250 − 1) + 1
        FieldElement root = new FieldElement();
        root.multiply(power, uv3);

        FieldElement check = new FieldElement();
        check.square(root);
        check.multiply(check, v);
        FieldElement difference = new FieldElement();
        difference.subtract(check, reduced(u));
        if (difference.isZeroVar()) {
            set(root);
            return true;
        }
        difference.add(check, u);
        multiply(root, ROOT_OF_MINUS_ONE);
        return difference.isZeroVar();
    }

    /** {@code a^(2^250 − 1)}; a¹¹ on the way. */
    private void powerOf250Ones(FieldElement a, FieldElement eleven) {
        FieldElement ones = new FieldElement();
        FieldElement other = new FieldElement();
        other.square(a); // 2
        ones.square(other, 2); // 8
        ones.multiply(ones, a); // 9
        eleven.multiply(ones, other); // 11
        other.square(eleven); // 22
        ones.multiply(ones, other); // 31: five ones in binary
        FieldElement five = new FieldElement();
        five.set(ones);
        other.square(ones, 5);
        ones.multiply(ones, other); // 10 ones
        FieldElement ten = new FieldElement();
        ten.set(ones);
        other.square(ones, 10);
        ones.multiply(ones, other); // 20
        other.square(ones, 20);
        ones.multiply(ones, other); // 40
        ones.square(ones, 10);
        ones.multiply(ones, ten); // 50
        FieldElement fifty = new FieldElement();
        fifty.set(ones);
        other.square(ones, 50);
        ones.multiply(ones, other); // 100
        other.square(ones, 100);
        ones.multiply(ones, other); // 200
        ones.square(ones, 50);
        multiply(ones, fifty); // 250
    }

    /** {@code −a}, not carried; a must be reduced. */
    void negate(FieldElement a) {
        negateUnderMask(a, -1);
    }

    /** {@code −a} where the mask is −1, and {@code a} where it is 0; not carried; a must be reduced. */
    void negateUnderMask(FieldElement a, long mask) {
        l0 = (a.l0 ^ mask) - mask + (TWO_P_0 & mask);
        l1 = (a.l1 ^ mask) - mask + (TWO_P & mask);
        l2 = (a.l2 ^ mask) - mask + (TWO_P & mask);
        l3 = (a.l3 ^ mask) - mask + (TWO_P & mask);
        l4 = (a.l4 ^ mask) - mask + (TWO_P & mask);
    }

    /** Exchanges the two where the mask is −1, and does nothing where it is 0. */
    void swapUnderMask(FieldElement a, long mask) {
        long s0 = (l0 ^ a.l0) & mask;
        long s1 = (l1 ^ a.l1) & mask;
        long s2 = (l2 ^ a.l2) & mask;
        long s3 = (l3 ^ a.l3) & mask;
        long s4 = (l4 ^ a.l4) & mask;
        l0 ^= s0;
        l1 ^= s1;
        l2 ^= s2;
        l3 ^= s3;
        l4 ^= s4;
        a.l0 ^= s0;
        a.l1 ^= s1;
        a.l2 ^= s2;
        a.l3 ^= s3;
        a.l4 ^= s4;
    }

    /** Takes the bits of {@code a} on where the mask is −1: how one of many is chosen by reading them all. */
    void orUnderMask(FieldElement a, long mask) {
        l0 |= a.l0 & mask;
        l1 |= a.l1 & mask;
        l2 |= a.l2 & mask;
        l3 |= a.l3 & mask;
        l4 |= a.l4 & mask;
    }

    /** Becomes 0. */
    void clear() {
        l0 = 0;
        l1 = 0;
        l2 = 0;
        l3 = 0;
        l4 = 0;
    }

    /** Whether this is 0 modulo p, in variable time. */
    boolean isZeroVar() {
        FieldElement a = canonical();
        return (a.l0 | a.l1 | a.l2 | a.l3 | a.l4) == 0;
    }

    /** The lowest bit of the number below p: what the encoding of a point has of x. */
    int lowestBit() {
        return (int) canonical().l0 & 1;
    }

    /**
     * Reads a number.
     *
     * @param encoded 32 bytes little endian, of which the top bit is left out; may be p or more
     */
    void decode(byte[] encoded) {
        long w0 = (long) LONG.get(encoded, 0);
        long w1 = (long) LONG.get(encoded, 8);
        long w2 = (long) LONG.get(encoded, 16);
        long w3 = (long) LONG.get(encoded, 24);
        l0 = w0 & MASK;
        l1 = ((w0 >>> 51) | (w1 << 13)) & MASK;
        l2 = ((w1 >>> 38) | (w2 << 26)) & MASK;
        l3 = ((w2 >>> 25) | (w3 << 39)) & MASK;
        l4 = (w3 >>> 12) & MASK;
    }

    /** Whether {@link #encode} would give these 32 bytes, leaving out the top bit; in variable time. */
    boolean isEncodedAs(byte[] encoded) {
        byte[] own = new byte[LENGTH];
        encode(own);
        return Arrays.equals(own, 0, LENGTH - 1, encoded, 0, LENGTH - 1)
                && own[LENGTH - 1] == (encoded[LENGTH - 1] & 0x7f);
    }

    /**
     * Writes the number below p.
     *
     * @param out receives 32 bytes little endian
     */
    void encode(byte[] out) {
        FieldElement a = canonical();
        LONG.set(out, 0, a.l0 | a.l1 << 51);
        LONG.set(out, 8, a.l1 >>> 13 | a.l2 << 38);
        LONG.set(out, 16, a.l2 >>> 26 | a.l3 << 25);
        LONG.set(out, 24, a.l3 >>> 39 | a.l4 << 12);
    }

    private static FieldElement reduced(FieldElement a) {
        FieldElement reduced = new FieldElement();
        reduced.set(a);
        reduced.carry();
        return reduced;
    }

    /** The same number with limbs of 51 bits, below p. */
    private FieldElement canonical() {
        FieldElement a = reduced(this);
        a.carry(); // below 2^255 now
        long over = (a.l0 + 19) >> LIMB_BITS;
        over = (a.l1 + over) >> LIMB_BITS;
        over = (a.l2 + over) >> LIMB_BITS;
        over = (a.l3 + over) >> LIMB_BITS;
        over = (a.l4 + over) >> LIMB_BITS; // 1 from p on
        a.l0 += 19 * over;
        a.carryUp();
        a.l4 &= MASK;
        return a;
    }

    private void carry() {
        carryUp();
        l0 += 19 * (l4 >> LIMB_BITS);
        l4 &= MASK;
    }

    private void carryUp() {
        l1 += l0 >> LIMB_BITS;
        l0 &= MASK;
        l2 += l1 >> LIMB_BITS;
        l1 &= MASK;
        l3 += l2 >> LIMB_BITS;
        l2 &= MASK;
        l4 += l3 >> LIMB_BITS;
        l3 &= MASK;
    }

    /** {@code 2^((p − 1) / 4)}, as 2 is no square (RFC 8032 §5.1.3). */
    private static FieldElement rootOfMinusOne() {
        FieldElement two = new FieldElement(2);
        FieldElement root = new FieldElement();
        root.powerOf250Ones(two, new FieldElement());
        FieldElement eight = new FieldElement(8);
        root.square(root, 3); // (p − 1) / 4 = 2^253 − 5 = 8 (2^250 − 1) + 3
        root.multiply(root, eight);
        return root;
    }
}
