package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** RACK, tail probes and the timeout, without a network (udx.md §12). */
class LossDetectorTest {
    private static final long MS = UdxPair.MILLI;
    private static final Path PATH = new Path(UdxPair.SOCKET, 1, UdxPair.B);

    private final SentPackets sent = new SentPackets(0);
    private final RttEstimator rtt = new RttEstimator();
    private final MtuSearch mtu = new MtuSearch(1500);
    private final LossDetector loss = new LossDetector(sent, rtt, mtu);
    private final List<SentPacket> packets = new ArrayList<>();

    private SentPacket send(long now) {
        SentPacket packet = new SentPacket(sent.next(), Packet.DATA, new SendQueue().take(0), PATH);
        sent.add(packet);
        packets.add(packet);
        transmit(packet, now);
        return packet;
    }

    private void transmit(SentPacket packet, long now) {
        packet.sentNanos = now;
        packet.sendings++;
        sent.onSent(packet);
    }

    private void ack(int seq, long now) {
        SentPacket packet = packets.get(seq);
        sent.remove(packet);
        if (!packet.retransmitted()) {
            rtt.onSample(now - packet.sentNanos, now);
        }
        loss.onAcked(packet, now);
    }

    @Test
    void aPacketSentBeforeADeliveredOneGetsAQuarterRoundTripMore() {
        send(0);
        send(MS);
        ack(1, 41 * MS);
        assertThat(loss.detect(41 * MS)).isZero();
        assertThat(loss.reorderDeadline()).isEqualTo(50 * MS); // sent at 0, 40 ms of round trip, 10 ms of patience
        assertThat(loss.detect(50 * MS)).isEqualTo(1);
        assertThat(sent.firstLost()).isSameAs(packets.get(0));
        assertThat(loss.reorderDeadline()).isZero();
    }

    @Test
    void threePacketsBeyondAGapMakeItALossAtOnceUntilReorderingIsSeen() {
        for (int i = 0; i < 5; i++) {
            send(0);
        }
        ack(2, 40 * MS);
        ack(3, 40 * MS);
        ack(4, 40 * MS);
        assertThat(loss.detect(40 * MS)).isEqualTo(2);

        ack(1, 42 * MS); // it was only late
        for (int i = 0; i < 4; i++) {
            send(50 * MS);
        }
        ack(6, 90 * MS);
        ack(7, 90 * MS);
        ack(8, 90 * MS);
        assertThat(loss.detect(90 * MS)).as("from now on there is patience").isZero();
        assertThat(loss.reorderDeadline()).isPositive();
    }

    @Test
    void ofPacketsSentAtOnceTheHigherNumberIsTheLater() {
        send(0);
        send(0);
        send(0);
        ack(1, 40 * MS);
        assertThat(loss.detect(80 * MS)).isEqualTo(1);
        assertThat(sent.firstLost()).isSameAs(packets.get(0));
        assertThat(packets.get(2).inFlight).isTrue();
    }

    @Test
    void anAnswerFasterThanARoundTripIsOneToTheFirstSending() {
        send(0);
        ack(0, 40 * MS);
        send(50 * MS);
        send(50 * MS);
        transmit(packets.get(1), 85 * MS); // needlessly
        ack(1, 90 * MS);
        assertThat(loss.detect(1000 * MS))
                .as("nothing sent before 85 ms looks lost by it")
                .isZero();
    }

    @Test
    void aTailProbeThatArrivesShowsThatWhatWasSentBeforeItIsLost() {
        send(0);
        ack(0, 400 * MS); // a machine that was busy: round trips are much shorter now
        sent.advance(1);
        for (int i = 1; i <= 20; i++) {
            send(1000 * MS);
        }
        assertThat(loss.tailProbe()).isSameAs(packets.get(20));
        transmit(packets.get(20), 1800 * MS);
        ack(20, 1801 * MS);
        assertThat(loss.detect(1801 * MS)).as("all but the probe").isEqualTo(19);
    }

    @Test
    void aPacketKnownToBeLostIsNotMeasuredByRoundTripsOfBusyTimes() {
        send(0);
        ack(0, MS);
        for (int i = 0; i < 50; i++) {
            rtt.onSample(400 * MS, 400 * MS);
        }
        for (int i = 1; i <= 5; i++) {
            send(1000 * MS);
        }
        ack(4, 1400 * MS);
        ack(5, 1400 * MS);
        assertThat(loss.detect(1400 * MS)).isEqualTo(3);
        for (int i = 1; i <= 3; i++) {
            transmit(packets.get(i), (1400 + i) * MS);
        }
        ack(3, 1405 * MS); // those before it are lost again
        assertThat(loss.detect(1500 * MS)).isEqualTo(2);
    }

    @Test
    void recoveryEndsWhenAllThatWasOpenIsAcknowledged() {
        for (int i = 0; i < 4; i++) {
            send(0);
        }
        assertThat(loss.enterRecovery()).isTrue();
        assertThat(loss.enterRecovery()).as("one at a time").isFalse();
        assertThat(loss.onAdvanced(3)).isFalse();
        assertThat(loss.state()).isEqualTo(LossDetector.State.RECOVERY);
        assertThat(loss.onAdvanced(4)).isTrue();
        assertThat(loss.state()).isEqualTo(LossDetector.State.OPEN);
    }

    @Test
    void aTimeoutJudgesTheOldestAndAllThatHadTheirTime() {
        send(0);
        ack(0, 40 * MS);
        sent.advance(1);
        send(100 * MS);
        send(100 * MS);
        send(1090 * MS);
        loss.onTimeout(1100 * MS);
        assertThat(loss.state()).isEqualTo(LossDetector.State.LOSS);
        assertThat(sent.lostCount()).isEqualTo(2);
        assertThat(packets.get(3).inFlight).as("sent 10 ms ago").isTrue();
    }

    @Test
    void tailProbesNeedASampleGrowRarerAndEnd() {
        send(0);
        assertThat(loss.mayProbe()).isFalse();
        ack(0, 40 * MS);
        sent.advance(1);
        send(50 * MS);
        assertThat(loss.tailProbeNanos())
                .as("one packet: its acknowledgement may be delayed")
                .isEqualTo(82 * MS);
        send(50 * MS);
        assertThat(loss.tailProbeNanos()).isEqualTo(80 * MS);
        assertThat(loss.onTailProbe()).isTrue();
        assertThat(loss.tailProbe()).isSameAs(packets.get(2));
        assertThat(loss.tailProbeNanos()).isEqualTo(160 * MS);
        int probes = 1;
        while (loss.mayProbe()) {
            assertThat(loss.onTailProbe()).isFalse();
            probes++;
        }
        assertThat(probes).isEqualTo(4);
        ack(2, 500 * MS);
        assertThat(loss.mayProbe()).isTrue();
        assertThat(loss.tailProbe()).as("the last has arrived").isSameAs(packets.get(1));
    }

    @Test
    void aLostMtuProbeIsNoCongestionAndIsRepeatedWithoutPadding() {
        mtu.reset(true);
        mtu.onDelivered();
        SentPacket probe = send(0);
        probe.padding = Math.max(0, mtu.probePadding(1152));
        probe.probeSize = mtu.target();
        probe.padding = 32;
        for (int i = 0; i < 3; i++) {
            send(0);
            ack(i + 1, 40 * MS);
        }
        assertThat(loss.detect(40 * MS)).isZero();
        assertThat(Objects.requireNonNull(sent.firstLost())).isSameAs(probe);
        assertThat(probe.padding).isZero();
        assertThat(mtu.probePadding(1152)).as("tried again").isZero();
    }
}
