package org.aliasrpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.Bytes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A metrics server and a scraper on a local DHT. */
@Timeout(30)
class MetricsServerTest {
    private static final Random RANDOM = new Random(11);
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final String TEXT = "# TYPE up gauge\nup{job=\"größe\"} 1\n";
    private static final KeyPair SCRAPER = KeyPair.generate(RANDOM);

    private static LocalTestnet testnet;
    private static HyperDht targetNode;
    private static HyperDht scraperNode;

    private final KeyPair targetKeys = KeyPair.generate(RANDOM);
    private final PublicKey target = targetKeys.publicKey();
    private final List<MetricsServerEvent> events = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        testnet = LocalTestnet.start(3);
        targetNode = testnet.newNode();
        scraperNode = testnet.newNode();
    }

    @AfterAll
    static void stop() {
        scraperNode.close();
        targetNode.close();
        testnet.close();
    }

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void theTextArrivesAsItIsWithTheEventsOfTheReference() throws Exception {
        serve(TEXT);
        try (MetricsScraper scraper =
                MetricsScraper.builder(scraperNode, SCRAPER).build()) {
            ByteBuffer metrics = scraper.scrape(target, LONG);

            assertThat(metrics.isReadOnly()).isTrue();
            assertThat(text(metrics)).isEqualTo(TEXT);
            assertThat(text(scraper.scrape(target, LONG))).isEqualTo(TEXT);
            assertThat(scraper.connectionCount()).isOne();
        }
        await().atMost(5, SECONDS).until(() -> events.size() == 7);
        PublicKey remote = SCRAPER.publicKey();
        var opened = (MetricsServerEvent.ConnectionOpen) events.get(0);
        UUID uid = opened.uid();
        assertThat(opened.remotePublicKey()).isEqualTo(remote);
        assertThat(opened.remoteAddress().getPort()).isNotZero();
        assertThat(events.get(1)).isEqualTo(new MetricsServerEvent.MetricsRequest(uid, remote));
        var success = (MetricsServerEvent.MetricsSuccess) events.get(2);
        assertThat(success.uid()).isEqualTo(uid);
        assertThat(success.bytes()).isEqualTo(Bytes.utf8(TEXT).length());
        assertThat(success.duration()).isPositive();
        assertThat(events.subList(5, 7))
                .containsExactly(
                        new MetricsServerEvent.ConnectionError(uid, remote, "connection reset by peer"),
                        new MetricsServerEvent.ConnectionClose(uid, remote));
    }

    private MetricsServer serve(String text) throws Exception {
        return serve(() -> CompletableFuture.completedFuture(buffer(text)), builder -> {});
    }

    private MetricsServer serve(MetricsCollector collector, Consumer<MetricsServer.Builder> options) throws Exception {
        MetricsServer.Builder builder = MetricsServer.builder(targetNode, targetKeys, collector)
                .allow(SCRAPER.publicKey())
                .listener(events::add);
        options.accept(builder);
        MetricsServer server = keep(builder.build());
        server.listen();
        return server;
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.add(resource);
        return resource;
    }

    private static ByteBuffer buffer(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static String text(ByteBuffer metrics) {
        return UTF_8.decode(metrics.duplicate()).toString();
    }
}
