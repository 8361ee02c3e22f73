package org.aliasrpc.spring.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {
    @ParameterizedTest
    @CsvSource({"10/1m,10,60000", "5 / 90s,5,90000", "1/1500ms,1,1500", "100/2h,100,7200000", "3/PT1M,3,60000"})
    void readsNumberAndDuration(String text, int count, long millis) {
        Rate rate = Rate.valueOf(text);
        assertThat(rate).isEqualTo(new Rate(count, Duration.ofMillis(millis)));
        assertThat(Rate.valueOf(rate.toString())).isEqualTo(rate);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "/1m", "10/", "ten/1m", "10/soon", "10 per 1m", "99999999999/1m"})
    void saysHowARateIsWritten(String text) {
        assertThatThrownBy(() -> Rate.valueOf(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("such as 10/1m");
    }

    @ParameterizedTest
    @CsvSource({"0/1m,1 to 1000000", "-1/1m,1 to 1000000", "1/1ms,1 s to 1 d", "1/2d,1 s to 1 d"})
    void saysWhatIsAllowed(String text, String allowed) {
        assertThatThrownBy(() -> Rate.valueOf(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(allowed);
    }
}
