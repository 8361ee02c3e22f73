package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.aliasrpc.sim.SimLink;
import org.junit.jupiter.api.Test;

/** Flow control: what a slow reader does to its peer (udx.md §9, appendix B 19 to 23). */
class WindowSimTest {
    private static final long MS = UdxPair.MILLI;

    private final Recorder recorder = new Recorder();

    private UdxPair pair(int windowOfB) {
        UdxPair pair = new UdxPair(
                1,
                SimLink.PERFECT.withDelayMillis(5),
                UdxConfig.DEFAULT,
                UdxConfig.DEFAULT.withReceiveWindowBytes(windowOfB),
                0,
                0);
        pair.network.tap(recorder);
        return pair;
    }

    /** B's application consumes some bytes of what it holds back. */
    private static void consume(UdxPair pair, int bytes) {
        UdxNode.Inbox inbox = pair.inB();
        int count = Math.min(bytes, inbox.held);
        inbox.held -= count;
        pair.b.consumed(count);
        pair.touch();
    }

    @Test
    void aSlowReaderOfASmallBufferGetsEverythingWithoutRepetitionsOrTimeouts() {
        UdxPair pair = pair(2000);
        pair.inB().holdBack = true;
        byte[] bytes = UdxPair.random(60_000, 3);
        pair.a.write(ByteBuffer.wrap(bytes.clone()));
        pair.touch();
        for (int i = 0; i < 400 && pair.inB().bytes.size() < bytes.length; i++) {
            pair.network.runFor(100 * MS);
            consume(pair, 1000);
        }
        pair.network.runFor(UdxPair.SECOND);
        assertThat(pair.inB().bytes.toByteArray()).isEqualTo(bytes);
        assertThat(recorder.repetitions()).isZero();
        assertThat(recorder.all.stream().filter(p -> p.fromA() && p.has(Packet.HEARTBEAT)))
                .hasSizeLessThan(70);
    }

    @Test
    void unreadBytesCloseTheWindowAndReadingOpensItWithoutWaitingForAProbe() {
        UdxPair pair = pair(100_000);
        pair.inB().holdBack = true;
        pair.a.write(ByteBuffer.wrap(UdxPair.random(1_000_000, 3)));
        pair.run(900 * MS);
        int before = pair.inB().bytes.size();
        assertThat(before).isBetween(90_000, 100_000 + 3000);
        consume(pair, before);
        pair.network.runFor(11 * MS); // an update there, data back
        assertThat(pair.inB().bytes.size()).isGreaterThan(before);
    }

    @Test
    void aWindowShrunkBelowTheDataInFlightDoesNotStopRepetitions() {
        Recorder lossy = new Recorder(p -> p.isDataOfA() && p.seq() == 1 && p.sending() == 1);
        UdxPair pair = pair(4000);
        pair.network.tap(lossy);
        pair.inB().holdBack = true;
        pair.a.write(ByteBuffer.wrap(UdxPair.random(10 * 1152, 3)));
        pair.run(500 * MS);
        // Ten packets leave at once: the window is not known yet.
        assertThat(pair.inB().bytes.size()).isGreaterThanOrEqualTo(10 * 1100);
        assertThat(lossy.data().stream().filter(p -> p.seq() == 1)).hasSize(2);
        assertThat(lossy.answers().get(lossy.answers().size() - 1).rwnd()).isZero();
    }

    @Test
    void endWaitsBehindAZeroWindow() {
        UdxPair pair = pair(1);
        pair.inB().holdBack = true;
        pair.a.write(UdxPair.text("x"));
        pair.run(100 * MS);
        pair.a.end();
        pair.run(1500 * MS);
        assertThat(recorder.data()).noneMatch(p -> p.has(Packet.END));
        assertThat(recorder.all.stream()
                        .filter(p -> p.fromA() && p.has(Packet.HEARTBEAT))
                        .count())
                .isEqualTo(2);
        consume(pair, 1);
        pair.network.runFor(100 * MS);
        assertThat(pair.inB().ended()).isTrue();
    }

    @Test
    void aWindowSmallerThanAPacketLetsOneThroughAtATime() {
        UdxPair pair = pair(500);
        pair.a.write(UdxPair.text("learn the window"));
        pair.run(100 * MS);
        pair.a.write(ByteBuffer.wrap(UdxPair.random(6 * 1152, 3)));
        pair.run(9 * MS); // less than a round trip
        List<Recorder.Seen> data = recorder.data();
        assertThat(data).hasSize(2);
        assertThat(data.get(1).payload().remaining())
                .as("a window may be overrun by a packet")
                .isEqualTo(1152);
        pair.run(UdxPair.SECOND);
        assertThat(pair.inB().bytes.size()).isEqualTo(16 + 6 * 1152);
    }

    private static void fill(UdxPair pair) {
        int written = 0;
        while (pair.a.write(ByteBuffer.wrap(new byte[10_000]))) {
            written += 10_000;
            assertThat(written).isLessThan(1_000_000);
        }
    }

    @Test
    void writersAreToldToWaitAndToGoOn() {
        UdxPair pair = pair(50_000);
        pair.inB().holdBack = true;
        fill(pair);
        pair.run(UdxPair.SECOND); // as much as fits the window of B leaves
        fill(pair);
        long drained = pair.inA().count(UdxEvent.Drained.class);
        assertThat(pair.a.isWritable()).isFalse();
        pair.run(UdxPair.SECOND);
        assertThat(pair.inA().count(UdxEvent.Drained.class)).isEqualTo(drained);
        assertThat(pair.inB().bytes.size()).isLessThan(60_000);
        pair.inB().holdBack = false;
        consume(pair, Integer.MAX_VALUE);
        pair.run(UdxPair.SECOND);
        assertThat(pair.inA().count(UdxEvent.Drained.class)).isEqualTo(drained + 1);
        assertThat(pair.a.isWritable()).isTrue();
        assertThat(pair.a.bufferedBytes()).isZero();
    }

    /** BBR takes the congestion window back to a few packets every ten seconds, and the mark with it. */
    @Test
    void whoeverAsksInVainIsToldWhenItChanges() {
        UdxPair pair = new UdxPair(1, SimLink.PERFECT.withDelayMillis(25).withBandwidth(2_500_000, 1_000_000));
        boolean waiting = false;
        long drained = 0;
        int refusals = 0;
        for (int ms = 0; ms < 25_000; ms++) {
            boolean writable = pair.a.isWritable();
            if (writable && waiting) {
                assertThat(pair.inA().count(UdxEvent.Drained.class))
                        .as("events at %d ms", ms)
                        .isGreaterThan(drained);
                waiting = false;
            } else if (!writable && !waiting) {
                waiting = true;
                refusals++;
                drained = pair.inA().count(UdxEvent.Drained.class);
            }
            if (writable
                    && pair.a.bufferedBytes() < 276_000) { // only once the window has grown, and never above the mark
                pair.a.write(ByteBuffer.wrap(new byte[8_000]));
            }
            pair.run(MS);
        }
        assertThat(refusals).isPositive();
    }
}
