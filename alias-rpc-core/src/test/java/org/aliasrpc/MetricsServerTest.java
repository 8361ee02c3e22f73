package org.aliasrpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.aliasrpc.testing.Waiting.PATIENCE;
import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.Bytes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A metrics server and a scraper on a local DHT. */
@Timeout(120)
class MetricsServerTest {
    private static final Random RANDOM = new Random(11);
    private static final Duration LONG = PATIENCE;
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
        await().until(() -> events.size() == 7);
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

    @ParameterizedTest
    @ValueSource(ints = {0, 10_000, 1_000_000, 8_000_000})
    void textsOfAnyLengthArrive(int length) throws Exception {
        byte[] text = new byte[length];
        RANDOM.nextBytes(text); // also bytes that are no text arrive as they are
        serve(() -> CompletableFuture.completedFuture(ByteBuffer.wrap(text)), builder -> {});

        assertThat(scraper().scrape(target, LONG)).isEqualTo(ByteBuffer.wrap(text));
    }

    @Test
    void theLongestTextArrivesAndALongerOneIsAnError() throws Exception {
        AtomicInteger length = new AtomicInteger(MetricsServer.Builder.MAX_REPLY_BYTES);
        serve(() -> CompletableFuture.completedFuture(ByteBuffer.allocate(length.get())), builder -> {});
        MetricsScraper scraper = scraper();

        assertThat(scraper.scrape(target, LONG).remaining()).isEqualTo(length.get());
        length.incrementAndGet();
        assertThatThrownBy(() -> scraper.scrape(target, LONG))
                .isInstanceOf(AliasRpcException.Refused.class)
                .hasMessage("Metrics of 16777171 bytes are longer than the limit of 16777170");
        length.set(5);
        assertThat(scraper.scrape(target, LONG).remaining()).isEqualTo(5);
    }

    @Test
    void aFailureOfTheCollectorIsToldWithoutItsText() throws Exception {
        AtomicInteger turn = new AtomicInteger();
        serve(
                () -> switch (turn.getAndIncrement()) {
                    case 0 -> throw new IllegalStateException("I break stuff");
                    case 1 -> CompletableFuture.failedFuture(new IllegalStateException("I break stuff"));
                    case 2 -> CompletableFuture.completedFuture(null);
                    default -> CompletableFuture.completedFuture(buffer(TEXT));
                },
                builder -> {});
        MetricsScraper scraper = scraper();
        for (int i = 0; i < 3; i++) {
            AliasRpcException.Refused refused =
                    catchThrowableOfType(AliasRpcException.Refused.class, () -> scraper.scrape(target, LONG));
            await().until(() -> !events.isEmpty());
            UUID uid = ((MetricsServerEvent.ConnectionOpen) events.get(0)).uid();
            assertThat(refused).hasMessage("Failed to obtain metrics (uid " + uid + ")");
        }
        assertThat(text(scraper.scrape(target, LONG))).isEqualTo(TEXT);

        await().until(() -> errors().size() == 3);
        assertThat(errors().subList(0, 2))
                .allSatisfy(error -> assertThat(error.error()).hasMessage("I break stuff"));
        assertThat(errors().get(2).error()).hasMessage("the collector's stage holds null");
    }

    @Test
    void aCollectionHasALimitOfTimeAndALateResultIsDropped() throws Exception {
        CompletableFuture<ByteBuffer> late = new CompletableFuture<>();
        AtomicInteger turn = new AtomicInteger();
        serve(
                () -> turn.getAndIncrement() == 0 ? late : CompletableFuture.completedFuture(buffer(TEXT)),
                builder -> builder.timeout(Duration.ofMillis(200)).maxConcurrent(1));
        MetricsScraper scraper = scraper();

        assertThatThrownBy(() -> scraper.scrape(target, LONG))
                .isInstanceOf(AliasRpcException.Refused.class)
                .hasMessage("Metrics were not collected within 200 ms");
        assertThat(unhurried(scraper)).isEqualTo(TEXT); // its place is free again
        late.complete(buffer("late"));
        assertThat(unhurried(scraper)).isEqualTo(TEXT);
        await().until(() -> !errors().isEmpty());
        assertThat(errors()).allSatisfy(error -> assertThat(error.error()).isInstanceOf(TimeoutException.class));
    }

    /** On a machine that is busy any collection can be too late, but nothing else can happen to it. */
    private String unhurried(MetricsScraper scraper) throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            try {
                return text(scraper.scrape(target, LONG));
            } catch (AliasRpcException.Refused e) {
                assertThat(e).hasMessage("Metrics were not collected within 200 ms");
            }
        }
        throw new AssertionError("twenty collections were too late");
    }

    @Test
    void aCollectorThatBlocksKeepsItsPlaceUntilItReturns() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        AtomicInteger turn = new AtomicInteger();
        serve(
                () -> {
                    if (turn.getAndIncrement() == 0) {
                        await().until(() -> stuck.getCount() == 0);
                    }
                    return CompletableFuture.completedFuture(buffer(TEXT));
                },
                builder -> builder.timeout(Duration.ofMillis(200)).maxConcurrent(1));
        MetricsScraper scraper = scraper();

        assertThatThrownBy(() -> scraper.scrape(target, LONG)).hasMessage("Metrics were not collected within 200 ms");
        assertThatThrownBy(() -> scraper.scrape(target, LONG)).hasMessage("Too many scrapes at a time, at most 1");
        stuck.countDown();
        await().ignoreExceptions()
                .until(() -> text(scraper.scrape(target, LONG)).equals(TEXT));
    }

    @Test
    void aStrangerIsRefusedInTheHandshake() throws Exception {
        serve(TEXT);
        KeyPair stranger = KeyPair.generate(RANDOM);
        try (MetricsScraper scraper =
                MetricsScraper.builder(scraperNode, stranger).build()) {
            assertThatThrownBy(() -> scraper.scrape(target, Duration.ofSeconds(1)))
                    .isInstanceOfAny(AliasRpcException.ConnectionFailed.class, AliasRpcException.TimedOut.class);
        }
        assertThat(text(scraper().scrape(target, LONG))).isEqualTo(TEXT);
        await().until(() -> events.stream().anyMatch(MetricsServerEvent.ConnectionOpen.class::isInstance));
        var block = events.stream()
                .filter(MetricsServerEvent.FirewallBlock.class::isInstance)
                .map(MetricsServerEvent.FirewallBlock.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(block.remotePublicKey()).isEqualTo(stranger.publicKey());
        assertThat(block.payload().length()).isPositive();
        assertThat(block.address().getAddress().isLoopbackAddress()).isTrue();
        assertThat(events.stream().filter(MetricsServerEvent.ConnectionOpen.class::isInstance))
                .singleElement()
                .extracting(MetricsServerEvent::remotePublicKey)
                .isEqualTo(SCRAPER.publicKey());
    }

    @Test
    void aFirewallDecidesAboutKeysThatAreNotAllowedByName() throws Exception {
        List<PublicKey> asked = new CopyOnWriteArrayList<>();
        KeyPair second = KeyPair.generate(RANDOM);
        KeyPair stranger = KeyPair.generate(RANDOM);
        serve(
                () -> CompletableFuture.completedFuture(buffer(TEXT)),
                builder -> builder.firewall(key -> {
                    asked.add(key);
                    return !key.equals(second.publicKey());
                }));
        assertThat(text(scraper().scrape(target, LONG))).isEqualTo(TEXT);
        try (MetricsScraper scraper =
                        MetricsScraper.builder(scraperNode, second).build();
                MetricsScraper other =
                        MetricsScraper.builder(scraperNode, stranger).build()) {
            assertThat(text(scraper.scrape(target, LONG))).isEqualTo(TEXT);
            assertThatThrownBy(() -> other.scrape(target, Duration.ofSeconds(1)))
                    .isInstanceOf(AliasRpcException.class);
        }
        assertThat(asked).contains(second.publicKey(), stranger.publicKey()).doesNotContain(SCRAPER.publicKey());
        await().until(() -> events.stream().anyMatch(MetricsServerEvent.FirewallBlock.class::isInstance));
    }

    @Test
    void somebodyHasToBeAllowed() {
        assertThatThrownBy(() -> MetricsServer.builder(targetNode, targetKeys, CompletableFuture::new)
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nobody may scrape");
    }

    @Test
    void aNodeScrapesItself() throws Exception {
        serve(TEXT);
        try (MetricsScraper self = MetricsScraper.builder(targetNode, SCRAPER).build()) {
            assertThat(text(self.scrape(target, LONG))).isEqualTo(TEXT);
            assertThat(text(self.scrape(target, LONG))).isEqualTo(TEXT);
        }
    }

    @Test
    void concurrentScrapesShareOneConnection() throws Exception {
        serve(TEXT);
        MetricsScraper scraper = scraper();
        List<CompletableFuture<ByteBuffer>> results = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            results.add(scraper.scrapeAsync(target, LONG).toCompletableFuture());
        }
        for (CompletableFuture<ByteBuffer> result : results) {
            assertThat(text(result.get(PATIENCE_SECONDS, SECONDS))).isEqualTo(TEXT);
        }
        assertThat(scraper.connectionCount()).isOne();
        await().until(() -> events.size() == 33);
        assertThat(events.stream().filter(MetricsServerEvent.ConnectionOpen.class::isInstance))
                .hasSize(1);
    }

    @Test
    void aTargetThatWasRestartedIsScrapedAgainAtOnce() throws Exception {
        MetricsScraper scraper = scraper();
        MetricsServer first = serve(TEXT);
        assertThat(text(scraper.scrape(target, LONG))).isEqualTo(TEXT);
        first.close();
        assertThat(first.connectionCount()).isZero();
        serve("second");

        assertThat(text(scraper.scrape(target, LONG))).isEqualTo("second");
    }

    @Test
    void aReplyThatIsTooLongEndsTheConnectionBeforeItIsThere() throws Exception {
        AtomicInteger length = new AtomicInteger(8_000_000);
        serve(() -> CompletableFuture.completedFuture(ByteBuffer.allocate(length.get())), builder -> {});
        MetricsScraper scraper = keep(MetricsScraper.builder(scraperNode, SCRAPER)
                .maxReplyBytes(100_000)
                .build());

        assertThatThrownBy(() -> scraper.scrape(target, LONG))
                .isInstanceOf(AliasRpcException.TooLarge.class)
                .hasMessage("the metrics are longer than 100000 bytes");
        await().until(() -> events.stream().anyMatch(MetricsServerEvent.ConnectionClose.class::isInstance));
        assertThat(errors()).isEmpty(); // and is not asked for a second time
        assertThat(events.stream().filter(MetricsServerEvent.MetricsRequest.class::isInstance))
                .hasSize(1);
        length.set(100_001);
        assertThatThrownBy(() -> scraper.scrape(target, LONG)).isInstanceOf(AliasRpcException.TooLarge.class);
        length.set(100_000);
        assertThat(scraper.scrape(target, LONG).remaining()).isEqualTo(100_000);
    }

    @Test
    void oneThatAsksAndDoesNotReadTakesALimitedAmountOfMemory() throws Exception {
        ByteBuffer large = ByteBuffer.allocate(8_000_000);
        MetricsServer server = serve(() -> CompletableFuture.completedFuture(large), builder -> {});
        List<PeerConnection> connections = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            PeerConnection connection = keep(scraperNode.connect(target, SCRAPER));
            connections.add(connection); // never told to receive
            connection.send(Bytes.fromHex("0001011270726f6d6574686575732d6d65747269637300")
                    .asByteBuffer());
        }
        for (int i = 0; errors().isEmpty(); i++) {
            assertThat(i).isLessThan(12);
            String request = "01000" + (i / 4 + 1) + "076d6574726963730101";
            connections.get(i % 4).send(Bytes.fromHex(request).asByteBuffer());
            int answers = i + 1;
            await().until(() -> events.stream()
                            .filter(event -> event instanceof MetricsServerEvent.MetricsSuccess
                                    || event instanceof MetricsServerEvent.MetricsError)
                            .count()
                    == answers);
        }
        assertThat(errors().get(0).error()).hasMessage("Too many replies were not taken");
        connections.forEach(PeerConnection::close);
        await().until(() -> server.connectionCount() == 0);
        assertThat(scraper().scrape(target, LONG).remaining()).isEqualTo(8_000_000);
    }

    @Test
    void connectionsAreBoundedAndTheOneIdleLongestMakesRoom() throws Exception {
        serve(TEXT);
        KeyPair otherKeys = KeyPair.generate(RANDOM);
        CompletableFuture<ByteBuffer> pending = new CompletableFuture<>();
        MetricsServer other = keep(MetricsServer.builder(targetNode, otherKeys, () -> pending)
                .allow(SCRAPER.publicKey())
                .build());
        other.listen();
        MetricsScraper scraper = keep(
                MetricsScraper.builder(scraperNode, SCRAPER).maxConnections(1).build());

        assertThat(text(scraper.scrape(target, LONG))).isEqualTo(TEXT);
        CompletionStage<ByteBuffer> running = scraper.scrapeAsync(otherKeys.publicKey(), LONG);
        await().until(() -> other.connectionCount() == 1);
        assertThat(scraper.connectionCount()).isOne();
        assertThatThrownBy(() -> scraper.scrape(target, Duration.ofMillis(500)))
                .isInstanceOf(AliasRpcException.ConnectionFailed.class)
                .hasMessage("OVERLOADED: 1 connections to targets are in use");
        pending.complete(buffer("other"));
        assertThat(text(running.toCompletableFuture().get(PATIENCE_SECONDS, SECONDS)))
                .isEqualTo("other");
        assertThat(text(scraper.scrape(target, LONG))).isEqualTo(TEXT);
    }

    @Test
    void whatIsClosedSaysSo() throws Exception {
        serve(() -> new CompletableFuture<>(), builder -> {});
        MetricsScraper scraper = scraper();
        CompletionStage<ByteBuffer> running = scraper.scrapeAsync(target, LONG);
        await().until(() -> events.size() == 2);
        scraper.close();

        assertThatThrownBy(() -> running.toCompletableFuture().get(PATIENCE_SECONDS, SECONDS))
                .hasCauseInstanceOf(AliasRpcException.Closed.class);
        assertThatThrownBy(() -> scraper.scrape(target, LONG)).isInstanceOf(AliasRpcException.Closed.class);
        assertThat(scraper.connectionCount()).isZero();
    }

    @Test
    void whoIsNotThereIsNotFound() {
        MetricsScraper scraper = scraper();
        PublicKey nobody = KeyPair.generate(RANDOM).publicKey();
        assertThatThrownBy(() -> scraper.scrape(nobody, Duration.ofSeconds(4)))
                .isInstanceOf(AliasRpcException.PeerNotFound.class);
    }

    private List<MetricsServerEvent.MetricsError> errors() {
        return events.stream()
                .filter(MetricsServerEvent.MetricsError.class::isInstance)
                .map(MetricsServerEvent.MetricsError.class::cast)
                .toList();
    }

    private MetricsScraper scraper() {
        return keep(MetricsScraper.builder(scraperNode, SCRAPER).build());
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
