package org.aliasrpc.spring.scrape;

import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.aliasrpc.spring.testing.FakeRegistry;
import org.aliasrpc.spring.testing.FakeScraper;
import org.aliasrpc.spring.testing.FakeService;
import org.aliasrpc.spring.testing.HttpConnection;
import org.aliasrpc.spring.testing.Keys;
import org.aliasrpc.spring.testing.LoudLogs;
import org.apache.catalina.core.StandardContext;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** Slow targets, slow readers, and readers that leave, over real connections to a web server with two threads. */
@ParameterizedClass(name = "{0}")
@MethodSource("kinds")
class SlowScrapeTest {
    private static final String TEXT = "# HELP up \u00fcber\nup 1\n";
    private static final String LONG_TEXT = "up_total{a=\"bcdefghijklmnopqrstuvwxyz\"} 1\n".repeat(200_000); // 8 MB
    private static final int FIRST_BYTES = 64 * 1024;
    private static final String PATH = "/scrape/app/metrics";

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static ConfigurableApplicationContext context;

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static FakeScraper targets;

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static ScrapeHistory history;

    @Parameter
    @SuppressWarnings("NullAway.Init") // JUnit sets it before the first test
    String kind;

    static Stream<String> kinds() {
        Stream<String> all = Stream.of("servlet", "reactive");
        return Runtime.version().feature() < 21 ? all : Stream.concat(all, Stream.of("virtual"));
    }

    @BeforeParameterizedClassInvocation
    static void start(String kind) throws Exception {
        boolean virtual = kind.equals("virtual");
        context = FakeService.run(
                virtual ? "servlet" : kind,
                "spring.threads.virtual.enabled=" + virtual,
                "server.tomcat.threads.max=2",
                "server.tomcat.threads.min-spare=2");
        context.getBean(FakeRegistry.class).with("app", Keys.key(1), "", "").with("other", Keys.key(2), "", "");
        targets = context.getBean(FakeScraper.class).answers(Keys.key(2), TEXT);
        history = context.getBean(ScrapeHistory.class);
        othersAreAnswered(1); // the dispatcher logs its begin
    }

    @BeforeEach
    void reset() {
        targets.answers(Keys.key(1), TEXT);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        context.close();
    }

    private static ConditionFactory eventually() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }

    private static HttpConnection connection() {
        return new HttpConnection(context);
    }

    /** The scrapes asked for by the requests, each under way when this returns, and without a thread; answered later. */
    private static CompletableFuture<String> late(HttpConnection... readers) {
        nothingIsUnderWay();
        var answer = new CompletableFuture<String>();
        targets.answersLater(Keys.key(1), answer);
        targets.timeouts.clear();
        for (HttpConnection reader : readers) {
            reader.send("GET", PATH);
        }
        eventually().until(() -> targets.timeouts.size() == readers.length);
        StandardContext tomcat = tomcat();
        if (tomcat != null) { // a request keeps its thread for a moment
            eventually().until(() -> tomcat.getInProgressAsyncCount() == readers.length);
        }
        return answer;
    }

    /** The requests behind these hold no thread. */
    private static void othersAreAnswered(int count) throws Exception {
        try (HttpConnection connection = connection()) {
            for (int i = 0; i < count; i++) {
                HttpConnection.Head head =
                        connection.send("GET", "/scrape/other/metrics").head();
                assertThat(head.status()).isEqualTo(200);
                assertThat(connection.body(head)).isEqualTo(TEXT);
            }
        }
    }

    private static @Nullable StandardContext tomcat() {
        return context instanceof ServletWebServerApplicationContext web
                        && web.getWebServer() instanceof TomcatWebServer server
                ? (StandardContext) server.getTomcat().getHost().findChildren()[0]
                : null;
    }

    private static void nothingIsUnderWay() {
        StandardContext tomcat = tomcat();
        if (tomcat != null) {
            eventually()
                    .untilAsserted(
                            () -> assertThat(tomcat.getInProgressAsyncCount()).isZero());
        }
    }

    @Test
    void slowReadersOfLateAnswersHoldNoThread() throws Exception {
        try (var one = connection();
                var two = connection();
                var three = connection()) {
            late(one, two, three).complete(LONG_TEXT);
            List<String> begun = new ArrayList<>();
            for (HttpConnection reader : List.of(one, two, three)) {
                assertThat(reader.head().length()).isEqualTo(LONG_TEXT.length());
                begun.add(new String(reader.read(FIRST_BYTES), StandardCharsets.UTF_8));
            }
            othersAreAnswered(20);
            for (HttpConnection reader : List.of(three, two, one)) {
                byte[] rest = reader.read(LONG_TEXT.length() - FIRST_BYTES);
                assertThat((begun.remove(0) + new String(rest, StandardCharsets.UTF_8)).equals(LONG_TEXT))
                        .isTrue();
                assertThat(reader.body(
                                reader.send("GET", "/scrape/other/metrics").head()))
                        .as("the next one on the connection")
                        .isEqualTo(TEXT);
            }
        }
        nothingIsUnderWay();
    }

    @Test
    void aSlowReaderOfAnAnswerThatIsThereGetsAll() throws Exception {
        targets.answers(Keys.key(1), LONG_TEXT);
        try (var reader = connection()) {
            assertThat(reader.send("GET", PATH).head().length()).isEqualTo(LONG_TEXT.length());
            String begun = new String(reader.read(FIRST_BYTES), StandardCharsets.UTF_8);
            othersAreAnswered(20);
            byte[] rest = reader.read(LONG_TEXT.length() - FIRST_BYTES);
            assertThat((begun + new String(rest, StandardCharsets.UTF_8)).equals(LONG_TEXT))
                    .isTrue();
        }
    }

    @Test
    void whoLeavesInTheMiddleIsForgotten() throws Exception {
        try (var logs = new LoudLogs()) {
            for (int i = 0; i < 4; i++) {
                HttpConnection reader = connection();
                if (i % 2 == 0) {
                    late(reader).complete(LONG_TEXT);
                } else {
                    targets.answers(Keys.key(1), LONG_TEXT);
                    reader.send("GET", PATH);
                }
                reader.head();
                reader.read(FIRST_BYTES);
                if (i < 2) {
                    reader.reset();
                } else {
                    reader.close();
                }
            }
            othersAreAnswered(50);
            nothingIsUnderWay();
            assertThat(logs.lines()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoLeavesBeforeTheAnswerIsForgottenAndTheScrapeIsNot(boolean reset) throws Exception {
        try (var logs = new LoudLogs()) {
            for (int i = 1; i <= 4; i++) {
                HttpConnection reader = connection();
                CompletableFuture<String> answer = late(reader);
                if (reset) {
                    reader.reset();
                } else {
                    reader.close();
                }
                othersAreAnswered(2);
                String text = LONG_TEXT.substring(0, i * 250_000);
                answer.complete(text);
                eventually()
                        .untilAsserted(() -> assertThat(history.last("app"))
                                .hasValueSatisfying(
                                        last -> assertThat(last.bytes()).isEqualTo(text.length())));
            }
            othersAreAnswered(50);
            nothingIsUnderWay();
            assertThat(logs.lines()).isEmpty();
        }
    }

    @Test
    void headTellsWhatGetTells() throws Exception {
        for (String encoding : List.of("identity", "gzip")) {
            List<HttpConnection.Head> heads = new ArrayList<>();
            try (var connection = connection()) {
                for (String way : List.of("GET", "HEAD", "GET late", "HEAD late")) {
                    var answer = new CompletableFuture<String>();
                    targets.answersLater(Keys.key(1), answer);
                    targets.timeouts.clear();
                    if (way.endsWith("late")) {
                        connection.send(way.split(" ", 2)[0], PATH, "Accept-Encoding: " + encoding);
                        eventually().until(() -> !targets.timeouts.isEmpty());
                        CompletableFuture.delayedExecutor(40, TimeUnit.MILLISECONDS)
                                .execute(() -> answer.complete(TEXT));
                    } else {
                        answer.complete(TEXT);
                        connection.send(way, PATH, "Accept-Encoding: " + encoding);
                    }
                    HttpConnection.Head head = connection.head();
                    assertThat(head.status()).isEqualTo(200);
                    if (way.startsWith("GET")) {
                        assertThat(connection.body(head)).isEqualTo(TEXT);
                    }
                    heads.add(head);
                }
                connection.send("GET", "/scrape/nobody/metrics");
                assertThat(connection.head().status()).isEqualTo(404);
            }
            assertThat(heads).allSatisfy(head -> {
                assertThat(head.header("content-length"))
                        .isNotEmpty()
                        .isEqualTo(heads.get(0).header("content-length"));
                assertThat(head.header("content-encoding")).isEqualTo(encoding.equals("gzip") ? "gzip" : "");
                assertThat(head.header("content-type").replace(" ", ""))
                        .isEqualToIgnoringCase(ScrapeRequest.CONTENT_TYPE.replace(" ", ""));
            });
        }
    }

    @Test
    void aScrapeThatDoesNotEndIsAnsweredAndItsLateEndChangesNothing() throws Exception {
        var answer = new CompletableFuture<String>();
        targets.answersLater(Keys.key(1), answer);
        try (var logs = new LoudLogs();
                var connection = connection()) {
            long begin = System.nanoTime();
            HttpConnection.Head head = connection
                    .send("GET", PATH, ScrapeRequest.TIMEOUT_HEADER + ": 0.1")
                    .head();
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isGreaterThan(ScrapeResult.GRACE)
                    .as("not the time that a scrape has unless Prometheus says so")
                    .isLessThan(Duration.ofSeconds(10));
            assertThat(head.status()).isEqualTo(504);
            assertThat(connection.body(head)).isEqualTo("Upstream timed out");
            nothingIsUnderWay();
            answer.complete(TEXT + TEXT);
            assertThat(history.last("app"))
                    .hasValueSatisfying(last -> assertThat(last.outcome()).isEqualTo(ScrapeOutcome.SUCCESS));
            head = connection.send("GET", "/scrape/other/metrics").head();
            assertThat(connection.body(head)).isEqualTo(TEXT);
            assertThat(logs.lines()).isEmpty();
        }
    }

    @Test
    void requestsBehindALateOneWaitTheirTurn() throws Exception {
        try (var connection = connection()) {
            CompletableFuture<String> answer = late(connection);
            connection.send("GET", "/scrape/nobody/metrics").send("GET", "/scrape/other/metrics");
            othersAreAnswered(5);
            answer.complete(LONG_TEXT);
            assertThat(connection.body(connection.head()).equals(LONG_TEXT)).isTrue();
            HttpConnection.Head second = connection.head();
            assertThat(second.status()).isEqualTo(404);
            assertThat(connection.body(second)).isEqualTo("Unknown alias");
            assertThat(connection.body(connection.head())).isEqualTo(TEXT);
        }
        nothingIsUnderWay();
    }

    /** As a request gives its thread back: the answer comes before, while and after the container has it. */
    @Test
    void answersAtTheEndOfPatienceAreWhole() throws Exception {
        List<CompletableFuture<Void>> readers = new ArrayList<>();
        for (int r = 0; r < 2; r++) {
            int reader = r;
            Executor apart = task -> new Thread(task).start(); // the common pool answers, perhaps with one thread
            readers.add(CompletableFuture.runAsync(
                    () -> {
                        try (var connection = connection()) {
                            for (int i = 0; i < 30; i++) {
                                var answer = new CompletableFuture<String>();
                                targets.answersLater(Keys.key(1), answer);
                                CompletableFuture.delayedExecutor(19_000 + 100L * i + reader, TimeUnit.MICROSECONDS)
                                        .execute(() -> answer.complete(TEXT));
                                HttpConnection.Head head =
                                        connection.send("GET", PATH).head();
                                assertThat(connection.body(head)).isEqualTo(TEXT);
                            }
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    apart));
        }
        for (CompletableFuture<Void> reader : readers) {
            reader.get(30, TimeUnit.SECONDS);
        }
        nothingIsUnderWay();
    }
}
