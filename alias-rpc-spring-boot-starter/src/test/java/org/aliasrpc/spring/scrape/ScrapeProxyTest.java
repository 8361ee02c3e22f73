package org.aliasrpc.spring.scrape;

import static org.aliasrpc.testing.Waiting.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.spring.testing.FakeRegistry;
import org.aliasrpc.spring.testing.FakeScraper;
import org.aliasrpc.spring.testing.FakeService;
import org.aliasrpc.spring.testing.Keys;
import org.aliasrpc.testing.TestHttp;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The proxy and service discovery over HTTP, in both kinds of web application; behind them a table and targets as told. */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"servlet", "reactive"})
class ScrapeProxyTest {
    private static final String TEXT = "# HELP up \u00fcber\nup 1\n".repeat(1000);

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static ConfigurableApplicationContext context;

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static FakeRegistry registry;

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static FakeScraper targets;

    @Parameter
    @SuppressWarnings("NullAway.Init") // JUnit sets it before the first test
    String kind;

    @BeforeParameterizedClassInvocation
    static void start(String kind) {
        context = FakeService.run(
                kind, "alias-rpc.server.discovery.labels.site=north", "management.endpoints.web.exposure.include=*");
        registry = context.getBean(FakeRegistry.class).with("app", Keys.key(1), "a-host", "a-service");
        targets = context.getBean(FakeScraper.class);
    }

    @BeforeEach
    void reset() {
        registry.away = false;
        targets.answers(Keys.key(1), TEXT);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        context.close();
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws InterruptedException {
        return send("GET", path, headers);
    }

    private HttpResponse<byte[]> send(String method, String path, String... headers) throws InterruptedException {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return TestHttp.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Test
    void givesTheTargetsText() throws Exception {
        HttpResponse<byte[]> response = get("/scrape/app/metrics", "Accept", "text/plain;version=0.0.4");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(text(response)).isEqualTo(TEXT);
        assertThat(header(response, "content-type").replace(" ", ""))
                .isEqualToIgnoringCase("text/plain;version=0.0.4;charset=utf-8");
        assertThat(header(response, "content-encoding")).isEmpty();
        assertThat(header(response, "content-length")).isEqualTo(String.valueOf(response.body().length));
    }

    @Test
    void compressesWhenAsked() throws Exception {
        HttpResponse<byte[]> response = get("/scrape/app/metrics", "Accept-Encoding", "gzip");
        assertThat(header(response, "content-encoding")).isEqualTo("gzip");
        assertThat(response.body()).hasSizeLessThan(TEXT.length() / 10);
        try (var plain = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            assertThat(new String(plain.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(TEXT);
        }
    }

    @Test
    void answersToHeadWithoutTheText() throws Exception {
        HttpResponse<byte[]> response = send("HEAD", "/scrape/app/metrics");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(send("HEAD", "/scrape/nobody/metrics").statusCode()).isEqualTo(404);
    }

    @Test
    void tellsFailuresApart() throws Exception {
        assertFailure(404, "Unknown alias", "nobody");
        targets.fails(Keys.key(1), new AliasRpcException.Refused("Failed to obtain metrics (uid 7)"));
        assertFailure(502, "Upstream error: Failed to obtain metrics (uid 7)", "app");
        targets.fails(Keys.key(1), new AliasRpcException.ConnectionFailed("PEER_CONNECTION_FAILED"));
        assertFailure(502, "Upstream unavailable", "app");
        targets.fails(
                Keys.key(1), new AliasRpcException.TimedOut(AliasRpcException.TimedOut.Step.REQUEST, "after 1 ms"));
        assertFailure(504, "Upstream timed out", "app");
        targets.fails(Keys.key(1), new AliasRpcException.TooLarge("17 MB"));
        assertFailure(502, "Upstream metrics are too large", "app");
        registry.away = true;
        assertFailure(503, "The table of aliases is not available", "app");
    }

    private void assertFailure(int status, String reason, String alias) throws Exception {
        HttpResponse<byte[]> response = get("/scrape/" + alias + "/metrics", "Accept-Encoding", "gzip");
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(text(response)).isEqualTo(reason);
        assertThat(header(response, "content-type")).startsWith("text/plain");
    }

    /** Longer than any request waits on its thread. */
    @Test
    void aSlowTargetIsWaitedFor() throws Exception {
        String longText = TEXT.repeat(100);
        assertThat(text(answerToLate(longText, "GET"))).isEqualTo(longText);
        HttpResponse<byte[]> compressed = answerToLate(longText, "GET", "Accept-Encoding", "gzip");
        try (var plain = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
            assertThat(new String(plain.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(longText);
        }
        HttpResponse<byte[]> head = answerToLate(TEXT, "HEAD");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(header(head, "content-length"))
                .isEqualTo(String.valueOf(TEXT.getBytes(StandardCharsets.UTF_8).length));
        assertThat(text(answerToLate("", "GET"))).isEmpty();
        HttpResponse<byte[]> failed = answerToLate(null, "GET");
        assertThat(failed.statusCode()).isEqualTo(504);
        assertThat(text(failed)).isEqualTo("Upstream timed out");
        assertThat(get("/actuator/metrics/http.server.requests?tag=uri:/scrape/%7Balias%7D/metrics&tag=status:504")
                        .statusCode())
                .isEqualTo(200);
    }

    private HttpResponse<byte[]> answerToLate(@Nullable String text, String method, String... headers)
            throws Exception {
        var answer = new CompletableFuture<String>();
        targets.answersLater(Keys.key(1), answer);
        CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS).execute(() -> {
            if (text == null) {
                answer.completeExceptionally(
                        new AliasRpcException.TimedOut(AliasRpcException.TimedOut.Step.REQUEST, "after 100 ms"));
            } else {
                answer.complete(text);
            }
        });
        return send(method, "/scrape/app/metrics", headers);
    }

    @Test
    void markupFromATargetStaysText() throws Exception {
        targets.fails(Keys.key(1), new AliasRpcException.Refused("<script>alert(1)</script>"));
        HttpResponse<byte[]> response = get("/scrape/app/metrics", "Accept", "text/html");
        assertThat(header(response, "content-type")).startsWith("text/plain");
    }

    @Test
    void honoursPrometheusTimeout() throws Exception {
        targets.timeouts.clear();
        get("/scrape/app/metrics", "X-Prometheus-Scrape-Timeout-Seconds", "3");
        get("/scrape/app/metrics");
        assertThat(targets.timeouts)
                .satisfiesExactly(
                        asked -> assertThat(asked).isBetween(Duration.ofMillis(1500), Duration.ofMillis(2700)),
                        configured -> assertThat(configured).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10)));
    }

    @Test
    void aliasesAreDecoded() throws Exception {
        registry.with("a b%", Keys.key(1), "", "");
        assertThat(get("/scrape/a%20b%25/metrics").statusCode()).isEqualTo(200);
        registry.remove("a b%");
    }

    @Test
    void manyAtOnceAreAnswered() throws Exception {
        var gate = new CompletableFuture<Void>();
        var all = new CompletableFuture<?>[50];
        for (int i = 0; i < all.length; i++) {
            all[i] = CompletableFuture.supplyAsync(() -> {
                try {
                    gate.get(30, TimeUnit.SECONDS);
                    return get("/scrape/app/metrics", "Accept-Encoding", "gzip").statusCode();
                } catch (InterruptedException | ExecutionException | TimeoutException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        gate.complete(null);
        assertThat(all).allSatisfy(one -> assertThat(resultOf(one)).isEqualTo(200));
    }

    @Test
    void prometheusIsToldWhatToScrape() throws Exception {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        HttpResponse<byte[]> response = get("/actuator/aliasrpctargets", "Accept", "text/html, */*;q=0.1");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "content-type")).isEqualTo("application/json");
        JsonNode groups = new JsonMapper().readTree(response.body());
        assertThat(groups.size()).isEqualTo(1);
        assertThat(groups.get(0).get("targets").get(0).asString()).isEqualTo("localhost:" + port);
        JsonNode labels = groups.get(0).get("labels");
        assertThat(labels.get("site").asString()).isEqualTo("north");
        assertThat(labels.get("hostname").asString()).isEqualTo("a-host");
        assertThat(get(labels.get("__metrics_path__").asString()).statusCode()).isEqualTo(200);
    }

    @Test
    void prometheusKeepsItsTargetsWhileTheTableIsAway() throws Exception {
        registry.away = true;
        assertThat(get("/actuator/aliasrpctargets").statusCode()).isEqualTo(503);
    }
}
