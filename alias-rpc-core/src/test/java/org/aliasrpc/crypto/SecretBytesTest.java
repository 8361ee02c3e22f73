package org.aliasrpc.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import java.util.Random;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Z32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretBytesTest {
    private static final Bytes CONTENT = Blake2b.hash(Bytes.utf8("secret"));

    private final SecretBytes secret = SecretBytes.copyOf(CONTENT.toByteArray());

    @Test
    void equalsByContent() {
        SecretBytes same = SecretBytes.copyOf(CONTENT.toByteArray());
        assertThat(secret).isEqualTo(same).hasSameHashCodeAs(same);
        assertThat(secret).isNotEqualTo(SecretBytes.copyOf(new byte[32])).isNotEqualTo(CONTENT);
        assertThat(secret.contentEquals(CONTENT)).isTrue();
        assertThat(secret.contentEquals(Bytes.EMPTY)).isFalse();
    }

    @Test
    void readsHexOfEitherCaseAndZ32() {
        assertThat(SecretBytes.parse(CONTENT.toHex(), "seed")).isEqualTo(secret);
        assertThat(SecretBytes.parse(CONTENT.toHex().toUpperCase(Locale.ROOT), "seed"))
                .isEqualTo(secret);
        assertThat(SecretBytes.parse(Z32.encode(CONTENT), "seed")).isEqualTo(secret);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hunter2",
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde",
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeg",
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef00",
                "llllllllllllllllllllllllllllllllllllllllllllllllllll",
            })
    void saysWhatIsAllowedAndNothingOfWhatWasGiven(String text) {
        assertThatThrownBy(() -> SecretBytes.parse(text, "alias-rpc.server.secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "alias-rpc.server.secret must be 32 bytes, written as 64 hexadecimal digits or 52 characters of"
                                + " z-base-32; it is a text of " + text.length() + " characters")
                .hasNoCause();
    }

    @Test
    void neverShowsItsContent() {
        assertThat(secret).hasToString("SecretBytes(32 bytes)");
    }

    @Test
    void isWipedByClose() {
        byte[] content = CONTENT.toByteArray();
        SecretBytes wrapped = SecretBytes.wrap(content);
        wrapped.close();
        wrapped.close();
        assertThat(content).containsOnly(0);
        assertThat(wrapped.length()).isEqualTo(32);
        assertThatThrownBy(() -> wrapped.copyTo(new byte[32], 0)).isInstanceOf(IllegalStateException.class);
        assertThat(wrapped).isNotEqualTo(SecretBytes.copyOf(new byte[32]));
    }

    @Test
    void copiesSoThatTheOriginalCanBeWiped() {
        byte[] content = CONTENT.toByteArray();
        SecretBytes copy = SecretBytes.copyOf(content);
        content[0] ^= 1;
        assertThat(copy).isEqualTo(secret);
        byte[] out = new byte[34];
        copy.copyTo(out, 1);
        assertThat(Bytes.copyOf(out, 1, 32)).isEqualTo(CONTENT);
        assertThat(SecretBytes.copyOf(out, 1, 32)).isEqualTo(secret);
    }

    @Test
    void randomOnesComeFromTheGivenSource() {
        assertThat(SecretBytes.random(new Random(1), 16)).isEqualTo(SecretBytes.random(new Random(1), 16));
        assertThat(SecretBytes.random(new Random(1), 16)).isNotEqualTo(SecretBytes.random(new Random(2), 16));
    }
}
