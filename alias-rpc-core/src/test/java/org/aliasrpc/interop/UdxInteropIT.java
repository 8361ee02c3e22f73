package org.aliasrpc.interop;

import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.interop.LossyProxy.Conditions;
import org.aliasrpc.interop.UdxEnd.Transfer;
import org.aliasrpc.io.UdpTransport;
import org.aliasrpc.testing.RequiresTool;
import org.aliasrpc.udx.UdxEvent.CloseReason;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Our UDX against udx-native, without anything above it. */
@RequiresTool("node")
@Timeout(180)
class UdxInteropIT {
    private static final int JAVA_ID = 0x0a0b0c0d;
    private static final int NODE_ID = 77;
    private static final long BULK_BYTES = 100_000_000;

    private static NodePeer node;
    private JavaUdx java;

    @BeforeAll
    static void startNode() {
        node = NodePeer.start();
    }

    @AfterAll
    static void stopNode() {
        node.close();
    }

    @BeforeEach
    void startJava() {
        java = new JavaUdx(UdpTransport.best());
    }

    @AfterEach
    void stopJava() {
        java.close();
    }

    @ParameterizedTest
    @EnumSource(UdpTransport.class)
    void bytesGoBothWaysOverEveryTransport(UdpTransport transport) {
        java.close();
        java = new JavaUdx(transport);
        UdxEnd end = java.stream(JAVA_ID, false);
        connected(end, nodeStream("echo"));

        Transfer sent = join(end.pour(20_000_000, 1));

        assertThat(join(end.received())).isEqualTo(sent);
        assertThat(join(end.closed())).isEqualTo(CloseReason.ENDED);
    }

    @Test
    void ourEchoReturnsWhatNodeSends() {
        UdxEnd end = java.stream(JAVA_ID, true);
        JsonNode stream = nodeStream("hash");
        connected(end, stream);

        Transfer sent = join(nodeSends(stream, 20_000_000));

        assertThat(nodeReceived(stream)).isEqualTo(sent);
    }

    @Test
    void bulkToNodeSurvivesABadNetwork() {
        UdxEnd end = java.stream(JAVA_ID, false);
        JsonNode stream = nodeStream("hash");
        try (LossyProxy network = between(end, stream, Conditions.losing(0.01), 1)) {
            Transfer sent = join(end.pour(BULK_BYTES, 2));

            assertThat(nodeReceived(stream)).isEqualTo(sent);
            assertThat(network.dropped()).isPositive();
        }
    }

    @Test
    void bulkFromNodeSurvivesABadNetwork() {
        UdxEnd end = java.stream(JAVA_ID, false);
        JsonNode stream = nodeStream("hash");
        try (LossyProxy network = between(end, stream, Conditions.losing(0.01), 2)) {
            CompletableFuture<Transfer> sent = nodeSends(stream, BULK_BYTES);

            assertThat(join(end.received())).isEqualTo(join(sent));
            assertThat(network.dropped()).isPositive();
        }
    }

    @Test
    void aVeryBadNetworkOnlyDelays() {
        UdxEnd end = java.stream(JAVA_ID, false);
        try (LossyProxy network = between(end, nodeStream("echo"), Conditions.losing(0.2), 3)) {
            Transfer sent = join(end.pour(500_000, 3));

            assertThat(join(end.received())).isEqualTo(sent);
            assertThat(network.dropped()).isPositive();
        }
    }

    @Test
    void aNarrowPathIsFound() {
        UdxEnd end = java.stream(JAVA_ID, false);
        int udpAndIp = 28;
        try (LossyProxy network = between(end, nodeStream("echo"), new Conditions(0, 0, 0, 0, 0, 1300 - udpAndIp), 4)) {
            Transfer sent = join(end.pour(5_000_000, 4));

            assertThat(join(end.received())).isEqualTo(sent);
            assertThat(network.dropped()).as("probes that were too long").isPositive();
        }
    }

    @Test
    void theSearchForTheMtuEndsAtTheLimitOfThePath() {
        UdxEnd end = java.stream(JAVA_ID, false);
        JsonNode stream = nodeStream("echo");
        connected(end, stream);
        join(end.pour(5_000_000, 5));

        await().untilAsserted(() -> assertThat(end.mtu()).isEqualTo(1500));
        assertThat(call("udx-state", stream).path("mtu").asInt()).isEqualTo(1500);
    }

    @Test
    void messagesGoBothWays() {
        UdxEnd end = java.stream(JAVA_ID, false);
        JsonNode stream = nodeStream("hash");
        connected(end, stream);

        assertThat(end.sendMessage(Bytes.utf8("from Java"))).isTrue();
        PeerEvent arrived = node.awaitEvent(ref(stream), "message");
        node.call(
                "udx-message",
                Map.of("ref", ref(stream), "data", Bytes.utf8("from Node").toHex()));

        assertThat(arrived.text("data")).isEqualTo(Bytes.utf8("from Java").toHex());
        await().untilAsserted(() -> assertThat(end.messages()).containsExactly(Bytes.utf8("from Node")));
    }

    @Test
    void dataThatComesBeforeConnectIsKept() {
        UdxEnd end = java.stream(JAVA_ID, false);
        JsonNode stream = nodeStream("hash");
        nodeConnects(stream, java.port());
        CompletableFuture<Transfer> sent = nodeSends(stream, 100_000);

        end.connect(NODE_ID, port(stream));

        assertThat(join(end.received())).isEqualTo(join(sent));
    }

    @Test
    void nodeKeepsDataThatComesBeforeItConnects() {
        UdxEnd end = java.stream(JAVA_ID, false);
        JsonNode stream = nodeStream("hash");
        end.connect(NODE_ID, port(stream));
        Transfer sent = join(end.pour(10_000, 6));
        PeerEvent asked = node.awaitEvent(ref(stream), "firewall");

        nodeConnects(stream, java.port());

        assertThat(asked.fields().path("port").asInt()).isEqualTo(java.port());
        assertThat(nodeReceived(stream)).isEqualTo(sent);
    }

    @Test
    void ourDestroyIsAResetToNode() {
        UdxEnd end = java.stream(JAVA_ID, false);
        JsonNode stream = nodeStream("hash");
        connected(end, stream);

        end.destroy();

        PeerEvent error = node.awaitEvent(ref(stream), "error");
        assertThat(error.fields().path("error").path("code").asString()).isEqualTo("ECONNRESET");
    }

    @Test
    void nodesDestroyIsAResetToUs() {
        UdxEnd end = java.stream(JAVA_ID, false);
        JsonNode stream = nodeStream("hash");
        connected(end, stream);

        call("udx-destroy", stream);

        assertThat(join(end.closed())).isEqualTo(CloseReason.RESET);
    }

    @Test
    void oneDirectionMayEndLongBeforeTheOther() {
        UdxEnd end = java.stream(JAVA_ID, false);
        JsonNode stream = nodeStream("hash");
        connected(end, stream);

        Transfer sent = join(end.pour(1000, 7));
        assertThat(nodeReceived(stream)).isEqualTo(sent);
        Transfer answered = join(nodeSends(stream, 1_000_000));

        assertThat(join(end.received())).isEqualTo(answered);
        assertThat(join(end.closed())).isEqualTo(CloseReason.ENDED);
        node.awaitEvent(ref(stream), "close");
    }

    /** The reference always offers its whole window (udx.md §9, 2), so a reader of it that pauses would stop nobody. */
    @Test
    void aPeerThatStandsStillStopsOurSender() throws Exception {
        UdxEnd end = java.stream(JAVA_ID, false);
        JsonNode stream = nodeStream("hash");
        connected(end, stream);
        CompletableFuture<Transfer> sent;
        node.stop();
        try {
            sent = end.pour(BULK_BYTES, 8);
            await().during(Duration.ofMillis(500))
                    .untilAsserted(() -> assertThat(end.bufferedBytes()).isBetween(1L, 8L << 20));
            assertThat(sent).isNotDone();
        } finally {
            node.goOn();
        }

        assertThat(nodeReceived(stream)).isEqualTo(join(sent));
    }

    @Test
    void ourWindowStopsNodesSender() {
        UdxEnd end = java.stream(JAVA_ID, false);
        JsonNode stream = nodeStream("hash");
        connected(end, stream);
        end.holdBack();
        CompletableFuture<Transfer> sent = nodeSends(stream, 50_000_000);

        await().during(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(end.held()).isBetween(1 << 20, 5 << 20));
        assertThat(sent).isNotDone();
        end.letGo();

        assertThat(join(end.received())).isEqualTo(join(sent));
    }

    @Test
    void weMoveToAnotherAddressOfNode() {
        UdxEnd end = java.stream(JAVA_ID, false);
        JsonNode stream = nodeStream("echo");
        connected(end, stream);
        try (LossyProxy other = new LossyProxy(port(stream), Conditions.PERFECT, 9)) {
            assertThat(end.changeRemote(NODE_ID, other.port())).isTrue();
            Transfer sent = join(end.pour(1_000_000, 9));

            assertThat(join(end.received())).isEqualTo(sent);
            assertThat(join(end.remoteChanged())).isTrue();
            assertThat(other.forwarded()).isPositive();
        }
    }

    @Test
    void nodeMovesToAnotherAddressOfOurs() {
        UdxEnd end = java.stream(JAVA_ID, true);
        JsonNode stream = nodeStream("hash");
        connected(end, stream);
        try (LossyProxy other = new LossyProxy(java.port(), Conditions.PERFECT, 10)) {
            join(nodeSends(stream, 10_000, false));
            node.call("udx-change-remote", Map.of("ref", ref(stream), "remoteId", JAVA_ID, "port", other.port()));
            join(nodeSends(stream, 10_000));

            PeerEvent echoed = node.awaitEvent(ref(stream), "received");
            assertThat(echoed.fields().path("bytes").asLong()).isEqualTo(20_000);
            assertThat(other.forwarded()).isPositive();
        }
    }

    @Test
    void nodeRelaysBetweenTwoOfOurs() {
        UdxEnd left = java.stream(1, false);
        UdxEnd right = java.stream(2, true);
        JsonNode relay = node.call(
                "udx-relay",
                Map.of(
                        "left", Map.of("streamId", 11, "remoteId", 1, "port", java.port()),
                        "right", Map.of("streamId", 12, "remoteId", 2, "port", java.port())));
        left.connect(11, port(relay));
        right.connect(12, port(relay));

        Transfer sent = join(left.pour(5_000_000, 11));

        assertThat(join(right.received())).isEqualTo(sent);
        assertThat(join(left.received())).isEqualTo(sent);
    }

    @Test
    void weRelayBetweenTwoOfNode() {
        UdxEnd left = java.stream(1, false);
        UdxEnd right = java.stream(2, false);
        java.relay(left, right);
        JsonNode source = nodeStream(21, "hash");
        JsonNode echo = nodeStream(22, "echo");
        left.connect(21, port(source));
        right.connect(22, port(echo));
        nodeConnects(source, 1, java.port());
        nodeConnects(echo, 2, java.port());

        Transfer sent = join(nodeSends(source, 5_000_000));

        assertThat(nodeReceived(source)).isEqualTo(sent);
    }

    @Test
    void bothGiveUpAPeerThatVanishes() {
        UdxEnd end = java.stream(JAVA_ID, false);
        JsonNode stream = nodeStream("hash");
        try (LossyProxy network = between(end, stream, Conditions.losing(1), 12)) {
            join(end.pour(1000, 12));
            join(nodeSends(stream, 1000));

            assertThat(join(end.closed())).isEqualTo(CloseReason.TIMED_OUT);
            PeerEvent error = node.awaitEvent(ref(stream), "error");
            assertThat(error.fields().path("error").path("code").asString()).isEqualTo("ETIMEDOUT");
            assertThat(network.forwarded()).isZero();
        }
    }

    private static JsonNode nodeStream(String mode) {
        return nodeStream(NODE_ID, mode);
    }

    private static JsonNode nodeStream(int id, String mode) {
        return node.call("udx", Map.of("streamId", id, "mode", mode));
    }

    private void connected(UdxEnd end, JsonNode stream) {
        end.connect(NODE_ID, port(stream));
        nodeConnects(stream, java.port());
    }

    /** Each side knows the other by an address of the proxy. */
    private LossyProxy between(UdxEnd end, JsonNode stream, Conditions conditions, long seed) {
        var network = new LossyProxy(port(stream), conditions, seed, java.port());
        end.connect(NODE_ID, network.port());
        nodeConnects(stream, network.portFor(java.port()));
        return network;
    }

    private static void nodeConnects(JsonNode stream, int port) {
        nodeConnects(stream, JAVA_ID, port);
    }

    private static void nodeConnects(JsonNode stream, int remoteId, int port) {
        node.call("udx-connect", Map.of("ref", ref(stream), "remoteId", remoteId, "port", port));
    }

    private static CompletableFuture<Transfer> nodeSends(JsonNode stream, long bytes) {
        return nodeSends(stream, bytes, true);
    }

    private static CompletableFuture<Transfer> nodeSends(JsonNode stream, long bytes, boolean end) {
        Map<String, Object> arguments = new HashMap<>(Map.of("ref", ref(stream), "bytes", bytes, "end", end));
        return node.callAsync("udx-send", arguments).thenApply(UdxInteropIT::transfer);
    }

    private static Transfer nodeReceived(JsonNode stream) {
        return transfer(node.awaitEvent(ref(stream), event -> event.name().equals("received"), Duration.ofMinutes(2))
                .fields());
    }

    private static Transfer transfer(JsonNode told) {
        return new Transfer(told.path("bytes").asLong(), told.path("sha256").asString());
    }

    private static JsonNode call(String command, JsonNode object) {
        return node.call(command, Map.of("ref", ref(object)));
    }

    private static String ref(JsonNode object) {
        return object.path("ref").asString();
    }

    private static int port(JsonNode object) {
        return object.path("port").asInt();
    }

    private static <T> T join(CompletableFuture<T> future) {
        return future.orTimeout(120, TimeUnit.SECONDS).join();
    }
}
