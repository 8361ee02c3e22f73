package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class SentPacketsTest {
    private static final Path PATH = new Path(UdxPair.SOCKET, 1, UdxPair.B);

    private final SendQueue queue = new SendQueue();

    private SentPacket send(SentPackets sent) {
        queue.add(UdxPair.text("12345"));
        SentPacket packet = new SentPacket(sent.next(), Packet.DATA, queue.take(5), PATH);
        sent.add(packet);
        sent.onSent(packet);
        return packet;
    }

    @Test
    void countsWhatIsOpenInFlightSackedAndLost() {
        SentPackets sent = new SentPackets(-2); // across the wrap
        SentPacket first = send(sent);
        SentPacket second = send(sent);
        SentPacket third = send(sent);
        assertThat(sent.next()).isEqualTo(1);
        assertThat(sent.inFlight()).isEqualTo(3);
        assertThat(sent.openBytes()).isEqualTo(15);

        sent.remove(second); // acknowledged by SACK
        assertThat(sent.sackedCount()).isEqualTo(1);
        assertThat(sent.nextOpen(-1, 1)).isZero();

        sent.onLost(first);
        assertThat(sent.inFlight()).isEqualTo(1);
        assertThat(sent.firstLost()).isSameAs(first);
        assertThat(sent.firstInFlight()).isSameAs(third);

        sent.onSent(first);
        assertThat(sent.lostCount()).isZero();
        assertThat(sent.firstInFlight()).as("in the order of sending").isSameAs(third);

        sent.remove(first);
        sent.remove(third);
        sent.advance(1);
        assertThat(sent.isEmpty()).isTrue();
        assertThat(sent.openBytes()).isZero();
        assertThat(sent.sackedCount()).isZero();
    }

    @Test
    void growsToItsBoundAndGivesTheMemoryBack() {
        SentPackets sent = new SentPackets(7);
        while (!sent.isFull()) {
            send(sent);
        }
        assertThat(sent.inFlight()).isEqualTo(SentPackets.MAX_SPAN);
        for (int seq = sent.una(); seq != sent.next(); seq++) {
            SentPacket packet = Objects.requireNonNull(sent.get(seq));
            assertThat(packet.seq).isEqualTo(seq);
            sent.remove(packet);
        }
        sent.advance(sent.next());
        assertThat(sent.isEmpty()).isTrue();
        assertThat(sent.firstInFlight()).isNull();
        assertThat(send(sent).seq).isEqualTo(7 + SentPackets.MAX_SPAN);
    }
}
