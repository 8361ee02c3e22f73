package org.aliasrpc.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.testing.Vectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The datagrams of the reference, in both directions (dht-rpc.md §2). */
class MessageVectorTest {
    static Stream<JsonNode> ids() {
        return Vectors.cases("dht-rpc", "ids");
    }

    static Stream<JsonNode> requests() {
        return Vectors.cases("dht-rpc", "requests");
    }

    static Stream<JsonNode> responses() {
        return Vectors.cases("dht-rpc", "responses");
    }

    static Stream<JsonNode> captured() {
        return Vectors.cases("dht-rpc", "capture", "sections")
                .flatMap(section -> Vectors.elements(Vectors.field(section, "packets")).stream());
    }

    static Stream<JsonNode> inbound() {
        return Vectors.cases("dht-rpc", "inbound");
    }

    @ParameterizedTest
    @MethodSource("ids")
    void anIdFollowsFromTheAddress(JsonNode vector) {
        PeerAddress address = PeerAddress.of(Vectors.text(vector, "host"), (int) Vectors.integer(vector, "port"));
        assertThat(PeerAddress.IPV4_CODEC.encode(address)).isEqualTo(Vectors.bytes(vector, "address6"));
        assertThat(NodeId.of(address).bytes()).isEqualTo(Vectors.bytes(vector, "id"));
        assertThat(Peer.at(address)).isEqualTo(new Peer(address, NodeId.of(address)));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestHasTheReferencesBytes(JsonNode vector) throws DecodeException {
        JsonNode fields = Vectors.field(vector, "fields");
        JsonNode sender = Vectors.field(vector, "sender");
        RequestMessage message = new RequestMessage(
                (int) Vectors.integer(fields, "tid"),
                address(Vectors.text(fields, "to")),
                Vectors.bool(fields, "idFlag") ? new NodeId(Vectors.bytes(sender, "ownId")) : null,
                bytes(fields, "token"),
                Vectors.bool(fields, "internal"),
                Vectors.integer(fields, "command"),
                id(fields, "target"),
                bytes(fields, "value"));
        Bytes datagram = Vectors.bytes(vector, "hex");
        assertThat(RequestMessage.CODEC.encode(message)).isEqualTo(datagram);
        assertThat(RequestMessage.CODEC.decode(datagram)).isEqualTo(message);
        PeerAddress source = address(Vectors.text(vector, "source"));
        assertThat(NodeState.verify(source, message.id())).isEqualTo(new Peer(source, id(vector, "decodedFromId")));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void anIdIsOnlyClaimedByPersistentNodesOnTheServerSocket(JsonNode vector) {
        JsonNode sender = Vectors.field(vector, "sender");
        NodeState state = new NodeState(new NodeId(Vectors.bytes(sender, "ownId")), true, 51);
        state.ephemeral(Vectors.bool(sender, "ephemeral"));
        boolean claimed = Vectors.bool(Vectors.field(vector, "fields"), "idFlag");
        assertThat(state.idOn(VectorNode.socket(Vectors.text(sender, "socket"))) != null)
                .isEqualTo(claimed);
    }

    @ParameterizedTest
    @MethodSource("responses")
    void aResponseHasTheReferencesBytes(JsonNode vector) throws DecodeException {
        JsonNode fields = Vectors.field(vector, "fields");
        JsonNode responder = Vectors.field(vector, "responder");
        List<PeerAddress> closerNodes = Vectors.has(fields, "closerNodes")
                ? VectorNode.addresses(Vectors.field(fields, "closerNodes"))
                : List.of();
        ResponseMessage message = new ResponseMessage(
                (int) Vectors.integer(fields, "tid"),
                address(Vectors.text(fields, "to")),
                Vectors.bool(fields, "idFlag") ? new NodeId(Vectors.bytes(responder, "ownId")) : null,
                bytes(fields, "token"),
                closerNodes,
                Vectors.integer(fields, "error"),
                bytes(fields, "value"));
        Bytes datagram = Vectors.bytes(vector, "hex");
        assertThat(ResponseMessage.CODEC.encode(message)).isEqualTo(datagram);
        assertThat(ResponseMessage.CODEC.decode(datagram)).isEqualTo(message);
        PeerAddress source = address(Vectors.text(vector, "source"));
        assertThat(NodeState.verify(source, message.id())).isEqualTo(new Peer(source, id(vector, "decodedFromId")));
    }

    @ParameterizedTest
    @MethodSource("responses")
    void aNodeAnswersWithTheReferencesBytes(JsonNode vector) throws DecodeException {
        JsonNode fields = Vectors.field(vector, "fields");
        VectorNode node = new VectorNode(Vectors.field(vector, "responder"), "ownId");
        RequestMessage request = RequestMessage.CODEC.decode(Vectors.bytes(vector, "request"));
        PeerAddress source = address(Vectors.text(vector, "requestSource"));
        IncomingRequest incoming = new IncomingRequest(
                request.tid(),
                NodeState.verify(source, request.id()),
                request.to(),
                node.socket,
                null,
                request.command(),
                request.target(),
                request.value());
        boolean token = Vectors.has(fields, "token");
        // Whether the closer nodes are asked for can be seen from the answer only if there is a target and a table.
        boolean closerNodes = Vectors.has(fields, "closerNodes")
                || Vectors.text(vector, "name").startsWith("ok-closer-nodes-");
        node.responder.reply(
                incoming,
                Vectors.integer(fields, "error"),
                bytes(fields, "value"),
                new ReplyOptions(token, closerNodes, null, null));
        String expected = nearestFirst(Vectors.bytes(vector, "hex"), request.target());
        assertThat(node.sent()).containsExactly(Vectors.text(fields, "to") + " " + expected);
    }

    @ParameterizedTest
    @MethodSource("captured")
    void capturedDatagramsDecodeAndEncodeToTheSameBytes(JsonNode packet) throws DecodeException {
        Bytes datagram = Vectors.bytes(packet, "hex");
        JsonNode fields = Vectors.field(packet, "fields");
        if (Vectors.text(fields, "kind").equals("request")) {
            RequestMessage message = RequestMessage.CODEC.decode(datagram);
            assertThat(message)
                    .isEqualTo(new RequestMessage(
                            (int) Vectors.integer(fields, "tid"),
                            address(Vectors.text(fields, "to")),
                            id(fields, "id"),
                            bytes(fields, "token"),
                            Vectors.bool(fields, "internal"),
                            Vectors.integer(fields, "command"),
                            id(fields, "target"),
                            bytes(fields, "value")));
            if (message.internal()) {
                assertThat(String.valueOf(InternalCommand.of(message.command())))
                        .isEqualTo(Vectors.text(fields, "commandName"));
            }
            assertThat(RequestMessage.CODEC.encode(message)).isEqualTo(datagram);
        } else {
            ResponseMessage message = ResponseMessage.CODEC.decode(datagram);
            assertThat(message)
                    .isEqualTo(new ResponseMessage(
                            (int) Vectors.integer(fields, "tid"),
                            address(Vectors.text(fields, "to")),
                            id(fields, "id"),
                            bytes(fields, "token"),
                            Vectors.has(fields, "closerNodes")
                                    ? VectorNode.addresses(Vectors.field(fields, "closerNodes"))
                                    : List.of(),
                            Vectors.integer(fields, "error"),
                            bytes(fields, "value")));
            assertThat(ResponseMessage.CODEC.encode(message)).isEqualTo(datagram);
        }
    }

    @ParameterizedTest
    @MethodSource("inbound")
    void anyDatagramIsTakenAsTheReferenceTakesIt(JsonNode vector) throws DecodeException {
        VectorNode node = new VectorNode(Vectors.field(Vectors.load("dht-rpc"), "inboundReceiver"), null);
        PeerAddress source = address(Vectors.text(vector, "source"));
        ByteBuffer datagram = ByteBuffer.wrap(Vectors.hex(vector, "hex"));
        boolean wellFormed = node.inbound.onDatagram(node.socket, source, datagram, 0);
        if (Vectors.has(vector, "replied")) {
            NodeId target =
                    RequestMessage.CODEC.decode(Vectors.bytes(vector, "hex")).target();
            String expected = nearestFirst(Vectors.bytes(vector, "replied"), target);
            assertThat(node.sent()).containsExactly(source + " " + expected);
            assertThat(node.events).isEmpty();
            return;
        }
        if (!Vectors.bool(vector, "delivered")) {
            assertThat(node.sent()).isEmpty();
            assertThat(node.events).isEmpty();
            // A response that answers nothing is a message all the same.
            assertThat(wellFormed).isEqualTo(Vectors.text(vector, "name").equals("response-unknown-tid"));
            return;
        }
        assertThat(wellFormed).isTrue();
        JsonNode fields = Vectors.field(vector, "fields");
        assertThat(Vectors.bool(fields, "internal")).isTrue(); // so it is answered and not handed up
        assertThat(node.sent()).hasSize(1);
        boolean claimsId = Vectors.has(fields, "fromId");
        assertThat(node.neighbours.latest(9)).hasSize(claimsId ? 4 : 3);
    }

    @Test
    void aRelayedRequestKeepsItsTidAndIsAnsweredByTheThird() throws DecodeException {
        JsonNode relay = Vectors.field(Vectors.load("dht-rpc"), "relay");
        PeerAddress a = address(Vectors.text(relay, "A"));
        PeerAddress b = address(Vectors.text(relay, "B"));
        PeerAddress c = address(Vectors.text(relay, "C"));

        VectorNode nodeB = VectorNode.persistent(b);
        IncomingRequest atB = nodeB.receive(a, Vectors.bytes(relay, "aToB"));
        nodeB.responder.relay(atB, join(atB.value(), "b"), c, null);
        assertThat(nodeB.sent()).containsExactly(c + " " + Vectors.text(relay, "bToC"));

        VectorNode nodeC = VectorNode.persistent(c);
        IncomingRequest atC = nodeC.receive(b, Vectors.bytes(relay, "bToC"));
        nodeC.responder.reply(atC, 0, join(atC.value(), "c"), ReplyOptions.BARE.withTo(a));
        assertThat(nodeC.sent()).containsExactly(a + " " + Vectors.text(relay, "cToA"));

        JsonNode accepted = Vectors.field(relay, "acceptedByA");
        ResponseMessage atA = ResponseMessage.CODEC.decode(Vectors.bytes(relay, "cToA"));
        assertThat(address(Vectors.text(accepted, "from"))).isEqualTo(c);
        assertThat(NodeState.verify(c, atA.id()).id()).isEqualTo(id(accepted, "fromId"));
        assertThat(atA.tid()).isEqualTo((int) Vectors.integer(accepted, "tid"));
        assertThat(atA.to()).isEqualTo(address(Vectors.text(accepted, "to")));
        assertThat(atA.value()).isEqualTo(bytes(accepted, "value"));
    }

    /**
     * The answer as we give it: the reference lists the closer nodes in the order of its rows, we by distance, as
     * dht-rpc.md §8.1 advises.
     */
    private static String nearestFirst(Bytes datagram, @Nullable NodeId target) throws DecodeException {
        ResponseMessage message = ResponseMessage.CODEC.decode(datagram);
        List<PeerAddress> nodes = new ArrayList<>(message.closerNodes());
        if (target != null) {
            nodes.sort((a, b) -> target.compareDistance(NodeId.of(a), NodeId.of(b)));
        }
        return ResponseMessage.CODEC
                .encode(new ResponseMessage(
                        message.tid(),
                        message.to(),
                        message.id(),
                        message.token(),
                        nodes,
                        message.error(),
                        message.value()))
                .toHex();
    }

    private static Bytes join(@Nullable Bytes value, String more) {
        return Bytes.concat(value == null ? Bytes.EMPTY : value, Bytes.utf8(more));
    }

    private static PeerAddress address(String text) {
        return VectorNode.address(text);
    }

    private static @Nullable Bytes bytes(JsonNode object, String name) {
        return Vectors.has(object, name) ? Vectors.bytes(object, name) : null;
    }

    private static @Nullable NodeId id(JsonNode object, String name) {
        return Vectors.has(object, name) ? new NodeId(Vectors.bytes(object, name)) : null;
    }
}
