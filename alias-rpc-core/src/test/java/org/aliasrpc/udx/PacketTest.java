package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.net.Transmit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parsing at its edges, and what a stream makes of odd packets (udx.md, appendix B 1 to 5). */
class PacketTest {
    private final PacketWriter out = new PacketWriter();
    private final Packet packet = new Packet();

    @Test
    void shortForeignAndOtherVersionsAreNoUdx() {
        for (byte[] bytes : List.of(new byte[0], new byte[19], new byte[20], new byte[] {(byte) 0xff, 1})) {
            assertThatThrownBy(() -> packet.wrap(ByteBuffer.wrap(bytes))).isInstanceOf(DecodeException.class);
            assertThat(UdxEndpoint.looksLikeUdx(ByteBuffer.wrap(bytes))).isFalse();
        }
        ByteBuffer other = out.begin(0, 0, 1, 0, 0, 0).finish();
        other.put(1, (byte) 2);
        assertThat(UdxEndpoint.looksLikeUdx(other)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 10, 11})
    void theDataOffsetMayReachTheEndButNotBeyond(int offset) throws DecodeException {
        ByteBuffer bytes = out.begin(Packet.DATA, offset, 1, 0, 0, 0)
                .payload(ByteBuffer.allocate(10))
                .finish();
        if (offset > 10) {
            assertThatThrownBy(() -> packet.wrap(bytes)).isInstanceOf(DecodeException.class);
        } else {
            packet.wrap(bytes);
            assertThat(packet.payloadLength()).isEqualTo(10 - offset);
        }
    }

    @Test
    void sackBlocksAreCountedInWholeAndAtMostFifty() throws DecodeException {
        packet.wrap(out.begin(Packet.SACK, 0, 1, 0, 0, 0)
                .payload(ByteBuffer.allocate(8 * 3 + 7))
                .finish());
        assertThat(packet.sackCount()).isEqualTo(3);
        packet.wrap(out.begin(Packet.SACK | Packet.DATA, 16, 1, 0, 0, 0)
                .payload(ByteBuffer.allocate(100))
                .finish());
        assertThat(packet.sackCount()).isEqualTo(2);
        assertThat(packet.payloadLength()).isEqualTo(84);
        packet.wrap(out.begin(Packet.SACK, 0, 1, 0, 0, 0)
                .payload(ByteBuffer.allocate(8 * 60))
                .finish());
        assertThat(packet.sackCount()).isEqualTo(50);
        packet.wrap(out.begin(Packet.DATA, 0, 1, 0, 0, 0)
                .payload(ByteBuffer.allocate(80))
                .finish());
        assertThat(packet.sackCount()).as("no SACK flag").isZero();
    }

    @Test
    void aWindowIsUnsigned() throws DecodeException {
        packet.wrap(out.begin(0, 0, 1, -1, 0, 0).finish());
        assertThat(packet.rwnd()).isEqualTo(0xffff_ffffL);
    }

    @Test
    void packetsOfOneBurstLieSideBySideAndAreNeverWrittenAgain() {
        List<ByteBuffer> packets = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            packets.add(out.begin(Packet.DATA, 0, i, 0, i, 0)
                    .payload(ByteBuffer.allocate(1000))
                    .finish());
        }
        for (int i = 0; i < packets.size(); i++) {
            assertThat(Packet.streamId(packets.get(i))).isEqualTo(i);
            assertThat(packets.get(i).remaining()).isEqualTo(1020);
        }
        assertThat(packets.get(150).array()).isSameAs(packets.get(149).array());
    }

    @Test
    void onePacketMayCarryDataMessageAndEnd() {
        UdxNode node = new UdxNode(UdxConfig.DEFAULT, 1);
        UdxStream stream = node.endpoint.createStream(1, Firewall.REFUSE_ALL);
        stream.connect(UdxPair.SOCKET, 2, UdxPair.B);
        int flags = Packet.DATA | Packet.END | Packet.MESSAGE | 0xc0;
        ByteBuffer all = out.begin(flags, 3, 1, 4096, 0, 0)
                .padding(3)
                .payload(UdxPair.text("both"))
                .finish();
        node.onDatagram(UdxPair.SOCKET, UdxPair.B, all, 0);
        node.onTurn(0);
        assertThat(node.inbox(stream).bytes).hasToString("both");
        assertThat(node.inbox(stream).messages).hasSize(1);
        assertThat(node.inbox(stream).ended()).isTrue();
    }

    @Test
    void invalidSackBlocksAreSkippedOneByOneAndTheDataIsTaken() {
        UdxNode node = new UdxNode(UdxConfig.DEFAULT, 1);
        UdxStream stream = node.endpoint.createStream(1, Firewall.REFUSE_ALL, -3, 7);
        stream.connect(UdxPair.SOCKET, 2, UdxPair.B);
        for (int i = 0; i < 6; i++) {
            stream.write(ByteBuffer.wrap(new byte[1152])); // numbers -3 to 2
        }
        poll(node);
        long before = stream.bufferedBytes();
        ByteBuffer sacks = out.begin(Packet.SACK | Packet.DATA, 48, 1, 1 << 20, 7, -2)
                .sack(1, 1) // empty
                .sack(2, 1) // backwards
                .sack(-9, 0) // below what is open
                .sack(2, 9) // beyond what was sent
                .sack(-1, 1) // good, across the wrap
                .sack(3, 4)
                .payload(UdxPair.text("data"))
                .finish();
        node.onDatagram(UdxPair.SOCKET, UdxPair.B, sacks, UdxPair.MILLI);
        node.onTurn(UdxPair.MILLI);
        assertThat(node.inbox(stream).bytes).hasToString("data");
        assertThat(before - stream.bufferedBytes())
                .as("one by ack, two by SACK")
                .isEqualTo(3 * 1152);
    }

    private static void poll(UdxNode node) {
        Transmit transmit;
        while ((transmit = node.endpoint.pollTransmit(0)) != null) {
            assertThat(transmit.payload().hasRemaining()).isTrue();
        }
    }
}
