package org.aliasrpc.dht;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.aliasrpc.testing.Vectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The answering half of a node in a state that a vector prescribes. */
final class VectorNode {
    final Queue<RpcEvent> events = new ArrayDeque<>();
    final Queue<Transmit> transmits = new ArrayDeque<>();
    final Neighbours neighbours;
    final Responder responder;
    final Inbound inbound;
    final SocketId socket;

    /**
     * @param node its fields ephemeral, socket, secret1, table, and secret0 if it has one
     * @param idField where its id is; null if it follows from the field self
     */
    VectorNode(JsonNode node, @Nullable String idField) {
        this(
                idField == null
                        ? NodeId.of(address(Vectors.text(node, "self")))
                        : new NodeId(Vectors.bytes(node, idField)),
                Vectors.bool(node, "ephemeral"),
                socket(Vectors.text(node, "socket")),
                Vectors.bytes(node, Vectors.has(node, "secret0") ? "secret0" : "secret1"),
                Vectors.bytes(node, "secret1"));
        JsonNode table = Vectors.field(node, "table");
        if (!table.isEmpty()) {
            addresses(table).forEach(address -> neighbours.add(address, 0));
        }
        events.clear();
    }

    private VectorNode(NodeId id, boolean ephemeral, SocketId socket, Bytes secret0, Bytes secret1) {
        Random random = new Random(1);
        RpcConfig config = RpcConfig.builder().build();
        NodeState state = new NodeState(id, false, 51);
        state.ephemeral(ephemeral);
        this.socket = socket;
        Requests requests = new Requests(state, config, transmits, random);
        neighbours = new Neighbours(state, requests, config.filter(), events);
        RoundTripTokens tokens = new RoundTripTokens(secret0, secret1, random);
        responder = new Responder(state, config.maxPingDelayNanos(), neighbours, tokens, events, transmits);
        inbound = new Inbound(state, requests, neighbours, new NatSamples(1, new ArrayDeque<>()), responder);
    }

    static VectorNode persistent(PeerAddress address) {
        Bytes secret = Bytes.wrap(new byte[32]);
        return new VectorNode(NodeId.of(address), false, SocketId.SERVER, secret, secret);
    }

    /** Takes a datagram that holds a request for the layer above. */
    IncomingRequest receive(PeerAddress from, Bytes datagram) {
        if (!inbound.onDatagram(socket, from, datagram.asByteBuffer(), 0)) {
            throw new AssertionError("not a message: " + datagram);
        }
        for (RpcEvent event : events) {
            if (event instanceof RpcEvent.RequestReceived received) {
                return received.request();
            }
        }
        throw new AssertionError("not delivered: " + datagram);
    }

    /** What was sent, as address and hexadecimal bytes. */
    List<String> sent() {
        List<String> sent = new ArrayList<>();
        for (Transmit transmit : transmits) {
            sent.add(transmit.to() + " " + Bytes.copyOf(transmit.payload()).toHex());
        }
        return sent;
    }

    static SocketId socket(String name) {
        return name.equals("server") ? SocketId.SERVER : SocketId.CLIENT;
    }

    static PeerAddress address(String text) {
        int colon = text.lastIndexOf(':');
        return PeerAddress.of(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    static List<PeerAddress> addresses(JsonNode array) {
        return Vectors.elements(array).stream()
                .map(node -> address(node.stringValue()))
                .toList();
    }
}
