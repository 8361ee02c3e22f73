package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.aliasrpc.net.Transmit;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Recorded packets go in; our acknowledgements are those of the reference, byte for byte, but for the window. */
class ReceiverVectorTest {
    /** Scenarios in which B does nothing but receive. */
    static Stream<JsonNode> scenarios() {
        return Vectors.cases("udx", "scenarios").filter(scenario -> switch (Vectors.text(scenario, "name")) {
            case "small-write",
                    "coalesced-writes",
                    "drop-middle",
                    "drop-two-gaps",
                    "drop-tail",
                    "drop-first",
                    "duplicate",
                    "reorder-spurious",
                    "reorder-tolerated",
                    "mtu-probe",
                    "mtu-probe-lost",
                    "keepalive",
                    "sequence-wrap-sack" -> true;
            default -> false;
        });
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void acknowledgesAsTheReferenceDoes(JsonNode scenario) {
        int seq = (int) Vectors.integer(Vectors.field(Vectors.field(scenario, "streams"), "a"), "initialSeq");
        UdxEndpoint endpoint = new UdxEndpoint(UdxConfig.DEFAULT, new Random(1));
        UdxStream stream = endpoint.createStream(2, Firewall.REFUSE_ALL, 0, seq);
        stream.connect(UdxPair.SOCKET, 1, UdxPair.A);
        List<String> expected = new ArrayList<>();
        List<String> answers = new ArrayList<>();
        byte[] delayed = null;
        List<JsonNode> datagrams = Vectors.elements(Vectors.field(scenario, "datagrams"));
        long now = 0;
        for (JsonNode datagram : datagrams) {
            now += 2 * UdxPair.MILLI;
            byte[] bytes = Vectors.hex(datagram, "hex");
            if (Vectors.text(datagram, "dir").equals("b->a")) {
                expected.add(withoutWindow(bytes));
                continue;
            }
            switch (Vectors.text(datagram, "verdict")) {
                case "forward" -> answers.addAll(turn(endpoint, bytes, now));
                case "duplicate" -> {
                    answers.addAll(turn(endpoint, bytes, now));
                    answers.addAll(turn(endpoint, bytes, now + UdxPair.MILLI));
                }
                case "delay" -> delayed = bytes;
                default -> assertThat(Vectors.text(datagram, "verdict")).isEqualTo("drop");
            }
        }
        if (delayed != null) {
            answers.addAll(turn(endpoint, delayed, now + UdxPair.SECOND)); // last in both recordings
        }
        assertThat(answers).isEqualTo(expected);
    }

    @Test
    void treatsHandMadePacketsAsTheReferenceDoes() {
        JsonNode scenario = Vectors.cases("udx", "scenarios")
                .filter(s -> Vectors.text(s, "name").equals("receiver-edge-cases"))
                .findFirst()
                .orElseThrow();
        UdxNode node = new UdxNode(UdxConfig.DEFAULT, 1);
        UdxStream stream = node.endpoint.createStream(1, Firewall.REFUSE_ALL);
        stream.connect(UdxPair.SOCKET, 2, UdxPair.B);
        List<String> expected = new ArrayList<>();
        List<String> answers = new ArrayList<>();
        long now = 0;
        for (JsonNode datagram : Vectors.elements(Vectors.field(scenario, "datagrams"))) {
            now += 20 * UdxPair.MILLI;
            byte[] bytes = Vectors.hex(datagram, "hex");
            if (Vectors.text(datagram, "dir").equals("a->b")) {
                expected.add(withoutWindow(bytes));
                continue;
            }
            node.onDatagram(UdxPair.SOCKET, UdxPair.B, ByteBuffer.wrap(bytes), now);
            node.onTurn(now);
            answers.addAll(poll(node.endpoint, now));
        }
        assertThat(answers).isEqualTo(expected);
        UdxNode.Inbox inbox = node.inbox(stream);
        assertThat(node.strays).as("an unknown id, and bytes that are no UDX").isEqualTo(2);
        assertThat(inbox.bytes).hasToString("paddedsackdatabadackgoodunknown flag bits");
        assertThat(inbox.messages).containsExactly("msg".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(inbox.ended()).isTrue();
        assertThat(inbox.closed).isEqualTo(UdxEvent.CloseReason.RESET);
    }

    private static List<String> turn(UdxEndpoint endpoint, byte[] bytes, long now) {
        endpoint.onDatagram(UdxPair.SOCKET, UdxPair.A, ByteBuffer.wrap(bytes), now);
        UdxStream stream;
        while ((stream = endpoint.pollActive()) != null) {
            while (stream.pollEvent() instanceof UdxEvent.Data data) {
                stream.consumed(data.bytes().remaining());
            }
        }
        return poll(endpoint, now);
    }

    private static List<String> poll(UdxEndpoint endpoint, long now) {
        List<String> answers = new ArrayList<>();
        Transmit transmit;
        while ((transmit = endpoint.pollTransmit(now)) != null) {
            byte[] answer = new byte[transmit.payload().remaining()];
            transmit.payload().get(answer);
            answers.add(withoutWindow(answer));
        }
        return answers;
    }

    /** Ours subtracts what waits out of order, as udx.md §9.1 asks; the reference's binding always tells 4 MiB. */
    private static String withoutWindow(byte[] packet) {
        byte[] copy = packet.clone();
        for (int i = 8; i < 12; i++) {
            copy[i] = 0;
        }
        return Vectors.hex(copy);
    }
}
