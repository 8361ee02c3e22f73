package org.aliasrpc.spring.scrape;

import static org.aliasrpc.testing.Waiting.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.spring.testing.FakeRegistry;
import org.aliasrpc.spring.testing.FakeScraper;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AliasScraperTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final FakeRegistry registry = new FakeRegistry().with("app", Keys.key(1), "host", "service");
    private final FakeScraper targets = new FakeScraper();
    private final ScrapeHistory history = new ScrapeHistory(10);
    private final List<String> observed = new ArrayList<>();
    private final AliasScraper scraper = new AliasScraper(
            registry,
            targets,
            history,
            List.of((alias, entry) -> result -> observed.add(alias + " "
                    + (entry == null ? "nobody" : entry.service()) + " "
                    + result.outcome().tag())),
            Clock.fixed(NOW, ZoneOffset.UTC));

    private ScrapeResult scrape(String alias) {
        return resultOf(scraper.scrape(alias, Duration.ofSeconds(3)));
    }

    @Test
    void givesTheTextOfTheTarget() {
        targets.answers(Keys.key(1), "up 1\n");
        ScrapeResult result = scrape("app");
        assertThat(result.outcome()).isEqualTo(ScrapeOutcome.SUCCESS);
        assertThat((Object) StandardCharsets.UTF_8.decode(result.text())).hasToString("up 1\n");
        assertThat((Object) StandardCharsets.UTF_8.decode(result.text()))
                .as("again")
                .hasToString("up 1\n");
        assertThat(targets.timeouts)
                .singleElement()
                .satisfies(left -> assertThat(left).isBetween(Duration.ofMillis(1500), Duration.ofSeconds(3)));
        assertThat(observed).containsExactly("app service success");
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new AliasRpcException.Refused("no"), ScrapeOutcome.UPSTREAM_ERROR, "Upstream error: no"),
                Arguments.of(
                        new AliasRpcException.TimedOut(AliasRpcException.TimedOut.Step.CONNECT, "late"),
                        ScrapeOutcome.TIMEOUT,
                        "Upstream timed out"),
                Arguments.of(
                        new AliasRpcException.PeerNotFound("x"), ScrapeOutcome.UNREACHABLE, "Upstream unavailable"),
                Arguments.of(
                        new AliasRpcException.ConnectionLost("x"), ScrapeOutcome.UNREACHABLE, "Upstream unavailable"),
                Arguments.of(
                        new AliasRpcException.TooLarge("x"), ScrapeOutcome.TOO_LARGE, "Upstream metrics are too large"),
                Arguments.of(
                        new AliasRpcException.IncompatibleVersion("v9"),
                        ScrapeOutcome.UPSTREAM_ERROR,
                        "Upstream error: v9"),
                Arguments.of(new IllegalStateException("x"), ScrapeOutcome.UNREACHABLE, "Upstream unavailable"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void tellsWhyAScrapeFailed(RuntimeException failure, ScrapeOutcome outcome, String reason) {
        targets.fails(Keys.key(1), new CompletionException(failure));
        ScrapeResult result = scrape("app");
        assertThat(result.outcome()).isEqualTo(outcome);
        assertThat(result.reason()).isEqualTo(reason);
        assertThat(history.last("app")).hasValueSatisfying(last -> {
            assertThat(last.outcome()).isEqualTo(outcome);
            assertThat(last.reason()).isEqualTo(reason);
            assertThat(last.at()).isEqualTo(NOW);
            assertThat(last.lastSuccess()).isEqualTo(Instant.EPOCH);
            assertThat(last.failuresInARow()).isEqualTo(1);
        });
    }

    @Test
    void aTableThatTakesAllTheTimeLeavesNoneForTheTarget() {
        targets.answers(Keys.key(1), "up 1\n");
        ScrapeResult result = resultOf(scraper.scrape("app", Duration.ofNanos(1)));
        assertThat(result.outcome()).isEqualTo(ScrapeOutcome.TIMEOUT);
        assertThat(targets.timeouts).isEmpty();
        assertThat(observed).containsExactly("app service timeout");
    }

    @Test
    void aTargetsWordsAreCutOff() {
        targets.fails(Keys.key(1), new AliasRpcException.Refused("x".repeat(10_000)));
        assertThat(scrape("app").reason()).hasSizeLessThan(600).endsWith("...");
    }

    @Test
    void nobodysAliasAndATableThatIsAwayAreNotTheSame() {
        assertThat(scrape("nobody").outcome()).isEqualTo(ScrapeOutcome.UNKNOWN_ALIAS);
        assertThat(history.last("nobody")).as("anybody may ask for anything").isEmpty();
        registry.away = true;
        assertThat(scrape("app").outcome()).isEqualTo(ScrapeOutcome.UNAVAILABLE);
        assertThat(observed).containsExactly("nobody nobody unknown_alias", "app nobody unavailable");
    }

    @Test
    void countsFailuresSinceTheLastSuccess() {
        targets.answers(Keys.key(1), "up 1\n");
        scrape("app");
        targets.fails(Keys.key(1), new AliasRpcException.Refused("no"));
        scrape("app");
        scrape("app");
        assertThat(history.last("app")).hasValueSatisfying(last -> {
            assertThat(last.failuresInARow()).isEqualTo(2);
            assertThat(last.lastSuccess()).isEqualTo(NOW);
            assertThat(last.bytes()).isZero();
        });
        targets.answers(Keys.key(1), "up 1\n");
        scrape("app");
        assertThat(history.last("app"))
                .hasValueSatisfying(last -> assertThat(last.failuresInARow()).isZero());
    }

    /** Applications bring handlers of observations, and filters of meters. */
    @Test
    void whatObserversThrowChangesNothing() {
        List<ScrapeObserver> observers = List.of(
                (alias, entry) -> {
                    throw new IllegalStateException("at the begin");
                },
                (alias, entry) -> result -> {
                    throw new IllegalStateException("at the end");
                },
                (alias, entry) -> result -> observed.add(result.outcome().tag()));
        var watched = new AliasScraper(registry, targets, history, observers, Clock.fixed(NOW, ZoneOffset.UTC));
        targets.answers(Keys.key(1), "up 1\n");
        for (String alias : List.of("app", "nobody")) {
            resultOf(watched.scrape(alias, Duration.ofSeconds(3)));
        }
        assertThat(observed).containsExactly("success", "unknown_alias");
    }

    @Test
    void theHistoryIsBounded() {
        for (int i = 0; i < 20; i++) {
            registry.with("app" + i, Keys.key(1), "", "");
            scrape("app" + i);
        }
        assertThat(history.last("app9")).isEmpty();
        assertThat(history.last("app10")).isPresent();
    }
}
