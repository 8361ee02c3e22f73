package org.aliasrpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.aliasrpc.testing.Waiting.PATIENCE;
import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * The session {@code firewall} of metrics-rpc.json: who is asked about, what the answer is, and what is told. The recorded
 * keys belong to nobody, so a pair of ours stands for each.
 */
@Timeout(120)
class MetricsFirewallVectorTest {
    private static final String TEXT = "metrics";

    private record Asked(PublicKey key, boolean rejected) {}

    private final Random random = new Random(5);
    private final Map<String, KeyPair> pairs = new LinkedHashMap<>();

    @Test
    void asksAndTellsAsRecorded() throws Exception {
        JsonNode session = Vectors.cases("metrics-rpc", "sessions")
                .filter(each -> Vectors.text(each, "name").equals("firewall"))
                .findFirst()
                .orElseThrow();
        List<Asked> expectedAnswers = new ArrayList<>();
        List<PublicKey> expectedBlocks = new ArrayList<>();
        for (JsonNode step : Vectors.elements(Vectors.field(session, "timeline"))) {
            if (step.has("firewall")) {
                expectedAnswers.add(
                        new Asked(pair(Vectors.text(step, "firewall")).publicKey(), Vectors.bool(step, "reject")));
            } else if (step.has("event")) {
                assertThat(Vectors.text(step, "event")).isEqualTo("firewall-block");
                JsonNode payload = Vectors.field(step, "payload");
                expectedBlocks.add(
                        pair(Vectors.text(payload, "remotePublicKey")).publicKey());
                assertThat(Vectors.text(payload, "address")).startsWith("127.0.0.1:");
            }
        }
        assertThat(expectedAnswers).extracting(Asked::rejected).containsExactly(false, true);

        PublicKey scraper = expectedAnswers.get(0).key();
        List<Asked> answers = new CopyOnWriteArrayList<>();
        List<MetricsServerEvent.FirewallBlock> blocks = new CopyOnWriteArrayList<>();
        try (LocalTestnet testnet = LocalTestnet.start(3);
                HyperDht process = testnet.newNode();
                HyperDht client = testnet.newNode();
                MetricsServer server = MetricsServer.builder(
                                process,
                                KeyPair.generate(random),
                                () -> CompletableFuture.completedFuture(ByteBuffer.wrap(TEXT.getBytes(UTF_8))))
                        .firewall(key -> {
                            Asked asked = new Asked(key, !key.equals(scraper));
                            answers.add(asked);
                            return asked.rejected();
                        })
                        .listener(event -> {
                            if (event instanceof MetricsServerEvent.FirewallBlock block) {
                                blocks.add(block);
                            }
                        })
                        .build()) {
            server.listen();
            for (Asked expected : expectedAnswers) {
                scrape(client, expected, server.publicKey());
            }
            await().until(() -> !blocks.isEmpty());
        }
        // A refused client asks again by other nodes: the same question may come several times.
        assertThat(answers.stream().distinct()).containsExactlyElementsOf(expectedAnswers);
        assertThat(blocks.stream()
                        .map(MetricsServerEvent.FirewallBlock::remotePublicKey)
                        .distinct())
                .containsExactlyElementsOf(expectedBlocks);
        assertThat(blocks.get(0).address().getHostString()).isEqualTo("127.0.0.1");
    }

    private void scrape(HyperDht client, Asked expected, PublicKey target) throws InterruptedException {
        KeyPair pair = pairs.values().stream()
                .filter(each -> each.publicKey().equals(expected.key()))
                .findFirst()
                .orElseThrow();
        try (MetricsScraper scraper = MetricsScraper.builder(client, pair).build()) {
            if (expected.rejected()) {
                assertThatThrownBy(() -> scraper.scrape(target, Duration.ofSeconds(1)))
                        .isInstanceOf(AliasRpcException.class);
            } else {
                assertThat(scraper.scrape(target, PATIENCE).remaining()).isEqualTo(TEXT.length());
            }
        }
    }

    private KeyPair pair(String recorded) {
        return Objects.requireNonNull(pairs.computeIfAbsent(recorded, key -> KeyPair.generate(random)));
    }
}
