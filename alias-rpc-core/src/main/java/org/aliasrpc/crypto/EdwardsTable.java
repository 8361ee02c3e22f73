package org.aliasrpc.crypto;

import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519Field;

/**
 * The first eight multiples of a point, and multiplication by secret scalars with them: signed windows of four bits,
 * chosen by reading all entries under masks. No branch and no address depends on the scalar (crypto.md §5.4).
 */
final class EdwardsTable {
    private static final int WINDOWS = 64;
    private static final int LARGEST_DIGIT = 8;

    private final EdwardsPoint.Cached[] multiples = new EdwardsPoint.Cached[LARGEST_DIGIT + 1];

    EdwardsTable(EdwardsPoint point) {
        EdwardsPoint.Cached first = new EdwardsPoint.Cached(point);
        EdwardsPoint sum = new EdwardsPoint();
        multiples[0] = new EdwardsPoint.Cached();
        for (int i = 1; i <= LARGEST_DIGIT; i++) {
            sum.add(first, true);
            multiples[i] = new EdwardsPoint.Cached(sum);
        }
    }

    /**
     * @param scalar 32 bytes little endian, below 2^255
     * @param out receives the encoded product
     */
    void multiply(byte[] scalar, byte[] out) {
        int[] digits = recode(scalar);
        EdwardsPoint product = new EdwardsPoint();
        EdwardsPoint.Cached chosen = new EdwardsPoint.Cached();
        for (int i = WINDOWS - 1; i >= 0; i--) {
            if (i < WINDOWS - 1) {
                product.twice(false);
                product.twice(false);
                product.twice(false);
                product.twice(true);
            }
            select(digits[i], chosen);
            product.add(chosen, false);
        }
        product.encode(out);
        Arrays.fill(digits, 0);
    }

    /** Sixty-four digits from −8 to 8, least significant first. */
    private static int[] recode(byte[] scalar) {
        int[] digits = new int[WINDOWS];
        int carry = 0;
        for (int i = 0; i < WINDOWS; i++) {
            int digit = (scalar[i >> 1] >>> (4 * (i & 1)) & 15) + carry;
            // The last one keeps its carry: the scalar is below 2^255, so that digit is at most 8.
            carry = i == WINDOWS - 1 ? 0 : (digit + 8) >> 4;
            digits[i] = digit - (carry << 4);
        }
        return digits;
    }

    private void select(int digit, EdwardsPoint.Cached out) {
        int negative = digit >> 31;
        int magnitude = (digit ^ negative) - negative;
        Arrays.fill(out.yMinusX, 0);
        Arrays.fill(out.yPlusX, 0);
        Arrays.fill(out.t2d, 0);
        Arrays.fill(out.z2, 0);
        for (int i = 0; i <= LARGEST_DIGIT; i++) {
            int mask = ((i ^ magnitude) - 1) >> 31;
            EdwardsPoint.Cached multiple = multiples[i];
            for (int k = 0; k < X25519Field.SIZE; k++) {
                out.yMinusX[k] |= multiple.yMinusX[k] & mask;
                out.yPlusX[k] |= multiple.yPlusX[k] & mask;
                out.t2d[k] |= multiple.t2d[k] & mask;
                out.z2[k] |= multiple.z2[k] & mask;
            }
        }
        // The negative of a point: x and t change their signs.
        X25519Field.cswap(negative & 1, out.yMinusX, out.yPlusX);
        X25519Field.cnegate(negative & 1, out.t2d);
    }
}
