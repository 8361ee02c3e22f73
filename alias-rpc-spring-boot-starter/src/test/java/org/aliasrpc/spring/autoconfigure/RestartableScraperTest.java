package org.aliasrpc.spring.autoconfigure;

import static org.aliasrpc.testing.Waiting.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.spring.testing.FakeScraper;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;

/** A scraper for each run of the context. */
class RestartableScraperTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final List<FakeScraper> made = new ArrayList<>();
    private final RestartableScraper scraper = new RestartableScraper(Keys.key(1), () -> {
        made.add(new FakeScraper());
        return made.get(made.size() - 1);
    });

    @Test
    void isMadeByTheFirstScrapeOfEachRun() {
        assertThat(scraper.connectionCount()).isZero();
        assertThat(made).isEmpty();
        var unanswered = scraper.scrapeAsync(Keys.key(2), TIMEOUT);
        assertThat(unanswered).isNotNull();
        assertThat(made).hasSize(1);

        resultOf(scraper.stop());
        assertThat(scraper.scrapeAsync(Keys.key(2), TIMEOUT))
                .failsWithin(TIMEOUT)
                .withThrowableThat()
                .withCauseInstanceOf(AliasRpcException.Closed.class);
        assertThat(made).hasSize(1);

        scraper.start();
        var again = scraper.scrapeAsync(Keys.key(2), TIMEOUT);
        assertThat(again).isNotNull();
        assertThat(made).hasSize(2);
        assertThat(scraper.publicKey()).isEqualTo(Keys.key(1));
    }
}
