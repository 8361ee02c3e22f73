package org.aliasrpc.crypto;

import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.jspecify.annotations.Nullable;

/**
 * Verifies signatures with exactly the reference's rules: {@code encode(S·B − h·A)} must equal the bytes of R, without the
 * cofactor; neither A nor R may be of small order; A must be canonical and S below the group order.
 *
 * <p>BouncyCastle multiplies by the cofactor, so the two differ on crafted signatures, and nodes that differ about a stored
 * record cannot serve it to one another (crypto.md §2, "exact"). All inputs are public: the time varies with them.
 */
final class Ed25519Verifier {
    private static final int KEY_WIDTH = 5;
    private static final int BASE_WIDTH = 7;
    private static final int DIGITS = 256;
    private static final EdwardsPoint.Cached[] BASE_MULTIPLES =
            oddMultiples(EdwardsPoint.base(), 1 << (BASE_WIDTH - 2));

    private Ed25519Verifier() {}

    /**
     * @param key 32 bytes
     * @param message what was signed
     * @param signature 64 bytes: R, then S
     */
    static boolean verify(byte[] key, byte[] message, byte[] signature) {
        byte[] s = Arrays.copyOfRange(signature, 32, 64);
        if (!Scalar.isReducedVar(s)) {
            return false;
        }
        EdwardsPoint negatedKey = decodeNegated(key);
        if (negatedKey == null) {
            return false;
        }
        byte[] h = challenge(signature, key, message);
        EdwardsPoint sum = multiplyAdd(s, h, negatedKey);
        byte[] encoded = new byte[32];
        sum.encode(encoded);
        return Arrays.equals(encoded, 0, 32, signature, 0, 32) && !sum.hasSmallOrderVar();
    }

    private static @Nullable EdwardsPoint decodeNegated(byte[] key) {
        byte[] negated = key.clone();
        negated[31] ^= (byte) 0x80;
        EdwardsPoint point = EdwardsPoint.decodeVar(negated);
        return point == null || point.hasSmallOrderVar() ? null : point;
    }

    /** SHA-512(R, A, M) modulo the group order, little endian. */
    private static byte[] challenge(byte[] signature, byte[] key, byte[] message) {
        SHA512Digest digest = new SHA512Digest();
        byte[] hash = new byte[64];
        digest.update(signature, 0, 32);
        digest.update(key, 0, 32);
        digest.update(message, 0, message.length);
        digest.doFinal(hash, 0);
        return Scalar.reduce(hash);
    }

    /** {@code s·B + h·point}, both scalars in sliding windows over one row of doublings. */
    private static EdwardsPoint multiplyAdd(byte[] s, byte[] h, EdwardsPoint point) {
        EdwardsPoint.Cached[] multiples = oddMultiples(point, 1 << (KEY_WIDTH - 2));
        byte[] baseDigits = nonAdjacentForm(s, BASE_WIDTH);
        byte[] keyDigits = nonAdjacentForm(h, KEY_WIDTH);
        EdwardsPoint sum = new EdwardsPoint();
        int at = DIGITS - 1;
        while (at >= 0 && baseDigits[at] == 0 && keyDigits[at] == 0) {
            at--;
        }
        for (; at >= 0; at--) {
            boolean adds = baseDigits[at] != 0 || keyDigits[at] != 0;
            sum.twice(adds);
            addMultiple(sum, baseDigits[at], BASE_MULTIPLES, keyDigits[at] != 0);
            addMultiple(sum, keyDigits[at], multiples, false);
        }
        return sum;
    }

    private static void addMultiple(EdwardsPoint sum, int digit, EdwardsPoint.Cached[] oddMultiples, boolean withT) {
        if (digit > 0) {
            sum.add(oddMultiples[digit >> 1], withT);
        } else if (digit < 0) {
            sum.subtract(oddMultiples[-digit >> 1], withT);
        }
    }

    /** 1, 3, 5 and so on times a point. */
    private static EdwardsPoint.Cached[] oddMultiples(EdwardsPoint point, int count) {
        EdwardsPoint.Cached[] multiples = new EdwardsPoint.Cached[count];
        EdwardsPoint sum = new EdwardsPoint();
        sum.set(point);
        EdwardsPoint doubled = new EdwardsPoint();
        doubled.set(point);
        doubled.twice(true);
        EdwardsPoint.Cached step = new EdwardsPoint.Cached(doubled);
        for (int i = 0; i < count; i++) {
            multiples[i] = new EdwardsPoint.Cached(sum);
            sum.add(step, true);
        }
        return multiples;
    }

    /**
     * Signed odd digits below {@code 2^(width - 1)} with at least {@code width - 1} zeros after each, least significant
     * first.
     */
    static byte[] nonAdjacentForm(byte[] scalar, int width) {
        byte[] digits = new byte[DIGITS];
        int carry = 0;
        int at = 0;
        while (at < DIGITS) {
            if (bits(scalar, at, 1) == carry) {
                at++; // this bit and the carry make zero, and the carry stays
                continue;
            }
            int window = bits(scalar, at, width) + carry;
            carry = window >> (width - 1);
            digits[at] = (byte) (window - (carry << width));
            at += width;
        }
        return digits;
    }

    private static int bits(byte[] scalar, int at, int count) {
        int index = at >> 3;
        int word = scalar[index] & 0xff;
        if (index + 1 < scalar.length) {
            word |= (scalar[index + 1] & 0xff) << 8;
        }
        return word >>> (at & 7) & ((1 << count) - 1);
    }
}
