package org.aliasrpc.spring.scrape;

import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.spring.testing.FakeRegistry;
import org.aliasrpc.spring.testing.FakeScraper;
import org.aliasrpc.spring.testing.FakeService;
import org.aliasrpc.spring.testing.HttpConnection;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

/** An application stops while it waits for a target. */
class ScrapeStopTest {
    private static final String TEXT = "up 1\n".repeat(100_000);

    /** Only a stop that waits for the scrape meets it. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The common pool may have one thread only. */
    private static final Executor APART = task -> new Thread(task).start();

    private final CompletableFuture<String> answer = new CompletableFuture<>();

    private ConfigurableApplicationContext start(String kind, String patience) {
        ConfigurableApplicationContext context = FakeService.run(
                kind, "server.shutdown=graceful", "spring.lifecycle.timeout-per-shutdown-phase=" + patience);
        context.getBean(FakeRegistry.class).with("app", Keys.key(1), "", "");
        context.getBean(FakeScraper.class).answersLater(Keys.key(1), answer);
        return context;
    }

    private static HttpConnection scrape(ConfigurableApplicationContext context) {
        HttpConnection reader = new HttpConnection(context).send("GET", "/scrape/app/metrics");
        await().until(() -> !context.getBean(FakeScraper.class).timeouts.isEmpty());
        return reader;
    }

    @ParameterizedTest
    @ValueSource(strings = {"servlet", "reactive"})
    void aScrapeThatEndsMeanwhileIsAnswered(String kind) throws Exception {
        ConfigurableApplicationContext context = start(kind, PATIENCE.toSeconds() * 2 + "s");
        try (HttpConnection reader = scrape(context)) {
            CompletableFuture<Void> stop = CompletableFuture.runAsync(context::close, APART);
            await().until(() -> isRefused(context));
            assertThat(stop).isNotDone();
            answer.complete(TEXT);
            HttpConnection.Head head = reader.head();
            assertThat(head.status()).isEqualTo(200);
            assertThat(reader.body(head)).isEqualTo(TEXT);
            stop.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"servlet", "reactive"})
    void aScrapeThatDoesNotEndHoldsNothingUp(String kind) throws Exception {
        ConfigurableApplicationContext context = start(kind, "100ms");
        try (HttpConnection reader = scrape(context)) {
            CompletableFuture.runAsync(context::close, APART).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(isLeftOrTold(reader)).isTrue();
            assertThat(answer.complete(TEXT)).isTrue();
        }
    }

    /** Tomcat looks once a second for requests of applications that are gone, and may be faster than the connection's end. */
    private static boolean isLeftOrTold(HttpConnection reader) {
        try {
            return reader.head().status() >= 500;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean isRefused(ConfigurableApplicationContext context) {
        try {
            new HttpConnection(context).close();
            return false;
        } catch (UncheckedIOException e) {
            return true;
        }
    }
}
