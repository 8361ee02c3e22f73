package org.aliasrpc.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.aliasrpc.encoding.Bytes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any text is a key or is refused with an {@link IllegalArgumentException}; any 32 bytes are a point or are refused. */
class PublicKeyFuzzTest {
    @FuzzTest(maxDuration = "2m")
    void anyTextIsAKeyOrIsRefused(byte[] data) {
        parse(new String(data, StandardCharsets.UTF_8));
    }

    @FuzzTest(maxDuration = "2m")
    void anyPointAndAnySignatureAreUsedOrRefused(byte[] data) {
        use(data);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void randomTextsAndPoints(long seed) {
        Random random = new Random(seed);
        String alphabet = "ybndrfg8ejkmcpqxot1uwisza345h769ABCDEF02lvpear:/ \u00e9";
        for (int round = 0; round < 3000; round++) {
            StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "pear://" : "");
            int length = new int[] {51, 52, 53, 64, 65, random.nextInt(100)}[random.nextInt(6)];
            int letters = random.nextBoolean() ? 32 : alphabet.length();
            for (int i = 0; i < length; i++) {
                text.append(alphabet.charAt(random.nextInt(letters)));
            }
            parse(text.toString());
        }
        byte[] data = new byte[200];
        for (int round = 0; round < 200; round++) {
            random.nextBytes(data);
            use(data);
        }
    }

    private static void parse(String text) {
        try {
            PublicKey key = PublicKey.parse(text);
            assertThat(PublicKey.parse(key.toString())).isEqualTo(key);
            assertThat(PublicKey.parse("pear://" + key.bytes().toHex() + "/x")).isEqualTo(key);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("Invalid (Hypercore key|character in base32 input: .*)");
        }
        try {
            SecretBytes.parse(text, "the name").close();
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("the name must be 32 bytes").hasNoCause();
        }
    }

    private static void use(byte[] data) {
        if (data.length < 96) {
            return;
        }
        PublicKey key = PublicKey.of(Bytes.copyOf(data, 0, 32));
        Bytes rest = Bytes.copyOf(data, 96, data.length - 96);
        DhPublicKey point = DhPublicKey.of(key);
        if (point != null) {
            try (KeyPair own = KeyPair.generate(new Random(rest.hashCode()))) {
                assertThat(point.agree(own).length()).isEqualTo(32);
            }
        }
        assertThat(Signatures.verify(key, rest, Bytes.copyOf(data, 32, 64))).isFalse();
    }
}
