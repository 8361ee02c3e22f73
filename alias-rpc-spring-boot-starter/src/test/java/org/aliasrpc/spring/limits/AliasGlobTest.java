package org.aliasrpc.spring.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AliasGlobTest {
    @ParameterizedTest
    @CsvSource({
        "team-a-*, team-a-1, true",
        "team-a-*, team-a-, true",
        "team-a-*, team-a, false",
        "team-a-*, xteam-a-1, false",
        "*, anything, true",
        "a.b, axb, false",
        "*-db-*, eu-db-db-1, true",
        "*ab, aab, true",
        "a**b, ab, true",
    })
    void aStarStandsForAnyCharacters(String glob, String alias, boolean matches) {
        assertThat(AliasGlob.of(glob).matches(alias)).isEqualTo(matches);
    }

    @Test
    void matchesWhatTheSameRegularExpressionDoes() {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            String glob = text(random, "ab*", 1 + random.nextInt(6));
            String alias = text(random, "ab", random.nextInt(8));
            assertThat(AliasGlob.of(glob).matches(alias))
                    .as("%s on %s", glob, alias)
                    .isEqualTo(alias.matches(glob.replace("*", ".*")));
        }
    }

    @Test
    void noTextTakesLong() {
        AliasGlob glob = AliasGlob.of("*a".repeat(99) + "*b");
        for (int i = 0; i < 100; i++) {
            assertThat(glob.matches("a".repeat(1000))).isFalse();
        }
        assertThat(AliasGlob.of("*").matches("a".repeat(1_000_000))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "team a", "a/b", "a:b", "[a-z]", "a?", "é*"})
    void otherCharactersAreRefused(String glob) {
        assertThatThrownBy(() -> AliasGlob.of(glob))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("A-Z");
    }

    private static String text(Random random, String of, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(of.charAt(random.nextInt(of.length())));
        }
        return text.toString();
    }
}
