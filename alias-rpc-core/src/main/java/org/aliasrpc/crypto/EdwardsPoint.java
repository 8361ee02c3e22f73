package org.aliasrpc.crypto;

import org.bouncycastle.math.ec.rfc7748.X25519Field;
import org.jspecify.annotations.Nullable;

/**
 * A point of edwards25519 in extended coordinates: x = X/Z, y = Y/Z, XY = ZT, with −x² + y² = 1 + d x² y².
 *
 * <p>The formulas are complete, so no point is a special case, and free of branches on coordinates: constant time.
 *
 * <p>Source: docs/protocol/crypto.md §5.4; Hisil, Wong, Carter and Dawson, "Twisted Edwards Curves Revisited", 2008,
 * §3.1 and §3.3. Limb rules of the field: a factor may be one addition or subtraction away from a product; after a
 * second one {@code carry} is due.
 */
final class EdwardsPoint {
    /** d = −121665/121666. */
    static final int[] D = X25519Field.create();

    static final int[] D2 = X25519Field.create();

    static {
        int[] denominator = X25519Field.create();
        X25519Field.one(denominator);
        X25519Field.mul(denominator, 121666, denominator);
        X25519Field.invVar(denominator, denominator);
        X25519Field.mul(denominator, 121665, D);
        X25519Field.negate(D, D);
        X25519Field.carry(D);
        X25519Field.normalize(D);
        X25519Field.add(D, D, D2);
        X25519Field.carry(D2);
        X25519Field.normalize(D2);
    }

    final int[] x = X25519Field.create();
    final int[] y = X25519Field.create();
    final int[] z = X25519Field.create();
    final int[] t = X25519Field.create();

    private final int[] a = X25519Field.create();
    private final int[] b = X25519Field.create();
    private final int[] c = X25519Field.create();
    private final int[] d = X25519Field.create();
    private final int[] e = X25519Field.create();
    private final int[] f = X25519Field.create();
    private final int[] g = X25519Field.create();
    private final int[] h = X25519Field.create();

    /** The neutral element, (0, 1). */
    EdwardsPoint() {
        X25519Field.one(y);
        X25519Field.one(z);
    }

    /**
     * Decodes a public point, in variable time.
     *
     * @param encoded 32 bytes with a y below p; the top bit is the low bit of x
     * @return the point, or null if there is none with this y
     */
    static @Nullable EdwardsPoint decode(byte[] encoded) {
        EdwardsPoint point = new EdwardsPoint();
        X25519Field.decode255(encoded, point.y);
        X25519Field.sqr(point.y, point.a);
        X25519Field.mul(point.a, D, point.b);
        X25519Field.subOne(point.a);
        X25519Field.addOne(point.b);
        if (!X25519Field.sqrtRatioVar(point.a, point.b, point.x)) {
            return null;
        }
        X25519Field.normalize(point.x);
        if ((point.x[0] & 1) != (encoded[31] >>> 7 & 1)) {
            X25519Field.negate(point.x, point.x);
            X25519Field.carry(point.x);
            X25519Field.normalize(point.x);
        }
        X25519Field.mul(point.x, point.y, point.t);
        return point;
    }

    /** Encodes: y, with the low bit of x as the top bit. */
    void encode(byte[] out) {
        X25519Field.inv(z, a);
        X25519Field.mul(x, a, b);
        X25519Field.mul(y, a, c);
        X25519Field.normalize(b);
        X25519Field.normalize(c);
        X25519Field.encode(c, out);
        out[31] |= (byte) ((b[0] & 1) << 7);
    }

    /** Doubles, leaving T alone unless it is asked for: doubling again does not need it. */
    void twice(boolean withT) {
        X25519Field.sqr(x, a);
        X25519Field.sqr(y, b);
        X25519Field.sqr(z, c);
        X25519Field.add(c, c, c);
        X25519Field.apm(a, b, h, g);
        X25519Field.add(x, y, e);
        X25519Field.sqr(e, e);
        X25519Field.sub(h, e, e);
        X25519Field.carry(e);
        X25519Field.add(c, g, f);
        X25519Field.carry(f);
        combine(withT);
    }

    /**
     * Adds a point in cached form.
     *
     * @param point Y − X, Y + X, 2d·T and 2Z
     * @param withT whether T is needed: doubling does not
     */
    void add(Cached point, boolean withT) {
        X25519Field.apm(y, x, b, a);
        X25519Field.mul(a, point.yMinusX, a);
        X25519Field.mul(b, point.yPlusX, b);
        X25519Field.mul(t, point.t2d, c);
        X25519Field.mul(z, point.z2, d);
        X25519Field.apm(b, a, h, e);
        X25519Field.apm(d, c, g, f);
        combine(withT);
    }

    /** Subtracts a point in cached form; {@code withT} as for {@link #add}. */
    void subtract(Cached point, boolean withT) {
        X25519Field.apm(y, x, b, a);
        X25519Field.mul(a, point.yPlusX, a);
        X25519Field.mul(b, point.yMinusX, b);
        X25519Field.mul(t, point.t2d, c);
        X25519Field.mul(z, point.z2, d);
        X25519Field.apm(b, a, h, e);
        X25519Field.apm(d, c, f, g);
        combine(withT);
    }

    /** Whether this is the neutral element, in variable time. */
    boolean isNeutral() {
        X25519Field.copy(x, 0, a, 0);
        X25519Field.sub(y, z, b);
        X25519Field.carry(b);
        X25519Field.normalize(a);
        X25519Field.normalize(b);
        return X25519Field.isZeroVar(a) && X25519Field.isZeroVar(b);
    }

    EdwardsPoint copy() {
        EdwardsPoint copy = new EdwardsPoint();
        X25519Field.copy(x, 0, copy.x, 0);
        X25519Field.copy(y, 0, copy.y, 0);
        X25519Field.copy(z, 0, copy.z, 0);
        X25519Field.copy(t, 0, copy.t, 0);
        return copy;
    }

    private void combine(boolean withT) {
        X25519Field.mul(e, f, x);
        X25519Field.mul(g, h, y);
        X25519Field.mul(f, g, z);
        if (withT) {
            X25519Field.mul(e, h, t);
        }
    }

    /** What addition needs of its second operand. */
    static final class Cached {
        final int[] yMinusX = X25519Field.create();
        final int[] yPlusX = X25519Field.create();
        final int[] t2d = X25519Field.create();
        final int[] z2 = X25519Field.create();

        /** The neutral element. */
        Cached() {
            X25519Field.one(yMinusX);
            X25519Field.one(yPlusX);
            X25519Field.one(z2);
            X25519Field.add(z2, z2, z2);
        }

        Cached(EdwardsPoint point) {
            X25519Field.apm(point.y, point.x, yPlusX, yMinusX);
            X25519Field.carry(yPlusX);
            X25519Field.carry(yMinusX);
            X25519Field.mul(point.t, D2, t2d);
            X25519Field.add(point.z, point.z, z2);
            X25519Field.carry(z2);
        }
    }
}
