package org.aliasrpc.spring.scrape;

import static org.aliasrpc.testing.Waiting.PATIENCE;
import static org.aliasrpc.testing.Waiting.await;
import static org.aliasrpc.testing.Waiting.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.MetricsScraper;
import org.aliasrpc.MetricsServer;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.aliasrpc.spring.testing.Keys;
import org.aliasrpc.testing.TestHttp;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** A whole application registers with a whole service and is scraped through it. */
class ScrapeLoopTest {
    private static LocalTestnet testnet;
    private static ConfigurableApplicationContext service;
    private static ConfigurableApplicationContext application;

    @BeforeAll
    static void start() throws InterruptedException {
        testnet = LocalTestnet.start(3);
        service = run(
                "servlet",
                "server.port=0",
                "server.address=127.0.0.1",
                "alias-rpc.server.enabled=true",
                "alias-rpc.server.store.type=memory",
                "alias-rpc.server.secret=" + Keys.SECRET);
        application = run(
                "none",
                "spring.application.name=app",
                "management.prometheus.metrics.export.enabled=true",
                "alias-rpc.client.server-public-key="
                        + service.getBean(AliasRpcServer.class).publicKey(),
                "alias-rpc.client.secret=" + Keys.SECRET);
        await().until(() -> service.getBean(AliasRegistry.class).find("app").isPresent());
    }

    private static ConfigurableApplicationContext run(String kind, String... properties) {
        List<String> all = new ArrayList<>(List.of(properties));
        all.add("spring.main.web-application-type=" + kind);
        all.add("alias-rpc.dht.bootstrap=" + testnet.bootstrap().get(0));
        all.add("alias-rpc.dht.host=127.0.0.1");
        all.add("alias-rpc.dht.port=0");
        return new SpringApplicationBuilder(Application.class)
                .properties(all.toArray(String[]::new))
                .run();
    }

    @AfterAll
    static void stop() {
        application.close();
        service.close();
        testnet.close();
    }

    @Test
    void manyScrapesAtOnceShareOneConnection() {
        String port = service.getEnvironment().getRequiredProperty("local.server.port");
        URI uri = URI.create("http://127.0.0.1:" + port + "/scrape/app/metrics");
        List<CompletableFuture<HttpResponse<String>>> scrapes = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            scrapes.add(TestHttp.sendAsync(HttpRequest.newBuilder(uri), HttpResponse.BodyHandlers.ofString()));
        }
        assertThat(scrapes).allSatisfy(scrape -> {
            HttpResponse<String> answer = resultOf(scrape);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).contains("jvm_memory_used_bytes{");
        });
        assertThat(service.getBean(MetricsScraper.class).connectionCount()).isEqualTo(1);
        assertThat(application.getBean(MetricsServer.class).connectionCount()).isEqualTo(1);
    }

    @Test
    void theApplicationLetsInNobodyButItsService() {
        MetricsServer metrics = application.getBean(MetricsServer.class);
        try (var stranger =
                MetricsScraper.builder(testnet.newNode(), Keys.pair(99)).build()) {
            var scrape = stranger.scrapeAsync(metrics.publicKey(), Duration.ofSeconds(1))
                    .toCompletableFuture();
            assertThat(scrape)
                    .failsWithin(PATIENCE)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(AliasRpcException.class);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
