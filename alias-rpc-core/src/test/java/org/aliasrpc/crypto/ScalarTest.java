package org.aliasrpc.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScalarTest {
    private static final BigInteger L =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    @Test
    void reducesAsBigIntegerDoes() {
        long seed = Seeds.next();
        Random random = new Random(seed);
        for (int round = 0; round < 30_000 * Seeds.FACTOR; round++) {
            byte[] wide = Seeds.extreme(random, 64);
            assertThat(Scalar.reduce(wide))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(little(Seeds.number(wide).mod(L)));
        }
    }

    @Test
    void multipliesAndAddsAsBigIntegerDoes() {
        long seed = Seeds.next();
        Random random = new Random(seed);
        for (int round = 0; round < 30_000 * Seeds.FACTOR; round++) {
            byte[] a = Seeds.extreme(random, 32);
            byte[] b = little(Seeds.number(Seeds.extreme(random, 32)).mod(L));
            byte[] c = Seeds.extreme(random, 32);
            assertThat(Scalar.multiplyAdd(a, b, c))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(little(Seeds.number(a)
                            .multiply(Seeds.number(b))
                            .add(Seeds.number(c))
                            .mod(L)));
        }
    }

    @Test
    void reducesNextToMultiplesOfTheOrderAndToPowersOfTwo() {
        List<BigInteger> bases = new ArrayList<>(List.of(BigInteger.ZERO));
        for (int bit = 0; bit <= 512; bit++) {
            bases.add(BigInteger.ONE.shiftLeft(bit));
            bases.add(BigInteger.ONE.shiftLeft(bit).divide(L).multiply(L));
        }
        for (int times = 1; times < 20; times++) {
            bases.add(L.multiply(BigInteger.valueOf(times)));
        }
        for (BigInteger base : bases) {
            for (int offset = -2; offset <= 2; offset++) {
                BigInteger number = base.add(BigInteger.valueOf(offset));
                if (number.signum() >= 0 && number.bitLength() <= 512) {
                    byte[] wide = Seeds.little(number, 64);
                    assertThat(Scalar.reduce(wide)).as("%x", number).isEqualTo(little(number.mod(L)));
                    if (number.bitLength() <= 256) {
                        assertThat(Scalar.isReducedVar(little(number)))
                                .as("%x", number)
                                .isEqualTo(number.compareTo(L) < 0);
                    }
                }
            }
        }
    }

    @Test
    void knowsTheOrder() {
        assertThat(Seeds.number(Scalar.order())).isEqualTo(L);
    }

    private static byte[] little(BigInteger number) {
        return Seeds.little(number, 32);
    }
}
