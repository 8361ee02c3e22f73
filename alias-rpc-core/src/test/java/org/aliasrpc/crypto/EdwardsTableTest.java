package org.aliasrpc.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EdwardsTableTest {
    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger L = Seeds.number(Scalar.order());

    /** All points whose order divides 8, in both signs of x; crypto.md §5.2. */
    private static final List<String> SMALL_ORDER = List.of(
            "0100000000000000000000000000000000000000000000000000000000000000",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0000000000000000000000000000000000000000000000000000000000000080",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa");

    @Test
    void multipliesTheBasePointAsAnotherImplementation() {
        long seed = Seeds.next();
        Random random = new Random(seed);
        for (int round = 0; round < 3000 * Seeds.FACTOR; round++) {
            byte[] secret = new byte[32];
            random.nextBytes(secret);
            byte[] expected = new byte[32];
            Ed25519.generatePublicKey(secret, 0, expected, 0);
            KeyPair pair = KeyPair.fromSeed(SecretBytes.wrap(secret));
            assertThat(pair.publicKey().bytes().toByteArray())
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(expected);
        }
    }

    /** X25519 is the same multiplication on the curve's other form, without the sign of x: u = (1 + y) / (1 − y). */
    @Test
    void multipliesAnyPointAsAnotherImplementation() {
        long seed = Seeds.next();
        Random random = new Random(seed);
        for (int round = 0; round < 1000 * Seeds.FACTOR; round++) {
            KeyPair remote = KeyPair.generate(random);
            KeyPair own = KeyPair.generate(random);
            byte[] expected = new byte[32];
            X25519.scalarMult(
                    own.scalar(), 0, montgomery(remote.publicKey().bytes().toByteArray()), 0, expected, 0);
            DhPublicKey key = Objects.requireNonNull(DhPublicKey.of(remote.publicKey()));
            assertThat(montgomery(key.agree(own).array()))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8, 16, 32, 64})
    void multipliesByEveryScalarWithAnyNumberOfBlocks(int blocks) {
        EdwardsPoint point =
                point(KeyPair.generate(new Random(blocks)).publicKey().bytes().toByteArray());
        EdwardsTable table = new EdwardsTable(point, blocks);
        Random random = new Random(blocks);
        Stream<BigInteger> edges = Stream.of(
                        BigInteger.ZERO, L, L.shiftLeft(1), BigInteger.TWO.pow(64), BigInteger.TWO.pow(254))
                .flatMap(middle -> IntStream.rangeClosed(-3, 3)
                        .mapToObj(offset -> middle.add(BigInteger.valueOf(offset)))
                        .filter(scalar -> scalar.signum() >= 0));
        Stream<BigInteger> others = IntStream.range(0, 30)
                .mapToObj(i -> Seeds.number(Seeds.extreme(random, 32)).clearBit(255));
        Stream.concat(edges, others)
                .forEach(scalar -> assertThat(encode(table.multiply(Seeds.little(scalar, 32))))
                        .as("%x", scalar)
                        .isEqualTo(encode(bitByBit(scalar, point))));
    }

    @Test
    void multipliesPointsOfSmallOrderByOddScalars() {
        for (String encoded : SMALL_ORDER) {
            EdwardsPoint point = point(HexFormat.of().parseHex(encoded));
            assertThat(point.hasSmallOrderVar()).as(encoded).isTrue();
            EdwardsTable table = new EdwardsTable(point, 2);
            for (int scalar = 1; scalar < 16; scalar += 2) {
                assertThat(encode(table.multiply(Seeds.little(BigInteger.valueOf(scalar), 32))))
                        .as("%s by %d", encoded, scalar)
                        .isEqualTo(encode(bitByBit(BigInteger.valueOf(scalar), point)));
            }
            assertThat(table.multiply(Scalar.order()).isNeutralVar())
                    .as(encoded)
                    .isEqualTo(encoded.equals(SMALL_ORDER.get(0)));
        }
    }

    /** A key of the right order with a point of small order added is on the curve, and not to be agreed with. */
    @Test
    void keysWithATorsionComponentAreRefused() {
        Random random = new Random(3);
        for (int round = 0; round < 5; round++) {
            byte[] key = KeyPair.generate(random).publicKey().bytes().toByteArray();
            for (String encoded : SMALL_ORDER) {
                EdwardsPoint sum = point(key);
                sum.add(new EdwardsPoint.Cached(point(HexFormat.of().parseHex(encoded))), true);
                boolean neutral = encoded.equals(SMALL_ORDER.get(0));
                assertThat(DhPublicKey.of(PublicKey.of(encode(sum))) != null)
                        .as(encoded)
                        .isEqualTo(neutral);
                assertThat(sum.hasSmallOrderVar()).isFalse();
            }
        }
    }

    @Test
    void encodingsOfPOrMoreAreNoPoints() {
        for (int i = 0; i < 19; i++) {
            byte[] encoded = Seeds.little(P.add(BigInteger.valueOf(i)), 32);
            assertThat(EdwardsPoint.decodeVar(encoded)).isNull();
            encoded[31] |= (byte) 0x80;
            assertThat(EdwardsPoint.decodeVar(encoded)).isNull();
        }
    }

    @Test
    void addingAndSubtractingUndoEachOther() {
        EdwardsPoint point =
                point(KeyPair.generate(new Random(1)).publicKey().bytes().toByteArray());
        EdwardsPoint.Cached cached = new EdwardsPoint.Cached(EdwardsPoint.base());
        byte[] before = encode(point);
        point.add(cached, true);
        assertThat(encode(point)).isNotEqualTo(before);
        point.subtract(cached, true);
        assertThat(encode(point)).isEqualTo(before);
        EdwardsPoint base = EdwardsPoint.base();
        base.subtract(cached, true);
        assertThat(base.isNeutralVar()).isTrue();
    }

    private static EdwardsPoint bitByBit(BigInteger scalar, EdwardsPoint point) {
        EdwardsPoint.Cached cached = new EdwardsPoint.Cached(point);
        EdwardsPoint sum = new EdwardsPoint();
        for (int bit = scalar.bitLength() - 1; bit >= 0; bit--) {
            sum.twice(true);
            if (scalar.testBit(bit)) {
                sum.add(cached, true);
            }
        }
        return sum;
    }

    private static byte[] montgomery(byte[] edwards) {
        BigInteger y = Seeds.number(edwards).clearBit(255);
        BigInteger ratio =
                BigInteger.ONE.add(y).multiply(BigInteger.ONE.subtract(y).modInverse(P));
        return Seeds.little(ratio.mod(P), 32);
    }

    private static EdwardsPoint point(byte[] encoded) {
        return Objects.requireNonNull(EdwardsPoint.decodeVar(encoded));
    }

    private static byte[] encode(EdwardsPoint point) {
        byte[] out = new byte[32];
        point.encode(out);
        return out;
    }
}
