package org.aliasrpc.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Objects;
import java.util.Random;
import org.aliasrpc.encoding.Bytes;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Properties of key pairs, agreement and signatures that hold for every key. */
class KeysTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void bothSidesAgreeOnTheSameSecretAndNobodyElse(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            KeyPair a = KeyPair.generate(random);
            KeyPair b = KeyPair.generate(random);
            KeyPair c = KeyPair.generate(random);
            SecretBytes secret = agree(a, b);
            assertThat(agree(b, a)).as("seed %d, round %d", seed, round).isEqualTo(secret);
            assertThat(agree(a, c)).as("seed %d, round %d", seed, round).isNotEqualTo(secret);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void verifiesWhatWasSignedAndNothingElse(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            KeyPair pair = KeyPair.generate(random);
            byte[] content = new byte[random.nextInt(300)];
            random.nextBytes(content);
            Bytes message = Bytes.copyOf(content);
            Bytes signature = pair.sign(message);
            assertThat(Signatures.verify(pair.publicKey(), message, signature))
                    .as("seed %d, round %d", seed, round)
                    .isTrue();
            byte[] changed = signature.toByteArray();
            changed[random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
            assertThat(Signatures.verify(pair.publicKey(), message, Bytes.wrap(changed)))
                    .as("seed %d, round %d", seed, round)
                    .isFalse();
            assertThat(Signatures.verify(pair.publicKey(), Bytes.concat(message, Bytes.EMPTY, message), signature))
                    .isEqualTo(message.isEmpty());
            byte[] key = pair.publicKey().bytes().toByteArray();
            assertThat(Ed25519.verify(signature.toByteArray(), 0, key, 0, content, 0, content.length))
                    .as("another implementation")
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreeingWithTheBasePointGivesTheOwnPublicKey(long seed) {
        // Two implementations of one multiplication: ours, and BouncyCastle's for key pairs.
        PublicKey base = PublicKey.parse("58666666666666666666666666666666" + "66666666666666666666666666666666");
        DhPublicKey basePoint = Objects.requireNonNull(DhPublicKey.of(base));
        Random random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            KeyPair pair = KeyPair.generate(random);
            assertThat(basePoint.agree(pair).contentEquals(pair.publicKey().bytes()))
                    .as("seed %d, round %d", seed, round)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 7})
    void slidingWindowsHoldTheScalar(int width) {
        Random random = new Random(width);
        for (int round = 0; round < 500; round++) {
            byte[] scalar = new byte[32];
            random.nextBytes(scalar);
            scalar[31] &= 0x1f; // below 2^253, as everything modulo the group order is
            byte[] digits = Ed25519Verifier.nonAdjacentForm(scalar, width);
            BigInteger sum = BigInteger.ZERO;
            for (int i = digits.length - 1; i >= 0; i--) {
                sum = sum.shiftLeft(1).add(BigInteger.valueOf(digits[i]));
                assertThat(digits[i] == 0 || (digits[i] & 1) == 1).isTrue();
                assertThat(Math.abs(digits[i])).isLessThan(1 << (width - 1));
            }
            assertThat(sum).isEqualTo(little(scalar));
        }
    }

    @Test
    void aDerivedPairIsAnotherOneAndAlwaysTheSame() {
        KeyPair pair = KeyPair.fromSeed(SecretBytes.copyOf(new byte[32]));
        KeyPair derived = pair.derive("alias-rpc/metrics");
        assertThat(derived.publicKey()).isNotEqualTo(pair.publicKey());
        assertThat(pair.derive("alias-rpc/metrics").publicKey()).isEqualTo(derived.publicKey());
        assertThat(pair.derive("other").publicKey()).isNotEqualTo(derived.publicKey());
        assertThat(derived.seed())
                .isEqualTo(SecretBytes.copyOf(Blake2b.keyed(Bytes.wrap(new byte[32]), Bytes.utf8("alias-rpc/metrics"))
                        .toByteArray()));
    }

    @Test
    void refusesASeedOfAnotherLength() {
        assertThatThrownBy(() -> KeyPair.fromSeed(SecretBytes.copyOf(new byte[31])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aClosedPairKeepsItsPublicKeyOnly() {
        KeyPair pair = KeyPair.generate(new Random(1));
        PublicKey key = pair.publicKey();
        pair.close();
        assertThat(pair.publicKey()).isEqualTo(key);
        assertThatThrownBy(() -> pair.sign(Bytes.EMPTY)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> agree(pair, KeyPair.generate(new Random(2))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void publicKeysAreOrderedAsUnsignedBytes() {
        byte[] large = new byte[32];
        large[0] = (byte) 0x80;
        assertThat(PublicKey.of(large)).isGreaterThan(PublicKey.of(new byte[32]));
        assertThat(PublicKey.of(large)).isEqualByComparingTo(PublicKey.of(Bytes.copyOf(large)));
    }

    private static SecretBytes agree(KeyPair own, KeyPair remote) {
        return Objects.requireNonNull(DhPublicKey.of(remote.publicKey())).agree(own);
    }

    private static BigInteger little(byte[] scalar) {
        byte[] reversed = new byte[scalar.length];
        for (int i = 0; i < scalar.length; i++) {
            reversed[i] = scalar[scalar.length - 1 - i];
        }
        return new BigInteger(1, reversed);
    }
}
