package org.aliasrpc.spring.registration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void whatATerminalWouldObeyIsEscaped() {
        assertThat(Printable.of("a\nb\u001b[31m\u202e\u2028")).isEqualTo("a\\u{a}b\\u{1b}[31m\\u{202e}\\u{2028}");
    }

    @Test
    void loneSurrogatesAreEscapedAndWholeCharactersKept() {
        assertThat(Printable.of("é\ud83d\ude00\ud83d")).isEqualTo("é\ud83d\ude00\\u{d83d}");
    }

    @Test
    void longTextsAreCut() {
        assertThat(Printable.of("x".repeat(501))).isEqualTo("x".repeat(500) + "…");
    }
}
