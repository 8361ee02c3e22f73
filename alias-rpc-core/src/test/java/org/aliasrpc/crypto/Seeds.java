package org.aliasrpc.crypto;

import java.math.BigInteger;
import java.util.Random;

/** What comparisons with other implementations start from. */
final class Seeds {
    /** How many times as long as in a normal run: {@code -Dalias-rpc.crypto.factor=100}. */
    static final int FACTOR = Integer.getInteger("alias-rpc.crypto.factor", 1);

    private static final String SEED = "alias-rpc.crypto.seed";

    private Seeds() {}

    /** Another one each time, printed; a failure is repeated with {@code -Dalias-rpc.crypto.seed}. */
    @SuppressWarnings("SystemOut")
    static long next() {
        long seed = Long.getLong(SEED, System.nanoTime());
        System.out.println("-D" + SEED + "=" + seed);
        return seed;
    }

    /** Random bytes, or mostly ones or zeros: carries get lost next to the modulus. */
    static byte[] extreme(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        int kind = random.nextInt(3);
        for (int i = 0; i < length; i++) {
            if (kind == 1 && random.nextInt(8) > 0) {
                bytes[i] = -1;
            } else if (kind == 2 && random.nextInt(8) > 0) {
                bytes[i] = 0;
            }
        }
        return bytes;
    }

    static BigInteger number(byte[] little) {
        byte[] reversed = new byte[little.length];
        for (int i = 0; i < little.length; i++) {
            reversed[i] = little[little.length - 1 - i];
        }
        return new BigInteger(1, reversed);
    }

    static byte[] little(BigInteger number, int length) {
        byte[] big = number.toByteArray();
        byte[] little = new byte[length];
        for (int i = 0; i < big.length && i < length; i++) {
            little[i] = big[big.length - 1 - i];
        }
        return little;
    }
}
