package org.aliasrpc.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.testing.Vectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The parts of a node, step by step beside the reference. */
class PartsVectorTest {
    private static final PeerAddress PEER = PeerAddress.of("192.0.2.1", 1);

    static Stream<JsonNode> distances() {
        return Vectors.cases("dht-rpc", "distance");
    }

    static Stream<JsonNode> natSamplers() {
        return Vectors.cases("dht-rpc", "natSampler");
    }

    static Stream<JsonNode> healths() {
        return Vectors.cases("dht-rpc", "health");
    }

    static Stream<JsonNode> closest() {
        return Vectors.cases("dht-rpc", "routingTable", "closest");
    }

    @Test
    void tokensAreIssuedAndAcceptedOverTwoRotations() {
        List<JsonNode> states = Vectors.cases("dht-rpc", "tokens", "states").toList();
        RoundTripTokens tokens = new RoundTripTokens(
                Vectors.bytes(states.get(0), "secret0"), Vectors.bytes(states.get(0), "secret1"), new Random(1));
        for (JsonNode state : states) {
            for (String host : Vectors.field(state, "issued").propertyNames()) {
                PeerAddress address = PeerAddress.of(host, 4711);
                assertThat(tokens.issue(address)).isEqualTo(Vectors.bytes(Vectors.field(state, "issued"), host));
                assertThat(tokens.accepts(tokens.issue(address), address.withPort(1)))
                        .isTrue();
                assertThat(tokens.accepts(Vectors.bytes(Vectors.field(state, "alsoAccepted"), host), address))
                        .isTrue();
                assertThat(tokens.accepts(tokens.issue(address), PEER)).isFalse();
            }
            tokens.rotate();
        }
        JsonNode first = Vectors.field(states.get(0), "issued");
        assertThat(tokens.accepts(Vectors.bytes(first, "8.8.8.8"), PeerAddress.of("8.8.8.8", 1)))
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("distances")
    void distanceIsTheXorAsANumber(JsonNode vector) {
        NodeId target = new NodeId(Vectors.bytes(vector, "target"));
        int order =
                target.compareDistance(new NodeId(Vectors.bytes(vector, "a")), new NodeId(Vectors.bytes(vector, "b")));
        assertThat(order < 0 ? "a" : order > 0 ? "b" : "equal").isEqualTo(Vectors.text(vector, "closer"));
    }

    @Test
    void nodesGoIntoTheReferencesRows() {
        JsonNode vector = Vectors.field(Vectors.load("dht-rpc"), "routingTable");
        RoutingTable table = new RoutingTable(own(vector), (int) Vectors.integer(vector, "k"));
        for (JsonNode node : Vectors.elements(Vectors.field(vector, "nodes"))) {
            TableNode added = node(node);
            assertThat(table.rowOf(added.id)).isEqualTo((int) Vectors.integer(node, "bucket"));
            assertThat(table.add(added)).isEqualTo(Vectors.bool(node, "added"));
        }
        assertThat(table.size()).isEqualTo((int) Vectors.integer(vector, "size"));

        JsonNode small = Vectors.field(vector, "withK4");
        RoutingTable smallTable = new RoutingTable(own(vector), 4);
        List<JsonNode> added = Vectors.elements(Vectors.field(small, "added"));
        List<JsonNode> nodes = Vectors.elements(Vectors.field(vector, "nodes"));
        for (int i = 0; i < nodes.size(); i++) {
            assertThat(smallTable.add(node(nodes.get(i))))
                    .isEqualTo(added.get(i).booleanValue());
        }
        assertThat(smallTable.size()).isEqualTo((int) Vectors.integer(small, "size"));
    }

    /** The reference gives its rows' order; we give the XOR order, as dht-rpc.md §8.1 advises. */
    @ParameterizedTest
    @MethodSource("closest")
    void theClosestNodesComeInXorOrder(JsonNode vector) {
        JsonNode whole = Vectors.field(Vectors.load("dht-rpc"), "routingTable");
        RoutingTable table = new RoutingTable(own(whole), RoutingTable.K);
        Vectors.elements(Vectors.field(whole, "nodes")).forEach(node -> table.add(node(node)));
        NodeId target = new NodeId(Vectors.bytes(vector, "target"));
        assertThat(table.rowOf(target)).isEqualTo((int) Vectors.integer(vector, "bucket"));
        List<Integer> xorOrder = numbers(Vectors.field(vector, "xorOrder20"));
        assertThat(ports(table.closest(target, 20))).isEqualTo(xorOrder);
        assertThat(ports(table.closest(target, 5))).isEqualTo(xorOrder.subList(0, 5));
        assertThat(numbers(Vectors.field(vector, "referenceOrder20"))).hasSize(20);
        assertThat(numbers(Vectors.field(vector, "referenceOrder5"))).hasSize(5);
    }

    @ParameterizedTest
    @MethodSource("natSamplers")
    void theNatSamplerBelievesWhatTheReferencesBelieves(JsonNode vector) {
        NatSampler sampler = new NatSampler();
        for (JsonNode step : Vectors.elements(Vectors.field(vector, "steps"))) {
            sampler.add(PeerAddress.of(step.get(0).stringValue(), step.get(1).intValue()));
            JsonNode expected = step.get(2);
            @Nullable
            PeerAddress address = Vectors.has(expected, "host")
                    ? PeerAddress.of(Vectors.text(expected, "host"), (int) Vectors.integer(expected, "port"))
                    : null;
            assertThat(sampler.address()).isEqualTo(address);
        }
    }

    @Test
    void theCongestionWindowFillsAndDrainsLikeTheReferences() {
        JsonNode vector = Vectors.field(Vectors.load("dht-rpc"), "congestion");
        CongestionWindow window = new CongestionWindow((int) Vectors.integer(vector, "maxWindow"));
        for (JsonNode step : Vectors.elements(Vectors.field(vector, "steps"))) {
            switch (step.get(0).stringValue()) {
                case "send" -> window.onSend();
                case "recv" -> window.onEnd();
                case "drain" -> window.drain();
                case "clear" -> window.clear();
                default -> throw new AssertionError("step " + step);
            }
            assertThat(window.isFull()).isEqualTo(Vectors.bool(step.get(1), "full"));
            assertThat(window.toString())
                    .isEqualTo(Vectors.field(step.get(1), "window") + " of which slot "
                            + Vectors.integer(step.get(1), "slot") + " is current, total "
                            + Vectors.integer(step.get(1), "total"));
        }
    }

    /** The last run is a defect of the reference that we mend (dht-rpc.md §11.1): see {@link HealthMonitorTest}. */
    @ParameterizedTest
    @MethodSource("healths")
    void healthIsJudgedAsTheReferenceDoes(JsonNode vector) {
        boolean mended = Vectors.text(vector, "name").startsWith("quirk");
        HealthMonitor monitor = new HealthMonitor();
        long responses = 0;
        long timeouts = 0;
        Health before = Health.ONLINE;
        int differing = 0;
        for (JsonNode step : Vectors.elements(Vectors.field(vector, "steps"))) {
            responses += step.get(0).longValue();
            timeouts += step.get(1).longValue();
            monitor.onTick(responses, timeouts);
            JsonNode expected = step.get(2);
            Health reference = !Vectors.bool(expected, "online")
                    ? Health.OFFLINE
                    : Vectors.bool(expected, "degraded") ? Health.DEGRADED : Health.ONLINE;
            if (mended && monitor.health() != reference) {
                differing++;
                assertThat(monitor.health()).isEqualTo(Health.ONLINE);
                continue;
            }
            assertThat(monitor.health()).isEqualTo(reference);
            assertThat(monitor.health() != before).isEqualTo(Vectors.bool(expected, "event"));
            before = monitor.health();
        }
        assertThat(differing > 0).isEqualTo(mended);
    }

    @Test
    void adaptiveTimeoutsFollowTheReferences() {
        JsonNode vector = Vectors.field(Vectors.load("dht-rpc"), "adaptiveTimeout");
        assertThat(Vectors.integer(Vectors.field(vector, "options"), "jitter")).isZero();
        RandomGenerator noJitter = () -> 0;
        AdaptiveTimeout timeout = new AdaptiveTimeout(noJitter);
        List<Integer> unknown = numbers(Vectors.field(vector, "unknown"));
        for (int i = 0; i < unknown.size(); i++) {
            assertThat(timeout.millis(PEER, i + 1, 0)).isEqualTo(unknown.get(i).longValue());
        }
        for (JsonNode step : Vectors.elements(Vectors.field(vector, "steps"))) {
            timeout.record(PEER, Vectors.integer(step, "rtt"), 0);
            AdaptiveTimeout.Estimate estimate = timeout.known(PEER, 0);
            assertThat(estimate)
                    .isEqualTo(new AdaptiveTimeout.Estimate(
                            Vectors.integer(step, "avg"), Vectors.integer(step, "variance"), 0));
            List<Integer> expected = numbers(Vectors.field(step, "timeout"));
            for (int i = 0; i < expected.size(); i++) {
                assertThat(timeout.millis(PEER, i + 1, 0))
                        .isEqualTo(expected.get(i).longValue());
            }
        }
    }

    private static NodeId own(JsonNode vector) {
        return new NodeId(Vectors.bytes(vector, "self"));
    }

    /** The node's number travels in the port. */
    private static TableNode node(JsonNode vector) {
        int number = (int) Vectors.integer(vector, "n");
        return new TableNode(new NodeId(Vectors.bytes(vector, "id")), PeerAddress.of("10.0.0.1", number));
    }

    private static List<Integer> ports(List<Peer> nodes) {
        return nodes.stream().map(node -> node.address().port()).toList();
    }

    private static List<Integer> numbers(JsonNode array) {
        List<Integer> numbers = new ArrayList<>();
        Vectors.elements(array).forEach(number -> numbers.add(number.intValue()));
        return numbers;
    }
}
