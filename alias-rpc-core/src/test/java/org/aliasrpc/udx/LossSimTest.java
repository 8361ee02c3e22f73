package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.List;
import org.aliasrpc.sim.SimLink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses one by one: when each is noticed, and what is sent again (udx.md, appendix B 12 to 18). */
class LossSimTest {
    private static final long MS = UdxPair.MILLI;

    private static UdxPair pair(double rttMillis, Recorder recorder) {
        UdxPair pair = new UdxPair(1, SimLink.PERFECT.withDelayMillis(rttMillis / 2));
        pair.network.tap(recorder);
        return pair;
    }

    /** One packet there and back, so that the round trip time is known. */
    private static void warmUp(UdxPair pair) {
        pair.a.write(UdxPair.text("warm-up"));
        pair.run(UdxPair.SECOND);
    }

    private static void write(UdxPair pair, int packets) {
        pair.a.write(ByteBuffer.wrap(UdxPair.random(packets * 1152 - 100, 1)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 200})
    void aLastPacketIsRepeatedAfterAboutTwoRoundTrips(int rtt) {
        Recorder recorder = new Recorder(p -> p.seq() == 3 && p.sending() == 1);
        UdxPair pair = pair(rtt, recorder);
        warmUp(pair);
        write(pair, 3);
        pair.run(3 * UdxPair.SECOND);
        List<Recorder.Seen> repeated =
                recorder.data().stream().filter(p -> p.seq() == 3).toList();
        assertThat(repeated).hasSize(2);
        double wait = repeated.get(1).millis() - repeated.get(0).millis();
        // From the last acknowledgement, which comes a round trip after the sending; never below 3 ms.
        assertThat(wait).isBetween(Math.max(3, 2.0 * rtt), 3.2 * rtt + 6);
        assertThat(pair.inB().bytes.size()).isEqualTo(7 + 3 * 1152 - 100);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 200})
    void aMiddlePacketIsRepeatedWithinOneAndAQuarterRoundTrips(int rtt) {
        Recorder recorder = new Recorder(p -> p.seq() == 2 && p.sending() == 1);
        UdxPair pair = pair(rtt, recorder);
        warmUp(pair);
        write(pair, 8);
        pair.run(3 * UdxPair.SECOND);
        List<Recorder.Seen> repeated =
                recorder.data().stream().filter(p -> p.seq() == 2).toList();
        assertThat(repeated).hasSize(2);
        assertThat(repeated.get(1).millis() - repeated.get(0).millis()).isLessThanOrEqualTo(1.25 * rtt + 2);
        assertThat(recorder.repetitions()).as("nothing else is repeated").isEqualTo(1);
    }

    @Test
    void aRepetitionLostAgainIsRepairedWithoutTheTimer() {
        // P1 to P3 of a burst lost, then P1's repetition too (appendix B 13).
        Recorder recorder = new Recorder(p -> p.fromA()
                && ((p.seq() >= 2 && p.seq() <= 4 && p.sending() == 1) || (p.seq() == 2 && p.sending() == 2)));
        UdxPair pair = pair(40, recorder);
        warmUp(pair);
        write(pair, 4);
        pair.run(500 * MS);
        assertThat(pair.inB().bytes.size()).isEqualTo(7 + 4 * 1152 - 100);
        assertThat(recorder.data().stream()
                        .filter(p -> p.sending() == 2)
                        .findFirst()
                        .orElseThrow()
                        .seq())
                .as("the tail probe repeats the last packet")
                .isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 200})
    void everyThirdPacketLostTwiceIsRepaired(int rtt) {
        int[] count = {0};
        Recorder recorder = new Recorder(p -> p.isDataOfA() && p.sending() <= 2 && ++count[0] % 3 == 0);
        UdxPair pair = pair(rtt, recorder);
        byte[] bytes = UdxPair.random(300_000, 7);
        pair.a.write(ByteBuffer.wrap(bytes.clone()));
        pair.run(20 * UdxPair.SECOND);
        assertThat(pair.inB().bytes.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void lossOfAcknowledgementsAloneHardlyRepeatsAnything() {
        int[] count = {0};
        Recorder recorder = new Recorder(p -> !p.fromA() && ++count[0] % 2 == 0);
        UdxPair pair = pair(20, recorder);
        byte[] bytes = UdxPair.random(1_000_000, 7);
        pair.a.write(ByteBuffer.wrap(bytes.clone()));
        pair.run(20 * UdxPair.SECOND);
        assertThat(pair.inB().bytes.toByteArray()).isEqualTo(bytes);
        assertThat(recorder.repetitions()).isLessThan(recorder.data().size() / 50);
    }

    @Test
    void lateByLessThanAQuarterRoundTripIsNoLossOnceReorderingWasSeen() {
        Recorder recorder = new Recorder();
        UdxPair pair = new UdxPair(3, SimLink.PERFECT.withDelayMillis(50).withJitterMillis(10));
        pair.network.tap(recorder);
        byte[] bytes = UdxPair.random(1_000_000, 7);
        pair.a.write(ByteBuffer.wrap(bytes.clone()));
        pair.run(20 * UdxPair.SECOND);
        assertThat(pair.inB().bytes.toByteArray()).isEqualTo(bytes);
        assertThat(recorder.repetitions()).isLessThan(recorder.data().size() / 20);
    }

    @Test
    void aRepetitionHasTheSameNumberAndPayloadAndCurrentAckAndWindow() {
        Recorder recorder = new Recorder(p -> p.seq() == 1 && p.fromA() && p.sending() == 1);
        UdxPair pair = pair(20, recorder);
        warmUp(pair);
        pair.a.write(UdxPair.text("lost once"));
        pair.inA().holdBack = true;
        pair.b.write(UdxPair.text("meanwhile"));
        pair.run(UdxPair.SECOND);
        List<Recorder.Seen> both =
                recorder.data().stream().filter(p -> p.seq() == 1).toList();
        assertThat(both).hasSize(2);
        assertThat(both.get(1).payload()).isEqualTo(both.get(0).payload());
        assertThat(both.get(1).flags()).isEqualTo(both.get(0).flags());
        assertThat(both.get(0).ack()).isZero();
        assertThat(both.get(1).ack()).isEqualTo(1);
        assertThat(both.get(1).rwnd()).isEqualTo(both.get(0).rwnd() - "meanwhile".length());
    }

    @Test
    void roundTripsAreMeasuredOnPacketsSentOnceOnly() {
        Recorder recorder = new Recorder(p -> p.seq() == 0 && p.fromA() && p.sending() == 1);
        UdxPair pair = pair(20, recorder);
        pair.a.write(UdxPair.text("x"));
        pair.run(2 * UdxPair.SECOND);
        assertThat(pair.a.smoothedRttNanos())
                .as("only a repeated packet was acknowledged")
                .isZero();
        pair.a.write(UdxPair.text("y"));
        pair.run(UdxPair.SECOND);
        assertThat(pair.a.smoothedRttNanos() / 1e6).isCloseTo(20, within(1.0));
    }

    @Test
    void anyProgressBeginsTheCountOfTimeoutsAnew() {
        // Only every seventh sending of a number gets through: 13 s of silence, then progress, again and again.
        Recorder recorder = new Recorder(p -> p.isDataOfA() && p.sending() < 7);
        UdxPair pair = pair(20, recorder);
        pair.a.write(UdxPair.text("a"));
        pair.run(30 * UdxPair.SECOND);
        pair.a.write(UdxPair.text("b"));
        pair.run(30 * UdxPair.SECOND);
        assertThat(pair.textAtB()).isEqualTo("ab");
        assertThat(pair.inA().closed).isNull();
    }

    @Test
    void aPeerThatOnlySacksIsTakenForDeadToo() {
        UdxPair pair = pair(20, new Recorder(p -> p.seq() == 0 && p.fromA() && p.sending() > 0));
        pair.a.write(ByteBuffer.wrap(new byte[4000]));
        pair.run(40 * UdxPair.SECOND);
        assertThat(pair.inA().closed).isEqualTo(UdxEvent.CloseReason.TIMED_OUT);
        assertThat(pair.a.write(UdxPair.text("too late"))).isFalse();
        assertThat(pair.a.bufferedBytes()).isZero();
    }
}
