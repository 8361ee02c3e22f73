package org.aliasrpc.spring.autoconfigure;

import static org.aliasrpc.testing.Waiting.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.aliasrpc.spring.scrape.AliasScraper;
import org.aliasrpc.spring.scrape.ScrapeHistory;
import org.aliasrpc.spring.scrape.ScrapeObserver;
import org.aliasrpc.spring.testing.FakeRegistry;
import org.aliasrpc.spring.testing.FakeScraper;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;

class ScrapeObservationsTest {
    private static void scrape(ScrapeObserver observer, String alias) {
        resultOf(new AliasScraper(
                        new FakeRegistry().with("app", Keys.key(1), "host", "billing"),
                        new FakeScraper().answers(Keys.key(1), "up 1\n"),
                        new ScrapeHistory(10),
                        List.of(observer),
                        Clock.systemUTC())
                .scrape(alias, Duration.ofSeconds(1)));
    }

    @Test
    void aScrapeIsObservedWithItsOutcomeAndInTracesWithItsAlias() {
        TestObservationRegistry registry = TestObservationRegistry.create();
        scrape(new ScrapeObservations(registry, null), "app");
        TestObservationRegistryAssert.assertThat(registry)
                .hasSingleObservationThat()
                .hasNameEqualTo("alias.rpc.scrape")
                .hasContextualNameEqualTo("scrape alias")
                .hasLowCardinalityKeyValue("outcome", "success")
                .hasHighCardinalityKeyValue("alias", "app")
                .hasHighCardinalityKeyValue("service", "billing")
                .hasBeenStarted()
                .hasBeenStopped();
    }

    @Test
    void anUnknownAliasIsAnOutcome() {
        TestObservationRegistry registry = TestObservationRegistry.create();
        scrape(new ScrapeObservations(registry, null), "nobody");
        TestObservationRegistryAssert.assertThat(registry)
                .hasSingleObservationThat()
                .hasLowCardinalityKeyValue("outcome", "unknown_alias")
                .hasBeenStopped();
    }

    @Test
    void withoutObservationsATimerCounts() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        scrape(new ScrapeTimer(registry), "app");
        scrape(new ScrapeTimer(registry), "nobody");
        assertThat(registry.get("alias.rpc.scrape")
                        .tag("outcome", "success")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("alias.rpc.scrape")
                        .tag("outcome", "unknown_alias")
                        .timer()
                        .count())
                .isEqualTo(1);
    }
}
