package org.aliasrpc.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import org.bouncycastle.math.ec.rfc7748.X25519Field;
import org.junit.jupiter.api.Test;

class FieldElementTest {
    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    private static final int RANDOM_NUMBERS = 100_000;

    @Test
    void computesAsAnotherImplementation() {
        long seed = Seeds.next();
        Random random = new Random(seed);
        int rounds = RANDOM_NUMBERS * Seeds.FACTOR;
        byte[] own = new byte[32];
        byte[] other = new byte[32];
        FieldElement result = new FieldElement();
        int[] expected = X25519Field.create();
        int[] left = X25519Field.create();
        int[] right = X25519Field.create();
        for (int round = 0; round < rounds; round++) {
            byte[] a = Seeds.extreme(random, 32);
            byte[] b = Seeds.extreme(random, 32);
            X25519Field.decode255(a, left);
            X25519Field.decode255(b, right);
            switch (round % 8) {
                case 0 -> {
                    result.add(decode(a), decode(b));
                    X25519Field.add(left, right, expected);
                }
                case 1 -> {
                    result.subtract(decode(a), decode(b));
                    X25519Field.sub(left, right, expected);
                }
                case 2, 3 -> {
                    result.square(decode(a));
                    X25519Field.sqr(left, expected);
                }
                default -> {
                    result.multiply(decode(a), decode(b));
                    X25519Field.mul(left, right, expected);
                }
            }
            if (round % 100 == 0) {
                result.invert(decode(a));
                X25519Field.inv(left, expected);
            }
            X25519Field.carry(expected);
            X25519Field.normalize(expected);
            X25519Field.encode(expected, other, 0);
            result.encode(own);
            assertThat(own).as("seed %d, round %d", seed, round).isEqualTo(other);
        }
    }

    @Test
    void computesAtTheEdgesOfLimbsAndOfTheModulus() {
        List<BigInteger> edges = edges();
        for (BigInteger a : edges) {
            FieldElement first = decode(little(a));
            check(a.multiply(a), a, a, (out, in) -> out.square(in));
            check(a.modPow(BigInteger.ONE.shiftLeft(3), P), a, a, (out, in) -> out.square(in, 3));
            check(a.negate(), a, a, FieldElement::negate);
            check(a.modPow(P.subtract(BigInteger.TWO), P), a, a, FieldElement::invert);
            assertThat(first.isZeroVar()).as("%x", a).isEqualTo(a.mod(P).signum() == 0);
            assertThat(first.lowestBit()).as("%x", a).isEqualTo(a.mod(P).testBit(0) ? 1 : 0);
            assertThat(first.isEncodedAs(little(a))).as("%x", a).isEqualTo(a.compareTo(P) < 0);
            assertThat(first.isEncodedAs(little(a.setBit(255)))).as("%x", a).isEqualTo(a.compareTo(P) < 0);
            for (BigInteger b : edges) {
                FieldElement second = decode(little(b));
                check(a.multiply(b), a, b, (out, in) -> out.multiply(in, second));
                check(a.add(b), a, b, (out, in) -> out.add(in, second));
                check(a.subtract(b), a, b, (out, in) -> out.subtract(in, second));
            }
        }
    }

    /** The doubling formula multiplies a difference and two products with a sum of two and a difference. */
    @Test
    void takesSumsOfFiveAsFactors() {
        List<BigInteger> edges = edges();
        Random random = new Random(1);
        for (int round = 0; round < 20_000; round++) {
            BigInteger[] terms =
                    random.ints(10, 0, edges.size()).mapToObj(edges::get).toArray(BigInteger[]::new);
            FieldElement a = sum(terms, 0);
            FieldElement b = sum(terms, 5);
            BigInteger left = terms[0].subtract(terms[1]).add(terms[2]).add(terms[3]);
            BigInteger right = terms[5].subtract(terms[6]).add(terms[7]).add(terms[8]);
            FieldElement result = new FieldElement();
            result.multiply(a, b);
            assertThat(encode(result))
                    .as("round %d", round)
                    .isEqualTo(little(left.multiply(right).mod(P)));
            result.square(a);
            assertThat(encode(result))
                    .as("round %d", round)
                    .isEqualTo(little(left.multiply(left).mod(P)));
        }
    }

    @Test
    void findsTheRootOfARatioIfThereIsOne() {
        Random random = new Random(2);
        BigInteger half = P.shiftRight(1);
        List<BigInteger> numbers = edges();
        for (int i = 0; i < 500; i++) {
            numbers.add(new BigInteger(255, random));
        }
        for (BigInteger u : numbers) {
            BigInteger v = numbers.get(random.nextInt(numbers.size()));
            BigInteger ratio =
                    u.multiply(v.modPow(P.subtract(BigInteger.TWO), P)).mod(P);
            boolean expected = ratio.signum() == 0
                    ? u.mod(P).signum() == 0
                    : ratio.modPow(half, P).equals(BigInteger.ONE);
            FieldElement root = new FieldElement();
            assertThat(root.rootOfRatioVar(decode(little(u)), decode(little(v))))
                    .as("%x / %x", u, v)
                    .isEqualTo(expected);
            if (expected) {
                FieldElement square = new FieldElement();
                square.square(root);
                assertThat(encode(square)).as("%x / %x", u, v).isEqualTo(little(ratio));
            }
        }
    }

    @Test
    void choosesUnderMasks() {
        FieldElement a = decode(little(P.subtract(BigInteger.TWO)));
        FieldElement b = new FieldElement(7);
        a.swapUnderMask(b, 0);
        assertThat(encode(b)).isEqualTo(little(BigInteger.valueOf(7)));
        a.swapUnderMask(b, -1);
        assertThat(encode(a)).isEqualTo(little(BigInteger.valueOf(7)));
        b.negateUnderMask(b, 0);
        assertThat(encode(b)).isEqualTo(little(P.subtract(BigInteger.TWO)));
        b.negateUnderMask(b, -1);
        assertThat(encode(b)).isEqualTo(little(BigInteger.TWO));
        b.clear();
        b.orUnderMask(a, 0);
        assertThat(b.isZeroVar()).isTrue();
        b.orUnderMask(a, -1);
        assertThat(encode(b)).isEqualTo(little(BigInteger.valueOf(7)));
    }

    private static FieldElement sum(BigInteger[] terms, int from) {
        FieldElement sum = new FieldElement();
        sum.subtract(decode(little(terms[from])), decode(little(terms[from + 1])));
        sum.add(sum, decode(little(terms[from + 2])));
        sum.add(sum, decode(little(terms[from + 3])));
        return sum;
    }

    /** In an object of its own, and in the operand's. */
    private static void check(
            BigInteger expected, BigInteger a, BigInteger b, BiConsumer<FieldElement, FieldElement> operation) {
        FieldElement operand = decode(little(a));
        FieldElement result = new FieldElement();
        operation.accept(result, operand);
        assertThat(encode(result)).as("%x, %x", a, b).isEqualTo(little(expected.mod(P)));
        operation.accept(operand, operand);
        assertThat(encode(operand)).as("%x, %x", a, b).isEqualTo(little(expected.mod(P)));
    }

    private static List<BigInteger> edges() {
        List<BigInteger> edges = new ArrayList<>();
        for (int i = 0; i <= 20; i++) {
            edges.add(BigInteger.valueOf(i));
            edges.add(P.subtract(BigInteger.valueOf(i)));
            edges.add(BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(i + 1))); // p to p + 18, too
        }
        for (int bit = 51; bit < 255; bit += 51) {
            edges.add(BigInteger.ONE.shiftLeft(bit));
            edges.add(BigInteger.ONE.shiftLeft(bit).subtract(BigInteger.ONE));
            edges.add(P.subtract(BigInteger.ONE.shiftLeft(bit)));
        }
        edges.add(P.shiftRight(1));
        edges.add(P.shiftRight(1).add(BigInteger.ONE));
        return edges;
    }

    private static FieldElement decode(byte[] encoded) {
        FieldElement element = new FieldElement();
        element.decode(encoded);
        return element;
    }

    private static byte[] encode(FieldElement element) {
        byte[] out = new byte[32];
        element.encode(out);
        return out;
    }

    private static byte[] little(BigInteger number) {
        return Seeds.little(number, 32);
    }
}
