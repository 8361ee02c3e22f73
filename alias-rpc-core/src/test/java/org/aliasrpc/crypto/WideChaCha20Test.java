package org.aliasrpc.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.aliasrpc.encoding.Bytes;
import org.bouncycastle.crypto.engines.ChaCha7539Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WideChaCha20Test {
    private static final int BLOCK = ChaCha20.BLOCK;
    private static final int PASS = WideChaCha20.MAX_LANES * BLOCK;
    private static final int GUARD = 16;

    /** RFC 8439, §2.4.2. */
    @Test
    void encryptsTheTextOfTheRfc() {
        byte[] key = new byte[32];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        byte[] text = ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
                        + "sunscreen would be it.")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] input = HexFormat.of().parseHex("01000000000000000000004a00000000");
        WideChaCha20.apply(ChaCha20.state(key, input), text, 0, text.length);
        assertThat(HexFormat.of().formatHex(text))
                .isEqualTo("6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0bf91b65c5524733ab"
                        + "8f593dabcd62b3571639d624e65152ab8f530c359f0861d807ca0dbf500d6a6156a38e088a22b65e"
                        + "52bc514d16ccf806818ce91ab77937365af90bbf74a35be6b40b8eedf2785e42874d");
    }

    /** RFC 8439, appendix A.1: the key stream of one block. */
    @ParameterizedTest
    @CsvSource({
        "00,00000000000000000000000000000000,"
                + "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
                + "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586",
        "00,01000000000000000000000000000000,"
                + "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed"
                + "29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f",
        "01,01000000000000000000000000000000,"
                + "3aeb5224ecf849929b9d828db1ced4dd832025e8018b8160b82284f3c949aa5a"
                + "8eca00bbb4a73bdad192b5c42f73f2fd4e273644c8b36125a64addeb006c13a0",
    })
    void hasTheKeyStreamOfTheRfc(String lastOfKey, String input, String expected) {
        byte[] key = new byte[32];
        key[31] = HexFormat.of().parseHex(lastOfKey)[0];
        byte[] text = new byte[BLOCK];
        WideChaCha20.apply(ChaCha20.state(key, HexFormat.of().parseHex(input)), text, 0, BLOCK);
        assertThat(HexFormat.of().formatHex(text)).isEqualTo(expected);
    }

    /** A few hundred calls a method would do for the compiler's first version, not for its last one. */
    @Test
    void agreesWithTwoOtherImplementationsForTextsOfAnyLength() throws GeneralSecurityException {
        long seed = Seeds.next();
        Random random = new Random(seed);
        for (int round = 0; round < 2000 * Seeds.FACTOR; round++) {
            compare(random, 1 + random.nextInt(round % 10 == 0 ? 5 * PASS : 3000), "seed " + seed + ", round " + round);
        }
    }

    /** The compiler takes for a constant what was always the same. */
    @ParameterizedTest
    @ValueSource(ints = {BLOCK, 2048, 4096, PASS, PASS + 1, 65_536})
    void agreesWithTwoOtherImplementationsForTextsOfOneLength(int length) throws GeneralSecurityException {
        long seed = Seeds.next();
        Random random = new Random(seed);
        for (int round = 0; round < (50 + 100_000 / length) * Seeds.FACTOR; round++) {
            compare(random, length, "seed " + seed + ", round " + round);
        }
    }

    /** Whichever cipher the length chooses: the message begins with block 2, and the peer opens it. */
    @Test
    void aSecretStreamHasOneKeyStreamForAllLengths() {
        long seed = Seeds.next();
        Random random = new Random(seed);
        SecretBytes key = SecretBytes.copyOf(bytes(random, 32));
        Bytes header = Bytes.copyOf(bytes(random, SecretStreamCipher.HEADER_LENGTH));
        SecretStreamCipher sender = new SecretStreamCipher(key, header);
        SecretStreamCipher receiver = new SecretStreamCipher(key, header);
        for (int round = 0; round < 600 * Seeds.FACTOR; round++) {
            byte[] text = bytes(random, random.nextInt(round % 10 == 0 ? 70_000 : 5000));
            byte[] state = sender.state();
            byte[] buffer = new byte[text.length + SecretStreamCipher.OVERHEAD];
            System.arraycopy(text, 0, buffer, 1, text.length);
            sender.seal(buffer, 0, text.length, 0);
            assertThat(Arrays.equals(
                            Arrays.copyOfRange(buffer, 1, 1 + text.length),
                            bouncyCastle(Arrays.copyOf(state, 32), Arrays.copyOfRange(state, 32, 44), 2, text)))
                    .as("seed %d, round %d, %d bytes", seed, round, text.length)
                    .isTrue();
            assertThat(receiver.open(buffer, 0, buffer.length)).isZero();
            assertThat(Arrays.equals(buffer, 1, 1 + text.length, text, 0, text.length))
                    .as("seed %d, round %d, %d bytes", seed, round, text.length)
                    .isTrue();
        }
    }

    private static void compare(Random random, int length, String description) throws GeneralSecurityException {
        byte[] key = bytes(random, 32);
        byte[] nonce = bytes(random, 12);
        int block = random.nextInt(1 << random.nextInt(31));
        byte[] text = bytes(random, length);
        int offset = random.nextInt(GUARD);
        byte[] buffer = bytes(random, length + GUARD);
        System.arraycopy(text, 0, buffer, offset, length);

        byte[] expected = buffer.clone();
        System.arraycopy(bouncyCastle(key, nonce, block, text), 0, expected, offset, length);
        byte[] input = new byte[ChaCha20.INPUT_LENGTH];
        for (int i = 0; i < 4; i++) {
            input[i] = (byte) (block >>> (8 * i));
        }
        System.arraycopy(nonce, 0, input, 4, nonce.length);
        int[] start = ChaCha20.state(key, input);
        WideChaCha20.apply(start, buffer, offset, length);

        assertThat(Arrays.equals(buffer, expected))
                .as("%s: %d bytes", description, length)
                .isTrue();
        assertThat(start).containsOnly(0);
        assertThat(Arrays.equals(jdk(key, nonce, block, text), Arrays.copyOfRange(buffer, offset, offset + length)))
                .as("%s: %d bytes", description, length)
                .isTrue();
    }

    private static byte[] jdk(byte[] key, byte[] nonce, int block, byte[] text) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("ChaCha20");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "ChaCha20"), new ChaCha20ParameterSpec(nonce, block));
        return cipher.doFinal(text);
    }

    private static byte[] bouncyCastle(byte[] key, byte[] nonce, int block, byte[] text) {
        ChaCha7539Engine engine = new ChaCha7539Engine();
        engine.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
        engine.seekTo((long) block * BLOCK);
        byte[] out = new byte[text.length];
        engine.processBytes(text, 0, text.length, out, 0);
        return out;
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
