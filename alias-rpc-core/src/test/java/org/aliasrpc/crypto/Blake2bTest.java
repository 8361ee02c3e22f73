package org.aliasrpc.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.aliasrpc.encoding.Bytes;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

class Blake2bTest {
    /** RFC 7693, appendix A. */
    @Test
    void hashesAsTheRfc() {
        assertThat(Blake2b.hash512(Bytes.utf8("abc")).toHex())
                .isEqualTo("ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                        + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
    }

    @Test
    void hashesAsAnotherImplementationHoweverTheInputIsCut() {
        long seed = Seeds.next();
        Random random = new Random(seed);
        for (int round = 0; round < 10_000 * Seeds.FACTOR; round++) {
            int length = 1 + random.nextInt(64);
            byte[] key = random.nextBoolean() ? null : Seeds.extreme(random, 1 + random.nextInt(64));
            byte[] input =
                    Seeds.extreme(random, random.nextInt(4) == 0 ? 128 * random.nextInt(4) : random.nextInt(400));
            Blake2bDigest digest = new Blake2bDigest(key, length, null, null);
            digest.update(input, 0, input.length);
            byte[] expected = new byte[length];
            digest.doFinal(expected, 0);
            assertThat(Blake2b.digest(length, key, cut(input, random)))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(expected);
        }
    }

    @Test
    void authenticatesAsAnotherImplementation() {
        long seed = Seeds.next();
        Random random = new Random(seed);
        for (int round = 0; round < 2000 * Seeds.FACTOR; round++) {
            byte[] key = Seeds.extreme(random, random.nextInt(200));
            byte[] input = Seeds.extreme(random, random.nextInt(300));
            HMac mac = new HMac(new Blake2bDigest(512));
            mac.init(new KeyParameter(key));
            mac.update(input, 0, input.length);
            byte[] expected = new byte[HmacBlake2b.LENGTH];
            mac.doFinal(expected, 0);
            byte[][] parts =
                    List.of(cut(input, random)).stream().map(Bytes::toByteArray).toArray(byte[][]::new);
            assertThat(HmacBlake2b.mac(key, parts))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(expected);
        }
    }

    private static Bytes[] cut(byte[] input, Random random) {
        List<Bytes> parts = new ArrayList<>();
        int at = 0;
        while (at < input.length) {
            int length = Math.min(input.length - at, random.nextInt(150));
            parts.add(Bytes.copyOf(input, at, length));
            at += length;
        }
        return parts.toArray(Bytes[]::new);
    }
}
