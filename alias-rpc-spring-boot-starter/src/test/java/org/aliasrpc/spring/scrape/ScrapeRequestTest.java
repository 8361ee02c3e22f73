package org.aliasrpc.spring.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScrapeRequestTest {
    private static final Duration CONFIGURED = Duration.ofSeconds(7);

    @ParameterizedTest
    @CsvSource({
        "10, 9500",
        "10.000000, 9500",
        "5, 4500",
        "2, 1800",
        "0.5, 450",
        "0.0001, 1",
        "1e-300, 1",
        "1e9, 299500",
        "1e308, 299500",
        "Infinity, 299500"
    })
    void prometheusTimeoutIsHonouredWithAMarginForTheAnswer(String header, long millis) {
        assertThat(ScrapeRequest.timeout(header, CONFIGURED).plusNanos(999_999).toMillis())
                .isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "0", "-1e308", "-0.0", "NaN", "-Infinity", "1e", "1,5"})
    void whatIsNoTimeIsIgnored(String header) {
        assertThat(ScrapeRequest.timeout(header, CONFIGURED)).isEqualTo(CONFIGURED);
        assertThat(ScrapeRequest.timeout(null, CONFIGURED)).isEqualTo(CONFIGURED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate, gzip", "GZIP;q=0.5", "x-gzip", "*", "br;q=1, *;q=0.1", "gzip;q=0.001"})
    void gzipIsAccepted(String header) {
        assertThat(ScrapeRequest.acceptsGzip(header)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "identity", "br", "gzip;q=0", "gzip; q=0.000", "*;q=0", "gzip;q=0, *", "notgzip"})
    void gzipIsNotAccepted(String header) {
        assertThat(ScrapeRequest.acceptsGzip(header)).isFalse();
        assertThat(ScrapeRequest.acceptsGzip(null)).isFalse();
    }
}
