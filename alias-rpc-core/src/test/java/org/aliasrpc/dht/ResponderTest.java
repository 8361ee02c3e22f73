package org.aliasrpc.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.Transmit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a node answers by itself (dht-rpc.md §6). */
class ResponderTest {
    private static final PeerAddress OWN = PeerAddress.of("203.0.113.1", 49737);
    private static final PeerAddress ASKER = PeerAddress.of("198.51.100.7", 20001);
    private static final NodeId TARGET = NodeId.of(PeerAddress.of("10.0.0.1", 1));
    private static final PeerAddress KNOWN = PeerAddress.of("192.0.2.1", 1);

    private final VectorNode node = VectorNode.persistent(OWN);

    ResponderTest() {
        node.neighbours.add(KNOWN, 0);
        node.events.clear();
    }

    @ParameterizedTest
    @CsvSource({
        "1, ''", // PING_NAT without a whole port
        "1, 49",
        "1, 0000", // and to port 0
        "3, ''", // DOWN_HINT without a whole address
        "3, c000020101",
        "4, ''", // DELAYED_PING without a whole number
        "4, e80300",
        "4, 11270000" // and above the limit of 10 s
    })
    void aBadValueGetsNoAnswerAtAll(long command, String value) {
        ask(command, null, Bytes.fromHex(value));
        assertThat(node.transmits).isEmpty();
        assertThat(node.responder.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "4"})
    void aMissingValueOrTargetGetsNoAnswerAtAll(long command) {
        ask(command, null, null);
        assertThat(node.transmits).isEmpty();
    }

    @Test
    void aPingIsAnsweredWithTheIdAndNothingElse() throws DecodeException {
        ask(0, TARGET, Bytes.wrap(new byte[100]));
        assertThat(answer(ASKER)).isEqualTo(empty(ASKER));
    }

    @Test
    void aPingNatIsAnsweredToThePortItNamesOnTheSameHost() throws DecodeException {
        ask(1, null, Bytes.fromHex("0102ffff"));
        PeerAddress to = ASKER.withPort(0x201);
        assertThat(answer(to)).isEqualTo(empty(to));
    }

    @Test
    void findNodeGivesCloserNodesAndNoToken() throws DecodeException {
        ask(2, TARGET, null);
        ResponseMessage answer = answer(ASKER);
        assertThat(answer.closerNodes()).containsExactly(KNOWN);
        assertThat(answer.token()).isNull();
    }

    @Test
    void aDownHintIsAnsweredAndTheNodeChecked() throws DecodeException {
        ask(3, null, PeerAddress.IPV4_CODEC.encode(PeerAddress.of("10.9.9.9", 9))); // nobody we know
        assertThat(answer(ASKER)).isEqualTo(empty(ASKER));
    }

    @Test
    void anUnknownCommandIsAnErrorWithCloserNodesIfThereIsATarget() throws DecodeException {
        ask(5, TARGET, null);
        ResponseMessage answer = answer(ASKER);
        assertThat(answer.error()).isEqualTo(RpcError.UNKNOWN_COMMAND);
        assertThat(answer.closerNodes()).containsExactly(KNOWN);
        ask(99, null, null);
        assertThat(answer(ASKER).closerNodes()).isEmpty();
    }

    @Test
    void theSameNumberWithoutTheFlagBelongsToTheLayerAbove() {
        RequestMessage request = new RequestMessage(7, OWN, null, null, false, 0, null, null);
        IncomingRequest received = node.receive(ASKER, RequestMessage.CODEC.encode(request));
        assertThat(received.command()).isZero();
        assertThat(node.transmits).isEmpty();
    }

    private void ask(long command, @Nullable NodeId target, @Nullable Bytes value) {
        RequestMessage request = new RequestMessage(7, OWN, null, null, true, command, target, value);
        assertThat(node.inbound.onDatagram(
                        node.socket, ASKER, RequestMessage.CODEC.encode(request).asByteBuffer(), 0))
                .isTrue();
    }

    private ResponseMessage answer(PeerAddress to) throws DecodeException {
        Transmit sent = Objects.requireNonNull(node.transmits.poll());
        assertThat(sent.to()).isEqualTo(to);
        assertThat(sent.socket()).isEqualTo(node.socket);
        return ResponseMessage.CODEC.decode(Bytes.copyOf(sent.payload()));
    }

    private static ResponseMessage empty(PeerAddress to) {
        return new ResponseMessage(7, to, NodeId.of(OWN), null, List.of(), RpcError.NONE, null);
    }
}
