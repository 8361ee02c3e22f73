package org.aliasrpc.spring.statuspage;

import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.aliasrpc.spring.event.AliasRpcEventRing;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent;
import org.aliasrpc.spring.testing.FakeRegistry;
import org.aliasrpc.spring.testing.FakeScraper;
import org.aliasrpc.spring.testing.FakeService;
import org.aliasrpc.spring.testing.HttpConnection;
import org.aliasrpc.spring.testing.Keys;
import org.aliasrpc.testing.TestHttp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the status page serves, in both kinds of web application. What a browser makes of it is tested with a browser. */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"servlet", "reactive"})
class StatusPageTest {
    @SuppressWarnings("NullAway.Init") // set before the first test
    private static ConfigurableApplicationContext context;

    @Parameter
    @SuppressWarnings("NullAway.Init") // JUnit sets it before the first test
    String kind;

    @BeforeParameterizedClassInvocation
    static void start(String kind) {
        context = FakeService.run(kind, "alias-rpc.server.status-page.enabled=true");
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        context.close();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        return TestHttp.get("http://127.0.0.1:" + port + path);
    }

    @Test
    void thePageLoadsNothingFromElsewhere() throws Exception {
        HttpResponse<String> page = get("/alias-rpc");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
        assertThat(page.headers().firstValue("content-security-policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains("default-src 'none'", "script-src 'sha256-", "style-src 'sha256-")
                        .doesNotContain("unsafe", "http:", "https:", "*"));
        assertThat(page.body()).doesNotContain("http://", "https://", "src=", "@import", "innerHTML");
    }

    @Test
    void theStateIsWhatTheTableHolds() throws Exception {
        FakeRegistry registry = context.getBean(FakeRegistry.class);
        FakeScraper targets = context.getBean(FakeScraper.class);
        registry.with("good", Keys.key(1), "h1", "s1")
                .with("bad", Keys.key(2), "h2", "s2")
                .with("<b>\u202ex", Keys.key(3), "\u0007", "");
        targets.answers(Keys.key(1), "up 1\n");
        get("/scrape/good/metrics");
        get("/scrape/bad/metrics");
        context.getBean(AliasRpcEventRing.class)
                .onEvent(new AliasRpcRegistryEvent.AliasExpired(
                        new UUID(0, 0), Instant.EPOCH, "gone", Keys.key(4), Keys.key(4)));

        JsonNode state = new JsonMapper().readTree(get("/alias-rpc/state").body());
        assertThat(state.get("publicKey").asString()).isEqualTo(Keys.key(5).toString());
        assertThat(state.get("counts").get("total").asInt()).isEqualTo(3);
        assertThat(state.get("counts").get("up").asInt()).isEqualTo(1);
        assertThat(state.get("counts").get("failing").asInt()).isEqualTo(1);
        assertThat(state.get("counts").get("unscraped").asInt()).isEqualTo(1);
        assertThat(state.get("aliases").get(0).get("alias").asString()).isEqualTo("<b>\\u{202e}x");
        assertThat(state.get("aliases").get(0).get("hostname").asString()).isEqualTo("\\u{7}");
        assertThat(state.get("aliases").get(1).get("scrape").get("outcome").asString())
                .isEqualTo("unreachable");
        assertThat(state.get("aliases").get(2).get("scrape").get("bytes").asInt())
                .isEqualTo(5);
        assertThat(state.get("events").get(0).get("type").asString()).isEqualTo("alias-expired");

        JsonNode filtered =
                new JsonMapper().readTree(get("/alias-rpc/state?filter=GOO").body());
        assertThat(filtered.get("matching").asInt()).isEqualTo(1);
        assertThat(filtered.get("counts").get("total").asInt()).isEqualTo(3);

        for (int i = 0; i < 600; i++) {
            registry.with("many" + i, Keys.key(1), "", "");
        }
        JsonNode many = new JsonMapper().readTree(get("/alias-rpc/state").body());
        assertThat(many.get("shown").asInt()).isEqualTo(500);
        assertThat(many.get("matching").asInt()).isEqualTo(603);

        registry.away = true;
        assertThat(get("/alias-rpc/state").statusCode()).isEqualTo(503);
        assertThat(get("/alias-rpc").statusCode()).isEqualTo(200);
        registry.away = false;
    }

    /**
     * Reactor Netty 1.3.7 reads nothing more from a connection on which a request had to wait for the one before it and is
     * then answered on the event loop's thread.
     */
    @ParameterizedTest
    @ValueSource(strings = {"/alias-rpc", "/alias-rpc/state", "/scrape/none/metrics"})
    void aConnectionIsReadOnAfterARequestThatHadToWait(String path) throws Exception {
        var answer = new CompletableFuture<String>();
        FakeRegistry registry = context.getBean(FakeRegistry.class).with("slow", Keys.key(6), "", "");
        FakeScraper targets = context.getBean(FakeScraper.class).answersLater(Keys.key(6), answer);
        targets.timeouts.clear();
        try (var connection = new HttpConnection(context)) {
            connection.send("GET", "/scrape/slow/metrics");
            await().until(() -> targets.timeouts.size() == 1);
            connection.send("GET", path);
            answer.complete("up 1\n");
            for (int i = 0; i < 2; i++) {
                connection.body(connection.head());
            }
            assertThat(connection.send("GET", "/alias-rpc").head().status()).isEqualTo(200);
        } finally {
            registry.remove("slow");
        }
    }
}
