package org.aliasrpc.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.rpc.CallConnections;
import org.aliasrpc.rpc.CallFailure;
import org.aliasrpc.rpc.PoolOptions;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Scraper and process, both ours: the sessions of metrics-rpc.json, and what the reference gets wrong. */
class MetricsSessionTest {
    private static final PublicKey SCRAPER = new PublicKey(Bytes.fromHex("11".repeat(32)));
    private static final PublicKey PROCESS = new PublicKey(Bytes.fromHex("33".repeat(32)));
    private static final UUID UID = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final String METRICS = "# HELP up Whether it is up\n# TYPE up gauge\nup{job=\"größe\"} 1\n";
    private static final long TIMEOUT = Duration.ofSeconds(10).toNanos();

    private static final int MAX_REPLY = 16_777_170;

    private MetricsClient client = new MetricsClient(PoolOptions.DEFAULT, MAX_REPLY, new Random(1));
    private MetricsServerSession process =
            new MetricsServerSession(UID, SCRAPER, PeerAddress.of("127.0.0.1", 40001), MAX_REPLY);
    private BiConsumer<MetricsServerSession, Long> collector =
            (session, id) -> session.onCollected(id, metrics(METRICS), 0);
    private final List<ScrapeOutcome> outcomes = new ArrayList<>();
    private long connection = 1;
    private final List<String> heard = new ArrayList<>();
    private final List<String> fromScraper = new ArrayList<>();
    private final List<String> fromProcess = new ArrayList<>();

    static Stream<JsonNode> sessions() {
        return Vectors.cases("metrics-rpc", "sessions")
                // The firewall is asked before there is a connection; that is hyperdht's.
                .filter(session -> !Vectors.text(session, "name").equals("firewall"));
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void bothEndsDoAsRecorded(JsonNode session) {
        int scrapes = 1;
        switch (Vectors.text(session, "name")) {
            case "scrape" -> scrapes = 2;
            case "scrape-fails" ->
                collector = (s, id) -> s.onCollectFailed(id, new IllegalStateException("I break stuff"), 0);
            case "wrong-major" ->
                client = new MetricsClient(PoolOptions.DEFAULT, MAX_REPLY, new Random(1), new MetricsRequest(2, 1));
            case "higher-minor" ->
                client = new MetricsClient(PoolOptions.DEFAULT, MAX_REPLY, new Random(1), new MetricsRequest(1, 2));
            default -> throw new AssertionError("unknown session " + session);
        }
        for (int i = 0; i < scrapes; i++) {
            client.scrape(PROCESS, TIMEOUT, 0);
            run();
        }
        client.connections().close();
        run();

        List<String> frames = new ArrayList<>();
        List<String> replies = new ArrayList<>();
        List<String> events = new ArrayList<>();
        List<ScrapeOutcome> expected = new ArrayList<>();
        for (JsonNode step : Vectors.elements(Vectors.field(session, "timeline"))) {
            if (step.has("from")) {
                (Vectors.text(step, "from").equals("A") ? frames : replies)
                        .add(Vectors.text(Vectors.field(step, "frame"), "hex"));
            } else if (step.has("event")) {
                events.add(Vectors.text(step, "event"));
                assertThat(Vectors.text(Vectors.field(step, "payload"), "uid")).isEqualTo(UID.toString());
            } else if (step.has("resolved")) {
                JsonNode reply = Vectors.field(step, "reply");
                expected.add(
                        Vectors.bool(reply, "success")
                                ? scraped(Vectors.text(reply, "metrics"))
                                : new ScrapeOutcome.Refused(Vectors.text(reply, "errorMessage")));
            } else if (step.has("rejected")) {
                JsonNode cause = Vectors.field(Vectors.field(step, "error"), "cause");
                expected.add(new ScrapeOutcome.IncompatibleVersion(Vectors.text(cause, "message")));
            }
        }
        assertThat(fromScraper).containsExactlyElementsOf(frames);
        assertThat(fromProcess).containsExactlyElementsOf(replies);
        assertThat(heard).containsExactlyElementsOf(events);
        assertThat(outcomes).containsExactlyElementsOf(expected);
    }

    @Test
    void metricsThatDoNotFitAFrameAreAnError() {
        // In the reference the stream breaks (alias-rpc.md §8).
        collector = (session, id) -> session.onCollected(id, metrics("m".repeat(16_777_198)), 0);
        client.scrape(PROCESS, TIMEOUT, 0);
        run();
        assertThat(outcomes)
                .containsExactly(
                        new ScrapeOutcome.Refused("Metrics of 16777198 bytes are longer than the limit of 16777170"));
        assertThat(heard).containsExactly("connection-open", "metrics-request", "metrics-error");

        collector = (session, id) -> session.onCollected(id, metrics(METRICS), 0);
        client.scrape(PROCESS, TIMEOUT, 0);
        run();
        assertThat(outcomes).last().isEqualTo(scraped(METRICS));
    }

    @Test
    void metricsThatJustFitAreSent() {
        String metrics = "m".repeat(16_777_170);
        collector = (session, id) -> session.onCollected(id, metrics(metrics), 0);
        client.scrape(PROCESS, TIMEOUT, 0);
        run();
        assertThat(outcomes).containsExactly(scraped(metrics));
    }

    @Test
    void aCollectionThatEndsAfterTheConnectionIsStillTold() {
        List<Long> running = new ArrayList<>();
        collector = (session, id) -> running.add(id);
        client.scrape(PROCESS, TIMEOUT, 0);
        run();
        process.onConnectionClosed("connection reset");
        assertThat(process.isFinished()).isFalse();
        process.onCollected(running.get(0), metrics(METRICS), 0);
        run();
        assertThat(process.isFinished()).isTrue();
        assertThat(heard)
                .containsExactly(
                        "connection-open",
                        "metrics-request",
                        "connection-error",
                        "connection-close",
                        "metrics-success");
    }

    @Test
    void aScrapeWhoseConnectionIsLostIsRepeatedOnce() {
        List<Long> running = new ArrayList<>();
        collector = (session, id) -> running.add(id);
        client.scrape(PROCESS, TIMEOUT, 0);
        run();
        assertThat(running).hasSize(1);

        restartProcess(1);
        assertThat(running).hasSize(2);
        assertThat(outcomes).isEmpty();
        process.onCollected(running.get(1), metrics(METRICS), 0);
        run();
        assertThat(outcomes).containsExactly(scraped(METRICS));

        client.scrape(PROCESS, TIMEOUT, 0);
        run();
        restartProcess(2);
        restartProcess(3);
        assertThat(outcomes)
                .last()
                .isEqualTo(new ScrapeOutcome.Failed(new CallFailure.ConnectionLost("connection reset", true)));
    }

    @Test
    void aScrapeThatIsLostBecauseTheReplyIsTooLongIsNotRepeated() {
        collector = (session, id) -> {};
        client.scrape(PROCESS, TIMEOUT, 0);
        run();
        client.connections().onConnectionClosed(1, CallConnections.TOO_LONG, 0);
        run();
        assertThat(outcomes).containsExactly(new ScrapeOutcome.TooLarge());
    }

    /** The connection breaks, and the next one leads to a new process. */
    private void restartProcess(long connectionId) {
        process = new MetricsServerSession(UID, SCRAPER, PeerAddress.of("127.0.0.1", 40001), MAX_REPLY);
        client.connections().onConnectionClosed(connectionId, "connection reset", 0);
        connection = connectionId + 1;
        run();
    }

    @Test
    void asksForTheEndWhenTheScraperClosesTheChannel() {
        client.scrape(PROCESS, TIMEOUT, 0);
        run();
        process.onFrame(Bytes.fromHex("000301").asByteBuffer(), 0);
        run();
        assertThat(heard).endsWith("end RPC closed");
    }

    private static CollectedMetrics metrics(String text) {
        return CollectedMetrics.of(utf8(text));
    }

    private static ScrapeOutcome scraped(String text) {
        return new ScrapeOutcome.Scraped(utf8(text));
    }

    private static ByteBuffer utf8(String text) {
        return Bytes.utf8(text).asByteBuffer();
    }

    private void run() {
        boolean progress = true;
        while (progress) {
            progress = false;
            for (MetricsClientEvent event = client.pollEvent(0); event != null; event = client.pollEvent(0)) {
                if (event instanceof MetricsClientEvent.Finished finished) {
                    outcomes.add(finished.outcome());
                } else if (event instanceof MetricsClientEvent.ConnectRequested wish) {
                    assertThat(wish.target()).isEqualTo(PROCESS);
                    client.connections().onConnected(wish.connectionId(), Bytes.EMPTY, 0);
                } else if (event instanceof MetricsClientEvent.DisconnectRequested) {
                    process.onConnectionClosed(null);
                }
                progress = true;
            }
            for (long id = client.connections().pollSendable();
                    id != CallConnections.NONE;
                    id = client.connections().pollSendable()) {
                for (ByteBuffer f = client.connections().pollFrame(id);
                        f != null;
                        f = client.connections().pollFrame(id)) {
                    fromScraper.add(Bytes.copyOf(f).toHex());
                    process.onFrame(f, 0);
                }
                progress = true;
            }
            for (MetricsServerEvent event = process.pollEvent(); event != null; event = process.pollEvent()) {
                hear(event);
                progress = true;
            }
            for (ByteBuffer f = process.pollFrame(); f != null; f = process.pollFrame()) {
                fromProcess.add(f.remaining() < 4096 ? Bytes.copyOf(f).toHex() : "long");
                client.connections().onFrame(connection, f, 0);
                progress = true;
            }
        }
    }

    private void hear(MetricsServerEvent event) {
        if (event instanceof MetricsServerEvent.CollectRequested wish) {
            collector.accept(process, wish.requestId());
        } else if (event instanceof MetricsServerEvent.ConnectionOpen) {
            heard.add("connection-open");
        } else if (event instanceof MetricsServerEvent.ConnectionError) {
            heard.add("connection-error");
        } else if (event instanceof MetricsServerEvent.ConnectionClose) {
            heard.add("connection-close");
        } else if (event instanceof MetricsServerEvent.Requested) {
            heard.add("metrics-request");
        } else if (event instanceof MetricsServerEvent.Succeeded) {
            heard.add("metrics-success");
        } else if (event instanceof MetricsServerEvent.Failed) {
            heard.add("metrics-error");
        } else if (event instanceof MetricsServerEvent.EndRequested wish) {
            heard.add("end " + wish.reason());
        }
    }
}
