package org.aliasrpc.crypto;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A point of edwards25519 in extended coordinates: x = X/Z, y = Y/Z, XY = ZT, with −x² + y² = 1 + d x² y².
 *
 * <p>The formulas are complete, so no point is a special case, and free of branches on coordinates: constant time, except
 * in methods whose names end in {@code Var}.
 *
 * <p>Source: docs/protocol/crypto.md §5.4; Hisil, Wong, Carter and Dawson, "Twisted Edwards Curves Revisited", 2008,
 * §3.1 and §3.3. No coordinate of a point is more than a product, so every factor here is within the bounds of
 * {@link FieldElement}: the largest, F when doubling, is a difference and two products.
 */
final class EdwardsPoint {
    private static final FieldElement ONE = new FieldElement(1);

    /** d = −121665/121666. */
    private static final FieldElement D = new FieldElement();

    private static final FieldElement D2 = new FieldElement();

    static {
        FieldElement ratio = new FieldElement();
        ratio.invert(new FieldElement(121666));
        ratio.multiply(ratio, new FieldElement(121665));
        D.negate(ratio);
        D2.add(D, D);
        D.multiply(D, ONE); // reduces
        D2.multiply(D2, ONE);
    }

    private final FieldElement x = new FieldElement();
    private final FieldElement y = new FieldElement(1);
    private final FieldElement z = new FieldElement(1);
    private final FieldElement t = new FieldElement();

    private final FieldElement a = new FieldElement();
    private final FieldElement b = new FieldElement();
    private final FieldElement c = new FieldElement();
    private final FieldElement d = new FieldElement();
    private final FieldElement e = new FieldElement();
    private final FieldElement f = new FieldElement();
    private final FieldElement g = new FieldElement();
    private final FieldElement h = new FieldElement();

    /** The neutral element, (0, 1). */
    EdwardsPoint() {}

    /**
     * Decodes a public point, in variable time.
     *
     * @param encoded 32 bytes; the top bit is the low bit of x
     * @return the point; null if y is p or more, or there is no point with this y
     */
    static @Nullable EdwardsPoint decodeVar(byte[] encoded) {
        EdwardsPoint point = new EdwardsPoint();
        point.y.decode(encoded);
        if (!point.y.isEncodedAs(encoded)) {
            return null;
        }
        point.a.square(point.y);
        point.b.multiply(point.a, D);
        point.a.subtract(point.a, ONE);
        point.b.add(point.b, ONE);
        if (!point.x.rootOfRatioVar(point.a, point.b)) {
            return null;
        }
        if (point.x.lowestBit() != ((encoded[31] >>> 7) & 1)) {
            point.x.negate(point.x);
        }
        point.t.multiply(point.x, point.y);
        return point;
    }

    /** The base point: y = 4/5, x even (RFC 8032 §5.1). */
    static EdwardsPoint base() {
        EdwardsPoint point = new EdwardsPoint();
        byte[] encoded = new byte[FieldElement.LENGTH];
        point.a.invert(new FieldElement(5));
        point.a.multiply(point.a, new FieldElement(4));
        point.a.encode(encoded);
        return Objects.requireNonNull(decodeVar(encoded));
    }

    /** Encodes: y, with the low bit of x as the top bit. */
    void encode(byte[] out) {
        a.invert(z);
        b.multiply(x, a);
        c.multiply(y, a);
        c.encode(out);
        out[31] |= (byte) (b.lowestBit() << 7);
    }

    void set(EdwardsPoint point) {
        x.set(point.x);
        y.set(point.y);
        z.set(point.z);
        t.set(point.t);
    }

    /** Doubles, leaving T alone unless it is asked for: doubling again does not need it. */
    void twice(boolean withT) {
        a.square(x);
        b.square(y);
        c.square(z);
        c.add(c, c);
        h.add(a, b);
        g.subtract(a, b);
        e.add(x, y);
        e.square(e);
        e.subtract(h, e);
        f.add(c, g);
        combine(withT);
    }

    /**
     * Adds a point in cached form.
     *
     * @param withT whether T is needed: doubling does not
     */
    void add(Cached point, boolean withT) {
        a.subtract(y, x);
        b.add(y, x);
        a.multiply(a, point.yMinusX);
        b.multiply(b, point.yPlusX);
        c.multiply(t, point.t2d);
        d.multiply(z, point.z2);
        e.subtract(b, a);
        f.subtract(d, c);
        g.add(d, c);
        h.add(b, a);
        combine(withT);
    }

    /** Subtracts a point in cached form; {@code withT} as for {@link #add}. */
    void subtract(Cached point, boolean withT) {
        a.subtract(y, x);
        b.add(y, x);
        a.multiply(a, point.yPlusX);
        b.multiply(b, point.yMinusX);
        c.multiply(t, point.t2d);
        d.multiply(z, point.z2);
        e.subtract(b, a);
        f.add(d, c);
        g.subtract(d, c);
        h.add(b, a);
        combine(withT);
    }

    private void combine(boolean withT) {
        x.multiply(e, f);
        y.multiply(g, h);
        z.multiply(f, g);
        if (withT) {
            t.multiply(e, h);
        }
    }

    /** Whether this is the neutral element, in variable time. */
    boolean isNeutralVar() {
        a.subtract(y, z);
        return x.isZeroVar() && a.isZeroVar();
    }

    /** Whether eight times this is the neutral element, in variable time. */
    boolean hasSmallOrderVar() {
        EdwardsPoint eightfold = new EdwardsPoint();
        eightfold.set(this);
        eightfold.twice(false);
        eightfold.twice(false);
        eightfold.twice(false);
        return eightfold.isNeutralVar();
    }

    /** What addition needs of its second operand: Y − X, Y + X, 2d·T and 2Z. */
    static final class Cached {
        private final FieldElement yMinusX = new FieldElement(1);
        private final FieldElement yPlusX = new FieldElement(1);
        private final FieldElement t2d = new FieldElement();
        private final FieldElement z2 = new FieldElement(2);

        /** The neutral element. */
        Cached() {}

        Cached(EdwardsPoint point) {
            yMinusX.subtract(point.y, point.x);
            yPlusX.add(point.y, point.x);
            t2d.multiply(point.t, D2);
            z2.add(point.z, point.z);
        }

        /** Becomes the copy of one of {@code count} points, reading them all. */
        void setToOneOf(Cached[] points, int from, int count, int index) {
            yMinusX.clear();
            yPlusX.clear();
            t2d.clear();
            z2.clear();
            for (int i = 0; i < count; i++) {
                int mask = ((i ^ index) - 1) >> 31;
                Cached each = points[from + i];
                yMinusX.orUnderMask(each.yMinusX, mask);
                yPlusX.orUnderMask(each.yPlusX, mask);
                t2d.orUnderMask(each.t2d, mask);
                z2.orUnderMask(each.z2, mask);
            }
        }

        /** The point's negative where the mask is −1, and the point where it is 0. */
        void negateUnderMask(long mask) {
            yMinusX.swapUnderMask(yPlusX, mask);
            t2d.negateUnderMask(t2d, mask);
        }
    }
}
