package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both algorithms on acknowledgements made by hand: one round trip of 50 ms after the other. */
class CongestionControllerTest {

    private final AckSample sample = new AckSample();
    private long delivered;
    private long now;
    private long rtt = 50 * UdxPair.MILLI;

    private static CongestionController create(UdxConfig.Congestion algorithm) {
        return algorithm == UdxConfig.Congestion.BBR ? new Bbr() : new Cubic();
    }

    /** A round in which all of a number of packets arrive, and the window was used up or not. */
    private void round(CongestionController congestion, int packets, boolean limited) {
        long before = delivered;
        for (int i = 0; i < packets; i++) {
            delivered++;
            sample.nowNanos = now + rtt;
            sample.acked = 1;
            sample.lost = 0;
            sample.inFlightBefore = packets - i;
            sample.inFlightAfter = packets - i - 1;
            sample.rttNanos = rtt;
            sample.smoothedRttNanos = rtt;
            sample.mss = 1152;
            sample.recovering = false;
            sample.windowLimited = limited;
            sample.rateDelivered = delivered - before;
            sample.rateNanos = rtt;
            sample.rateApplicationLimited = !limited;
            sample.deliveredTotal = delivered;
            sample.deliveredBefore = before;
            congestion.onAck(sample);
        }
        now += rtt;
    }

    @ParameterizedTest
    @EnumSource
    void theWindowDoublesAtFirst(UdxConfig.Congestion algorithm) {
        CongestionController congestion = create(algorithm);
        assertThat(congestion.window()).isEqualTo(CongestionController.INITIAL_WINDOW);
        for (int i = 0; i < 3; i++) {
            int before = congestion.window();
            round(congestion, before, true);
            assertThat(congestion.window()).isBetween((int) (1.8 * before), 2 * before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theWindowNeitherGrowsUnusedNorBeyondItsBound(UdxConfig.Congestion algorithm) {
        CongestionController idle = create(algorithm);
        for (int i = 0; i < 50; i++) {
            round(idle, 2, false);
        }
        assertThat(idle.window()).isLessThanOrEqualTo(30);
        delivered = 0;
        CongestionController busy = create(algorithm);
        for (int i = 0; i < 40; i++) {
            round(busy, Math.min(busy.window(), 20_000), true);
        }
        assertThat(busy.window()).isLessThanOrEqualTo(CongestionController.MAX_WINDOW);
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutLeavesOnePacketMoreThanIsInFlight(UdxConfig.Congestion algorithm) {
        CongestionController congestion = create(algorithm);
        round(congestion, 10, true);
        congestion.onTimeout(0);
        assertThat(congestion.window()).isEqualTo(1);
        congestion.onTimeout(2);
        assertThat(congestion.window()).isEqualTo(3);
        congestion.onRecovered();
        for (int i = 0; i < 4; i++) {
            round(congestion, congestion.window(), true);
        }
        assertThat(congestion.window()).isGreaterThan(10);
    }

    @ParameterizedTest
    @EnumSource
    void theRateIsNeverZeroAndFollowsTheWindow(UdxConfig.Congestion algorithm) {
        CongestionController congestion = create(algorithm);
        assertThat(congestion.pacingRate()).isPositive();
        for (int i = 0; i < 5; i++) {
            round(congestion, congestion.window(), true);
        }
        double bytesPerSecond = congestion.window() * 1152 / 0.05;
        assertThat(congestion.pacingRate()).isBetween(0.5 * bytesPerSecond, 4 * bytesPerSecond);
        congestion.onTimeout(0);
        assertThat(congestion.pacingRate()).isPositive();
    }

    @Test
    void cubicGivesWayAtALossAndComesBack() {
        Cubic cubic = new Cubic();
        for (int i = 0; i < 4; i++) {
            round(cubic, cubic.window(), true);
        }
        int before = cubic.window();
        cubic.onRecovery(before);
        assertThat(cubic.window()).isEqualTo((int) (0.7 * before));
        cubic.onRecovered();
        int rounds = 0;
        while (cubic.window() < before) {
            round(cubic, cubic.window(), true);
            rounds++;
        }
        assertThat(rounds).isBetween(5, 200);
    }

    @Test
    void bbrSettlesAtTwiceWhatThePathHolds() {
        Bbr bbr = new Bbr();
        for (int i = 0; i < 40; i++) {
            round(bbr, Math.min(bbr.window(), 100), true); // the path holds 100 packets
        }
        assertThat(bbr.window()).isBetween(150, 320);
        assertThat(bbr.pacingRate()).isBetween(0.7 * 100 * 1152 / 0.05, 1.3 * 100 * 1152 / 0.05);
    }

    @Test
    void bbrLooksForTheShortestRoundTripEveryTenSeconds() {
        Bbr bbr = new Bbr();
        int smallest = Integer.MAX_VALUE;
        for (int i = 0; i < 400; i++) {
            rtt = (i < 50 ? 50 : 60) * UdxPair.MILLI; // a queue stands: is it the path or is it us?
            round(bbr, Math.min(bbr.window(), 100), true);
            smallest = i < 50 ? smallest : Math.min(smallest, bbr.window());
        }
        assertThat(smallest).isEqualTo(4);
        assertThat(bbr.window()).as("and back").isGreaterThan(100);
    }
}
