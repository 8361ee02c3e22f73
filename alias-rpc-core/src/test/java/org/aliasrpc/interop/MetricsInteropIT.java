package org.aliasrpc.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.HyperDht;
import org.aliasrpc.MetricsCollector;
import org.aliasrpc.MetricsScraper;
import org.aliasrpc.MetricsServer;
import org.aliasrpc.MetricsServerEvent;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.testing.RequiresTool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The metrics process of the reference scraped by ours, and ours scraped by the reference. */
@RequiresTool("node")
@Timeout(120)
class MetricsInteropIT {
    private static final String SCRAPER_SEED = "0d".repeat(32);
    private static final String TARGET_SEED = "0e".repeat(32);
    private static final String STRANGER_SEED = "0f".repeat(32);
    private static final String SECRET = "0a".repeat(32);
    private static final Duration LONG = Duration.ofSeconds(20);

    private static NodePeer node;
    private static List<BootstrapNode> bootstrap;
    private static HyperDht dht;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<MetricsServerEvent> events = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        node = NodePeer.start();
        bootstrap = NodePeer.addresses(node.call("testnet", Map.of("nodes", 3)).path("bootstrap"));
        dht = HyperDht.create(JavaAliasClient.options(bootstrap));
    }

    @AfterAll
    static void stop() {
        dht.close();
        node.close();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10_000, 1_000_000, 8_000_000})
    void weScrapeANodeProcess(int length) throws Exception {
        JsonNode process = nodeProcess(node, length);
        MetricsScraper scraper = scraper(SCRAPER_SEED);
        for (int i = 0; i < 2; i++) {
            assertSame(scraper.scrape(key(process), LONG), process);
        }
        assertThat(scraper.connectionCount()).isOne();
        node.call("close", Map.of("ref", ref(process)));
    }

    @Test
    void aNodeProcessThatFailsSaysSo() {
        JsonNode process = nodeProcess(node, -1);
        assertThatThrownBy(() -> scraper(SCRAPER_SEED).scrape(key(process), LONG))
                .isInstanceOf(AliasRpcException.Refused.class)
                .hasMessageStartingWith("Failed to obtain metrics (uid ");
        node.awaitEvent(ref(process), "metrics-error");
        node.call("close", Map.of("ref", ref(process)));
    }

    @Test
    void aNodeProcessRefusesAStranger() throws Exception {
        JsonNode process = nodeProcess(node, 100);
        // Nobody answers, which takes the nodes in between longer to find out than a test should last.
        assertThatThrownBy(() -> scraper(STRANGER_SEED).scrape(key(process), Duration.ofSeconds(2)))
                .isInstanceOfAny(AliasRpcException.ConnectionFailed.class, AliasRpcException.TimedOut.class);
        PeerEvent block = node.awaitEvent(ref(process), "firewall-block");
        assertThat(block.fields().path("remotePublicKey").asString())
                .isEqualTo(pair(STRANGER_SEED).publicKey().bytes().toHex());
        assertSame(scraper(SCRAPER_SEED).scrape(key(process), LONG), process);
        node.call("close", Map.of("ref", ref(process)));
    }

    @Test
    void aNodeProcessThatWasRestartedIsScrapedAgainAtOnce() throws Exception {
        MetricsScraper scraper = scraper(SCRAPER_SEED);
        JsonNode first = nodeProcess(node, 1000);
        assertSame(scraper.scrape(key(first), LONG), first);
        node.call("close", Map.of("ref", ref(first)));
        JsonNode second = nodeProcess(node, 2000);
        assertThat(key(second)).isEqualTo(key(first));

        assertSame(scraper.scrape(key(second), LONG), second);
        node.call("close", Map.of("ref", ref(second)));
    }

    @Test
    void aNodeProcessThatWasKilledAndStartedAgainIsNoticedBeforeTheDeadline() throws Exception {
        MetricsScraper scraper = scraper(SCRAPER_SEED);
        NodePeer killed = NodePeer.start();
        JsonNode first = nodeProcess(killed, 1000);
        assertSame(scraper.scrape(key(first), LONG), first);
        killed.kill();
        JsonNode second = nodeProcess(node, 2000);

        long before = System.nanoTime();
        assertSame(scraper.scrape(key(second), LONG), second);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(12)); // UDX needs 13 s
        node.call("close", Map.of("ref", ref(second)));
    }

    @ParameterizedTest
    @ValueSource(ints = {10_000, 1_000_000, 8_000_000})
    void aNodeScraperScrapesUs(int length) throws Exception {
        byte[] metrics = "x".repeat(length).getBytes(UTF_8);
        MetricsServer server = server(() -> CompletableFuture.completedFuture(ByteBuffer.wrap(metrics)));
        String scraper = nodeScraper(SCRAPER_SEED);
        for (int i = 0; i < 2; i++) {
            assertSame(ByteBuffer.wrap(metrics), nodeScrape(scraper, server, LONG));
        }
        assertThat(server.connectionCount()).isOne();
        await().until(() -> events.size() == 5);
        assertThat(events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly(
                        "ConnectionOpen", "MetricsRequest", "MetricsSuccess", "MetricsRequest", "MetricsSuccess");
    }

    @Test
    void aNodeScraperHearsThatACollectionFailed() throws Exception {
        MetricsServer server = server(() -> {
            throw new IllegalStateException("I break stuff");
        });
        JsonNode reply = nodeScrape(nodeScraper(SCRAPER_SEED), server, LONG);
        assertThat(reply.path("success").asBoolean()).isFalse();
        await().until(() -> !events.isEmpty());
        var open = (MetricsServerEvent.ConnectionOpen) events.get(0);
        assertThat(reply.path("errorMessage").asString())
                .isEqualTo("Failed to obtain metrics (uid " + open.uid() + ")");
    }

    @Test
    void aNodeScraperHearsThatMetricsAreTooLong() throws Exception {
        ByteBuffer tooLong = ByteBuffer.allocate(MetricsServer.Builder.MAX_REPLY_BYTES + 1);
        MetricsServer server = server(() -> CompletableFuture.completedFuture(tooLong));
        JsonNode reply = nodeScrape(nodeScraper(SCRAPER_SEED), server, LONG);
        assertThat(reply.path("errorMessage").asString()).contains("longer than the limit");
    }

    @Test
    void aNodeScraperWithAStrangersKeyIsRefused() throws Exception {
        MetricsServer server = server(() -> CompletableFuture.completedFuture(ByteBuffer.wrap(new byte[100])));
        String stranger = nodeScraper(STRANGER_SEED);
        assertThatThrownBy(() -> nodeScrape(stranger, server, Duration.ofSeconds(2)))
                .isInstanceOf(NodePeerException.class);
        await().until(() -> !events.isEmpty());
        assertThat(events)
                .allSatisfy(event -> assertThat(event).isInstanceOf(MetricsServerEvent.FirewallBlock.class))
                .first()
                .extracting(MetricsServerEvent::remotePublicKey)
                .isEqualTo(pair(STRANGER_SEED).publicKey());
    }

    @Test
    void aNodeScraperFindsUsAgainAfterARestart() throws Exception {
        String scraper = nodeScraper(SCRAPER_SEED);
        MetricsServer first = server(() -> CompletableFuture.completedFuture(ByteBuffer.wrap(new byte[100])));
        assertThat(nodeScrape(scraper, first, LONG).path("bytes").asInt()).isEqualTo(100);
        first.close();
        MetricsServer second = server(() -> CompletableFuture.completedFuture(ByteBuffer.wrap(new byte[200])));
        assertThat(nodeScrape(scraper, second, LONG).path("bytes").asInt()).isEqualTo(200);
    }

    private static JsonNode nodeProcess(NodePeer in, int length) {
        return in.call(
                "metrics-process",
                Map.of(
                        "bootstrap",
                        NodePeer.addresses(bootstrap),
                        "scraperPublicKey",
                        pair(SCRAPER_SEED).publicKey().bytes().toHex(),
                        "secret",
                        SECRET,
                        "alias",
                        "alias",
                        "service",
                        "service",
                        "seed",
                        TARGET_SEED,
                        "length",
                        length));
    }

    private String nodeScraper(String seed) {
        String scraper = ref(node.call(
                "metrics-scraper",
                Map.of("bootstrap", NodePeer.addresses(bootstrap), "seed", seed, "timeout", LONG.toMillis())));
        // First of all: it would connect to the next test's server, which has the same key.
        opened.add(0, () -> node.call("close", Map.of("ref", scraper)));
        return scraper;
    }

    private static JsonNode nodeScrape(String scraper, MetricsServer target, Duration timeout) {
        return node.call(
                "scrape",
                Map.of(
                        "ref", scraper,
                        "publicKey", target.publicKey().bytes().toHex(),
                        "timeout", timeout.toMillis()));
    }

    private MetricsScraper scraper(String seed) {
        MetricsScraper scraper = MetricsScraper.builder(dht, pair(seed)).build();
        opened.add(scraper);
        return scraper;
    }

    private MetricsServer server(MetricsCollector collector) throws InterruptedException {
        MetricsServer server = MetricsServer.builder(dht, pair(TARGET_SEED), collector)
                .allow(pair(SCRAPER_SEED).publicKey())
                .listener(events::add)
                .build();
        opened.add(server);
        server.listen();
        return server;
    }

    private static KeyPair pair(String seed) {
        try (SecretBytes bytes = SecretBytes.parse(seed, "seed")) {
            return KeyPair.fromSeed(bytes);
        }
    }

    private static PublicKey key(JsonNode process) {
        return PublicKey.parse(process.path("publicKey").asString());
    }

    private static String ref(JsonNode made) {
        return made.path("ref").asString();
    }

    private static void assertSame(ByteBuffer metrics, JsonNode expected) throws Exception {
        assertThat(metrics.remaining()).isEqualTo(expected.path("bytes").asInt());
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(metrics.duplicate());
        assertThat(HexFormat.of().formatHex(digest.digest()))
                .isEqualTo(expected.path("sha256").asString());
    }
}
