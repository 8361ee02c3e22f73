package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Random;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.Transmit;
import org.junit.jupiter.api.Test;

/** What a hostile peer may make us hold, and make us do (udx.md §23, appendix B 36). */
class FloodTest {
    private static final int SMALL_WINDOW = 100_000;

    private final UdxEndpoint endpoint = new UdxEndpoint(
            UdxConfig.DEFAULT.withReceiveWindowBytes(SMALL_WINDOW).withMaxStreams(100), new Random(1));
    private final UdxStream stream = endpoint.createStream(2, Firewall.REFUSE_ALL);
    private final PacketWriter out = new PacketWriter();

    FloodTest() {
        stream.connect(UdxPair.SOCKET, 1, UdxPair.A);
    }

    private boolean receive(ByteBuffer packet, long now) {
        return endpoint.onDatagram(UdxPair.SOCKET, UdxPair.A, packet, now);
    }

    private int pollAll(long now) {
        int count = 0;
        Transmit transmit;
        while ((transmit = endpoint.pollTransmit(now)) != null) {
            assertThat(transmit.payload().remaining()).isLessThanOrEqualTo(PacketWriter.MAX_DATAGRAM);
            count++;
        }
        return count;
    }

    @Test
    void farSequenceNumbersAreNeitherStoredNorAcknowledged() {
        byte[] payload = new byte[1000];
        for (int i = 0; i < 100_000; i++) {
            int seq = ReceiveBuffer.MAX_AHEAD + i * 20_011;
            if (seq < ReceiveBuffer.MAX_AHEAD) {
                continue; // old, after the wrap
            }
            receive(
                    out.begin(Packet.DATA, 0, 2, 0, seq, 0)
                            .payload(ByteBuffer.wrap(payload))
                            .finish(),
                    0);
        }
        assertThat(pollAll(0)).isZero();
        StreamCore core = core();
        assertThat(core.receiver().hasGaps()).isFalse();
        assertThat(core.receiver().window()).isEqualTo(SMALL_WINDOW);
    }

    @Test
    void storedBytesStayWithinTheWindowHoweverManyGapsThereAre() {
        byte[] payload = new byte[1000];
        for (int seq = 1; seq < ReceiveBuffer.MAX_AHEAD; seq += 2) {
            receive(
                    out.begin(Packet.DATA, 0, 2, 0, seq, 0)
                            .payload(ByteBuffer.wrap(payload))
                            .finish(),
                    0);
            assertThat(pollAll(0)).isLessThanOrEqualTo(StreamCore.MAX_ACKS);
        }
        int held = 0;
        ReceiveBuffer receiver = core().receiver();
        for (int seq = receiver.nextStored(0); seq != receiver.storedEnd(); seq = receiver.nextStored(seq + 1)) {
            held += payload.length;
        }
        assertThat(held).isPositive().isLessThanOrEqualTo(SMALL_WINDOW + ReceiveBuffer.MAX_OVERRUN);
    }

    @Test
    void duplicatesOfOneTurnAreNotAnsweredWithoutBound() {
        ByteBuffer packet =
                out.begin(Packet.DATA, 0, 2, 0, 0, 0).payload(UdxPair.text("x")).finish();
        for (int i = 0; i < 10_000; i++) {
            receive(packet, 0);
        }
        assertThat(pollAll(0)).isLessThanOrEqualTo(StreamCore.MAX_ACKS + 1);
    }

    @Test
    void unknownIdsLeaveNothingBehindAndGetNoAnswer() {
        Random random = new Random(3);
        for (int i = 0; i < 100_000; i++) {
            int id = random.nextInt() | 4;
            assertThat(receive(out.begin(Packet.DATA, 0, id, 0, 0, 0).finish(), i))
                    .isFalse();
        }
        assertThat(pollAll(0)).isZero();
        assertThat(endpoint.streamCount()).isEqualTo(1);
    }

    @Test
    void maximalSackPacketsWithHugeRangesCostLittle() {
        stream.write(ByteBuffer.wrap(new byte[20_000]));
        pollAll(0);
        long start = System.nanoTime();
        for (int i = 0; i < 20_000; i++) {
            PacketWriter packet = out.begin(Packet.SACK, 0, 2, 1 << 20, i, 0);
            for (int block = 0; block < Packet.MAX_SACK_BLOCKS; block++) {
                // Ends that are before the next packet and starts that are behind the oldest one, half a space away.
                packet.sack((1 << 30) * (block % 2) + block, block % 3 == 0 ? Integer.MAX_VALUE : (1 << 31) + 100);
            }
            receive(packet.finish(), i);
            // To walk through one of these ranges takes a second.
            assertThat(System.nanoTime() - start).isLessThan(60_000_000_000L);
        }
        assertThat(stream.bufferedBytes()).as("no range was valid").isEqualTo(20_000);
    }

    @Test
    void messagesNobodyTakesAreBounded() {
        for (int i = 0; i < 10_000; i++) {
            receive(
                    out.begin(Packet.MESSAGE, 0, 2, 0, 0, 0)
                            .payload(UdxPair.text("m"))
                            .finish(),
                    0);
        }
        int count = 0;
        while (stream.pollEvent() instanceof UdxEvent.Message) {
            count++;
        }
        assertThat(count).isEqualTo(StreamEvents.MAX_MESSAGES);
    }

    @Test
    void tombstonesAndStreamsAreBounded() {
        for (int i = 0; i < 3 * Tombstones.MAX_TOMBSTONES; i++) {
            UdxStream other = endpoint.createStream(Firewall.REFUSE_ALL);
            other.connect(UdxPair.SOCKET, 7, UdxPair.A);
            other.destroy();
            assertThat(endpoint.pollActive()).isSameAs(other);
        }
        assertThat(endpoint.tombstoneCount()).isEqualTo(Tombstones.MAX_TOMBSTONES);
        assertThat(endpoint.streamCount()).isEqualTo(1);
        assertThat(pollAll(0)).isLessThanOrEqualTo(UdxEndpoint.MAX_OUTBOX);
        for (int i = 1; i < 100; i++) {
            endpoint.createStream(Firewall.REFUSE_ALL);
        }
        assertThatThrownBy(() -> endpoint.createStream(Firewall.REFUSE_ALL)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRelayedFloodThatIsNotPolledIsDropped() {
        UdxStream to = endpoint.createStream(Firewall.REFUSE_ALL);
        to.connect(UdxPair.SOCKET, 9, PeerAddress.of("10.0.0.3", 3));
        stream.relayTo(to);
        ByteBuffer packet = out.begin(Packet.DATA, 0, 2, 0, 0, 0).finish();
        for (int i = 0; i < 100_000; i++) {
            receive(packet, 0);
        }
        assertThat(pollAll(0)).isEqualTo(UdxEndpoint.MAX_OUTBOX);
    }

    @Test
    void acknowledgementsOfWhatWasNeverSentChangeNothing() {
        stream.write(UdxPair.text("x"));
        pollAll(0);
        for (int ack : new int[] {2, 1000, Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) {
            receive(out.begin(0, 0, 2, 0, 5, ack).finish(), 0);
        }
        assertThat(stream.bufferedBytes()).isEqualTo(1);
        receive(out.begin(0, 0, 2, 1 << 20, 5, 1).finish(), 0);
        assertThat(stream.bufferedBytes()).isZero();
    }

    private StreamCore core() {

        return Objects.requireNonNull(endpoint.stream(2));
    }
}
