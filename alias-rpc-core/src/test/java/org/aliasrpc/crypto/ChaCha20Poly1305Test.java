package org.aliasrpc.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.aliasrpc.encoding.Bytes;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

class ChaCha20Poly1305Test {
    @Test
    void sealsAsAnotherImplementationAndOpensNothingElse() throws InvalidCipherTextException {
        long seed = Seeds.next();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000 * Seeds.FACTOR; round++) {
            byte[] key = Seeds.extreme(random, 32);
            byte[] additional = Seeds.extreme(random, random.nextInt(100));
            byte[] plaintext = Seeds.extreme(random, random.nextInt(round % 20 == 0 ? 2000 : 140));
            long number = random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(3);
            byte[] expected = other(key, number, additional, plaintext);
            SecretBytes secret = SecretBytes.copyOf(key);
            Bytes text = Bytes.copyOf(additional);
            assertThat(ChaCha20Poly1305.seal(secret, number, text, Bytes.copyOf(plaintext)))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(Bytes.copyOf(expected));
            assertThat(ChaCha20Poly1305.open(secret, number, text, Bytes.copyOf(expected)))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(Bytes.copyOf(plaintext));
            assertThat(ChaCha20Poly1305.open(secret, number + 1, text, Bytes.copyOf(expected)))
                    .isNull();
            expected[random.nextInt(expected.length)] ^= (byte) (1 << random.nextInt(8));
            assertThat(ChaCha20Poly1305.open(secret, number, text, Bytes.copyOf(expected)))
                    .as("seed %d, round %d", seed, round)
                    .isNull();
        }
    }

    private static byte[] other(byte[] key, long number, byte[] additional, byte[] plaintext)
            throws InvalidCipherTextException {
        byte[] nonce = new byte[12];
        for (int i = 0; i < 8; i++) {
            nonce[4 + i] = (byte) (number >>> (8 * i));
        }
        var cipher = new org.bouncycastle.crypto.modes.ChaCha20Poly1305();
        cipher.init(true, new AEADParameters(new KeyParameter(key), 128, nonce, additional));
        byte[] out = new byte[cipher.getOutputSize(plaintext.length)];
        cipher.doFinal(out, cipher.processBytes(plaintext, 0, plaintext.length, out, 0));
        return out;
    }
}
