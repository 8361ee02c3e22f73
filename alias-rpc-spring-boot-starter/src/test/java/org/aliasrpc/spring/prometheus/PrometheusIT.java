package org.aliasrpc.spring.prometheus;

import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.aliasrpc.interop.NodePeer;
import org.aliasrpc.testing.RequiresTool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Three real Prometheus find the applications of a service, each in another way, and scrape them through its proxy. Then
 * things go wrong, and every alert of the rules fires. The configurations and the rules are those of docs/prometheus, in
 * a hurry; {@link UnchangedFilesIT} uses them as they stand.
 */
@RequiresTool({"prometheus", "node"})
@Timeout(240)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PrometheusIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration STALE = Fleet.RENEWAL.multipliedBy(2);
    private static final String OWN_METRIC = "demo_answer";

    @TempDir
    static Path directory;

    private static Fleet fleet;
    private static final Map<String, Prometheus> ALL = new LinkedHashMap<>();

    /** Alerts seen firing in Prometheus. */
    private static final Set<String> FIRED = new TreeSet<>();

    @BeforeAll
    static void start() throws Exception {
        Path byFile = Files.createDirectory(directory.resolve("file"));
        Path byBridgeFile = Files.createDirectory(directory.resolve("bridge"));
        fleet = new Fleet(0, byBridgeFile, byFile, directory);
        start("http_sd", directory.resolve("http"), "prometheus-http-sd.yml");
        start("file_sd", byFile, "prometheus-file-sd.yml");
        start("bridge file", byBridgeFile, "prometheus-bridge-file.yml");
    }

    private static void start(String name, Path in, String configuration) throws IOException {
        ALL.put(name, Prometheus.startHurried(in, configuration, fleet.http(), STALE));
    }

    @AfterAll
    static void stop() {
        ALL.values().forEach(Prometheus::close);
        fleet.close();
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

    private static void awaitAlert(String alert) throws IOException {
        onAll(alert, prometheus -> prometheus.firing().contains(alert));
        FIRED.add(alert.replaceAll(" .*", ""));
    }

    @Test
    @Order(1)
    void findsAndScrapesEveryApplication() throws IOException {
        onAll("find all", prometheus -> up(prometheus).equals(Fleet.ALL_UP));
        onAll(
                "have values",
                prometheus -> prometheus.query(OWN_METRIC).equals(Map.of("app-1", 41.0, "app-2", 42.0, "app-3", 43.0)));
        for (Prometheus prometheus : ALL.values()) {
            JsonNode labels = prometheus.labels(OWN_METRIC + "{alias=\"app-2\"}");
            assertThat(labels.get("instance").asString()).isEqualTo("app-2");
            assertThat(labels.get("hostname").asString()).isEqualTo("host-of-app-2");
            assertThat(labels.get("service").asString()).isEqualTo("app-2");
            assertThat(prometheus
                            .labels("up{alias=\"node-app\"}")
                            .get("service")
                            .asString())
                    .isEqualTo("node-service");
        }
        assertThat(http().labels("up{alias=\"app-1\"}").get("public_key").asString())
                .isEqualTo(fleet.identity("app-1").metrics().publicKey().toString());
    }

    @Test
    @Order(2)
    void everyPanelOfTheDashboardHasData() throws IOException {
        for (String expression : Dashboard.expressions()) {
            awaitIn(expression, http(), () -> !http().query(expression).isEmpty());
        }
    }

    /** The application with the retired secret can be scraped still; the killed one is in the table still. */
    @Test
    @Order(3)
    void alarmsAreRaisedForARetiredSecretAndAKilledApplication() throws IOException {
        fleet.startRetiringApplication("retiring");
        try (NodePeer victim = NodePeer.start()) {
            fleet.startNodeApplication(victim, "victim");
            onAll(
                    "see both",
                    prometheus -> up(prometheus)
                            .entrySet()
                            .containsAll(Map.of("victim", 1.0, "retiring", 1.0).entrySet()));
            victim.kill();
            fleet.retireSecret();
        }
        onAll(
                "see it down",
                prometheus -> Double.valueOf(0).equals(up(prometheus).get("victim")));
        awaitAlert("AliasUnauthorised " + fleet.http());
        awaitAlert("AliasRegistrationStale retiring");
        awaitAlert("AliasNearExpiry " + fleet.http());
        awaitAlert("AliasScrapeFailing victim");
        onAll("forget both", prometheus -> up(prometheus).equals(Fleet.ALL_UP));
    }

    @Test
    @Order(4)
    void alarmsAreRaisedForAServiceThatIsGone() throws IOException {
        fleet.stopService();
        awaitAlert("AliasServiceDown " + fleet.http());
        assertThat(FIRED).isEqualTo(Prometheus.documentedAlerts());
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
}
