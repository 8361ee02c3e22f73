package org.aliasrpc.spring.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.interop.NodePeer;
import org.aliasrpc.spring.AliasRpcIdentity;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.aliasrpc.spring.testing.Keys;
import org.aliasrpc.testing.RequiresTool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/**
 * Three applications of ours and one of the reference register with the service; three real Prometheus find them, each in
 * another way, and scrape them through the proxy. Then one is killed. The configurations and the rules are those of
 * docs/prometheus.
 */
@RequiresTool({"prometheus", "node"})
@Timeout(240)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PrometheusIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration EXPIRY = Duration.ofSeconds(20);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final String OWN_METRIC = "demo_answer";

    @TempDir
    static Path directory;

    private static LocalTestnet testnet;
    private static NodePeer peer;
    private static ConfigurableApplicationContext service;
    private static final List<ConfigurableApplicationContext> APPLICATIONS = new ArrayList<>();
    private static final Map<String, Prometheus> ALL = new LinkedHashMap<>();

    @BeforeAll
    static void start() throws Exception {
        testnet = LocalTestnet.start(3);
        peer = NodePeer.start();
        Path byFile = directory.resolve("file");
        Path byBridgeFile = directory.resolve("bridge");
        service = run(
                "servlet",
                "server.address=127.0.0.1",
                "server.port=0",
                "management.endpoints.web.exposure.include=health,aliasrpc,aliasrpctargets,prometheus",
                "management.prometheus.metrics.export.enabled=true",
                "alias-rpc.server.enabled=true",
                "alias-rpc.server.secret=" + Keys.SECRET,
                "alias-rpc.server.expiry=" + EXPIRY.toSeconds() + "s",
                "alias-rpc.server.grace=" + GRACE.toSeconds() + "s",
                "alias-rpc.server.store.type=file",
                "alias-rpc.server.store.location=" + byBridgeFile.resolve("targets.json"),
                "alias-rpc.server.discovery.file=" + byFile.resolve("alias-rpc-targets.json"));
        service.getBean(AliasRpcServer.class).listen();
        String key = service.getBean(AliasRpcServer.class).publicKey().toString();
        for (int i = 1; i <= 3; i++) {
            int answer = 40 + i;
            ConfigurableApplicationContext application = run(
                    "none",
                    "spring.application.name=app-" + i,
                    "management.prometheus.metrics.export.enabled=true",
                    "alias-rpc.client.server-public-key=" + key,
                    "alias-rpc.client.secret=" + Keys.SECRET,
                    "alias-rpc.client.hostname=host-" + i,
                    "alias-rpc.client.interval=4s");
            application.getBean(MeterRegistry.class).gauge("demo.answer", answer);
            APPLICATIONS.add(application);
        }
        startNodeApplication(peer, "node-app");
        await().atMost(PATIENCE)
                .until(() -> service.getBean(AliasRegistry.class).entries().size() == 4);
        String http = "127.0.0.1:" + service.getEnvironment().getRequiredProperty("local.server.port");
        ALL.put("http_sd", Prometheus.start(directory.resolve("http"), "prometheus-http-sd.yml", http));
        ALL.put("file_sd", Prometheus.start(byFile, "prometheus-file-sd.yml", http));
        ALL.put("bridge file", Prometheus.start(byBridgeFile, "prometheus-bridge-file.yml", http));
    }

    private static void startNodeApplication(NodePeer in, String alias) {
        in.call(
                "metrics-process",
                Map.of(
                        "bootstrap",
                        NodePeer.addresses(testnet.bootstrap()),
                        "scraperPublicKey",
                        service.getBean(AliasRpcServer.class)
                                .publicKey()
                                .bytes()
                                .toHex(),
                        "secret",
                        Keys.SECRET,
                        "alias",
                        alias,
                        "service",
                        "node-service",
                        "registerInterval",
                        4000,
                        "firewalled",
                        false,
                        "length",
                        1000));
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
        ALL.values().forEach(Prometheus::close);
        APPLICATIONS.forEach(ConfigurableApplicationContext::close);
        if (service != null) {
            service.close();
        }
        peer.close();
        testnet.close();
    }

    private static void awaitIn(String what, Prometheus prometheus, Callable<Boolean> condition) throws IOException {
        try {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(condition);
        } catch (RuntimeException e) {
            throw new AssertionError(
                    what + "; up: " + prometheus.query("up") + ", firing: " + prometheus.firing() + ", log: "
                            + prometheus.log(),
                    e);
        }
    }

    @Test
    @Order(1)
    void findsAndScrapesEveryApplication() throws IOException {
        onAll(
                "find all",
                prometheus -> up(prometheus).equals(Map.of("app-1", 1.0, "app-2", 1.0, "app-3", 1.0, "node-app", 1.0)));
        onAll(
                "have values",
                prometheus -> prometheus.query(OWN_METRIC).equals(Map.of("app-1", 41.0, "app-2", 42.0, "app-3", 43.0)));
        for (Prometheus prometheus : ALL.values()) {
            JsonNode labels = prometheus.labels(OWN_METRIC + "{alias=\"app-2\"}");
            assertThat(labels.get("instance").asString()).isEqualTo("app-2");
            assertThat(labels.get("hostname").asString()).isEqualTo("host-2");
            assertThat(labels.get("service").asString()).isEqualTo("app-2");
            assertThat(prometheus
                            .labels("up{alias=\"node-app\"}")
                            .get("service")
                            .asString())
                    .isEqualTo("node-service");
        }
        assertThat(http().labels("up{alias=\"app-1\"}").get("public_key").asString())
                .isEqualTo(APPLICATIONS
                        .get(0)
                        .getBean(AliasRpcIdentity.class)
                        .metrics()
                        .publicKey()
                        .toString());
    }

    @Test
    @Order(2)
    void everyMetricOfRulesAndDashboardIsThere() throws IOException {
        Prometheus prometheus = http();
        for (String name : DocumentedMetrics.ofTheService()) {
            awaitIn(name, prometheus, () -> !prometheus.query(name).isEmpty());
        }
    }

    @Test
    @Order(3)
    void aWrongSecretRaisesAnAlarm() throws IOException {
        try (ConfigurableApplicationContext thief = run(
                "none",
                "spring.application.name=thief",
                "alias-rpc.client.server-public-key="
                        + service.getBean(AliasRpcServer.class).publicKey(),
                "alias-rpc.client.secret=" + Keys.seed(7))) {
            assertThat(thief.isActive()).isTrue();
            Prometheus prometheus = http();
            awaitIn("AliasUnauthorised", prometheus, () -> prometheus.firing().contains("AliasUnauthorised"));
        }
    }

    @Test
    @Order(4)
    void aKilledApplicationIsDownAndThenGone() throws IOException {
        try (NodePeer victim = NodePeer.start()) {
            startNodeApplication(victim, "victim");
            onAll(
                    "see it",
                    prometheus -> Double.valueOf(1).equals(up(prometheus).get("victim")));
            victim.kill();
        }
        onAll(
                "see it down",
                prometheus -> Double.valueOf(0).equals(up(prometheus).get("victim")));
        onAll("alarm", prometheus -> prometheus.firing().contains("AliasScrapeFailing"));
        onAll("forget it", prometheus -> !up(prometheus).containsKey("victim"));
        onAll(
                "keep the others",
                prometheus -> up(prometheus).equals(Map.of("app-1", 1.0, "app-2", 1.0, "app-3", 1.0, "node-app", 1.0)));
    }

    private static Prometheus http() {
        return Objects.requireNonNull(ALL.get("http_sd"));
    }

    private static Map<String, Double> up(Prometheus prometheus) {
        return prometheus.query("up{job=\"alias-rpc\"}");
    }

    private static void onAll(String what, Predicate<Prometheus> condition) throws IOException {
        for (Map.Entry<String, Prometheus> one : ALL.entrySet()) {
            awaitIn(one.getKey() + ": " + what, one.getValue(), () -> condition.test(one.getValue()));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
