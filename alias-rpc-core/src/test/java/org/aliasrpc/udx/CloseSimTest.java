package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.sim.SimLink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way a stream ends (udx.md §16, appendix B 25 to 28). */
class CloseSimTest {
    private static final long MS = UdxPair.MILLI;

    private static UdxPair pair(Recorder.Dropper dropper) {
        UdxPair pair = new UdxPair(1, SimLink.PERFECT.withDelayMillis(10));
        pair.network.tap(new Recorder(dropper));
        return pair;
    }

    private static void assertEnded(UdxPair pair) {
        assertThat(pair.inA().closed).isEqualTo(UdxEvent.CloseReason.ENDED);
        assertThat(pair.inB().closed).isEqualTo(UdxEvent.CloseReason.ENDED);
        assertThat(pair.nodeA.endpoint.streamCount()).isZero();
        assertThat(pair.nodeB.endpoint.streamCount()).isZero();
        assertThat(pair.nodeA.endpoint.nextTimeout()).isEqualTo(Long.MAX_VALUE);
        assertThat(pair.inB().count(UdxEvent.RemoteEnded.class)).isEqualTo(1);
    }

    @Test
    void bothDirectionsMayGoOnForAnyTimeAfterOneEnded() {
        UdxPair pair = pair(p -> false);
        pair.a.end();
        pair.run(3600 * UdxPair.SECOND);
        pair.b.write(UdxPair.text("still here"));
        pair.run(UdxPair.SECOND);
        assertThat(pair.inA().bytes).hasToString("still here");
        pair.b.end();
        pair.run(UdxPair.SECOND);
        assertEnded(pair);
    }

    @Test
    void nothingCanBeWrittenBehindTheEnd() {
        UdxPair pair = pair(p -> false);
        pair.a.end();
        assertThatThrownBy(() -> pair.a.write(UdxPair.text("x"))).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void lostEndsAreRepeated(int losses) {
        UdxPair pair = pair(p -> p.has(Packet.END) && p.fromA() && p.sending() <= losses);
        pair.a.write(UdxPair.text("bye"));
        pair.a.end();
        pair.inB().onEnd = pair.b::end;
        pair.run(20 * UdxPair.SECOND);
        assertThat(pair.textAtB()).isEqualTo("bye");
        assertEnded(pair);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void endsSurviveLossInBothDirections(long seed) {
        UdxPair pair = new UdxPair(seed, SimLink.PERFECT.withDelayMillis(10).withLoss(0.3));
        pair.a.write(UdxPair.text("bye"));
        pair.a.end();
        pair.inB().onEnd = pair.b::end;
        pair.run(60 * UdxPair.SECOND);
        assertThat(pair.textAtB()).as("seed " + seed).isEqualTo("bye");
        assertEnded(pair);
    }

    @Test
    void anEndWhosePeerClosedAndForgotIsACleanEnd() {
        // All A sends after B's END is lost, tombstones too: what a reference peer does to us (udx.md §16.2).
        boolean[] closing = {false};
        UdxPair pair = pair(p -> p.fromA() && closing[0]);
        pair.inB().onEnd = () -> {
            closing[0] = true;
            pair.b.end();
        };
        pair.a.write(UdxPair.text("x"));
        pair.a.end();
        pair.run(20 * UdxPair.SECOND);
        assertEnded(pair);
    }

    @Test
    void anEndWithDataThatNobodyAcknowledgedIsATimeout() {
        boolean[] closing = {false};
        UdxPair pair = pair(p -> p.fromA() && closing[0]);
        pair.inB().onEnd = () -> {
            closing[0] = true;
            pair.b.write(UdxPair.text("last words"));
            pair.b.end();
        };
        pair.a.end();
        pair.run(20 * UdxPair.SECOND);
        assertThat(pair.inB().closed).isEqualTo(UdxEvent.CloseReason.TIMED_OUT);
    }

    @Test
    void destroyDropsWhatIsQueuedAndTellsThePeerOnce() {
        Recorder recorder = new Recorder();
        UdxPair pair = new UdxPair();
        pair.network.tap(recorder);
        pair.a.write(ByteBuffer.wrap(new byte[1_000_000]));
        pair.run(2 * MS);
        pair.a.destroy();
        pair.a.destroy();
        assertThat(pair.a.isClosed()).isTrue();
        assertThat(pair.a.bufferedBytes()).isZero();
        pair.run(UdxPair.SECOND);
        assertThat(pair.inA().closed).isEqualTo(UdxEvent.CloseReason.DESTROYED);
        assertThat(pair.inB().closed).isEqualTo(UdxEvent.CloseReason.RESET);
        assertThat(recorder.all.stream().filter(p -> p.has(Packet.DESTROY))).hasSize(1);
    }

    @Test
    void destroyBeforeConnectSendsNothing() {
        UdxPair pair = new UdxPair();
        UdxStream early = pair.nodeA.endpoint.createStream(Firewall.REFUSE_ALL);
        early.write(UdxPair.text("never"));
        early.destroy();
        pair.run(UdxPair.SECOND);
        assertThat(pair.network.delivered()).isZero();
        assertThat(pair.nodeA.inbox(early).closed).isEqualTo(UdxEvent.CloseReason.DESTROYED);
    }

    @Test
    void destroyFromInsideEventsIsSafe() {
        UdxPair pair = new UdxPair();
        pair.inB().onBytes = pair.b::destroy;
        pair.a.write(ByteBuffer.wrap(new byte[100_000]));
        pair.run(UdxPair.SECOND);
        assertThat(pair.inB().closed).isEqualTo(UdxEvent.CloseReason.DESTROYED);
        assertThat(pair.inA().closed).isEqualTo(UdxEvent.CloseReason.RESET);

        UdxPair ending = new UdxPair();
        ending.inB().onEnd = ending.b::destroy;
        ending.a.end();
        ending.run(UdxPair.SECOND);
        assertThat(ending.inB().closed).isEqualTo(UdxEvent.CloseReason.DESTROYED);
    }

    @Test
    void destroyDiscardsWhatIsMissingButNotWhatWasInOrder() {
        UdxPair pair = pair(p -> p.isDataOfA() && p.seq() == 1);
        pair.a.write(UdxPair.text("one"));
        pair.run(MS);
        pair.a.write(UdxPair.text("two"));
        pair.run(MS);
        pair.a.write(UdxPair.text("three"));
        pair.run(MS);
        pair.a.destroy();
        pair.run(UdxPair.SECOND);
        assertThat(pair.textAtB()).isEqualTo("one");
        assertThat(pair.inB().closed).isEqualTo(UdxEvent.CloseReason.RESET);
    }

    @Test
    void anOldOrImpossiblyFarDestroyIsIgnored() {
        UdxPair pair = new UdxPair();
        pair.a.write(UdxPair.text("hello"));
        pair.run(UdxPair.SECOND);
        for (int seq : new int[] {0, -1, 1 + StreamCore.MAX_DESTROY_AHEAD, 1 << 30}) {
            ByteBuffer forged =
                    new PacketWriter().begin(Packet.DESTROY, 0, 2, 0, seq, 0).finish();
            pair.nodeB.onDatagram(UdxPair.SOCKET, UdxPair.A, forged, pair.network.now());
            assertThat(pair.b.isClosed()).as("seq " + seq).isFalse();
        }
    }

    @Test
    void aLostDestroyIsToldAgainToAPeerThatStillSends() {
        boolean[] lost = {false};
        UdxPair pair = pair(p -> p.has(Packet.DESTROY) && !lost[0] && (lost[0] = true));
        pair.a.destroy();
        pair.run(UdxPair.SECOND);
        assertThat(pair.inB().closed).isNull();
        pair.b.write(UdxPair.text("are you there"));
        pair.run(UdxPair.SECOND);
        assertThat(pair.inB().closed).isEqualTo(UdxEvent.CloseReason.RESET);
    }

    @Test
    void latePacketsToAClosedStreamDoNoHarmAndItsIdIsNotUsedAgainSoon() {
        UdxPair pair = new UdxPair();
        pair.a.write(UdxPair.text("x"));
        pair.a.end();
        pair.b.end();
        pair.run(UdxPair.SECOND);
        assertEnded(pair);
        ByteBuffer late = new PacketWriter()
                .begin(Packet.DATA, 0, 2, 4096, 0, 0)
                .payload(UdxPair.text("x"))
                .finish();
        pair.nodeB.onDatagram(UdxPair.SOCKET, UdxPair.A, late, pair.network.now());
        pair.run(UdxPair.SECOND);
        assertThat(pair.nodeB.strays).as("a tombstone answered").isZero();
        PeerAddress stranger = PeerAddress.of("10.0.0.9", 9);
        pair.nodeB.onDatagram(UdxPair.SOCKET, stranger, late, pair.network.now());
        assertThat(pair.nodeB.strays).as("strangers get no answer").isEqualTo(1);
        assertThatThrownBy(() -> pair.nodeB.endpoint.createStream(2, Firewall.REFUSE_ALL))
                .isInstanceOf(IllegalArgumentException.class);
        pair.run(20 * UdxPair.SECOND);
        pair.nodeB.onDatagram(UdxPair.SOCKET, UdxPair.A, late, pair.network.now());
        assertThat(pair.nodeB.strays).isEqualTo(2);
        assertThat(pair.nodeB.endpoint.createStream(2, Firewall.REFUSE_ALL).localId())
                .isEqualTo(2);
    }

    @Test
    void bytesReceivedBeforeTheCloseAreHandedOutBeforeIt() {
        UdxEndpoint endpoint = new UdxEndpoint(UdxConfig.DEFAULT, new Random(1));
        UdxStream stream = endpoint.createStream(2, Firewall.REFUSE_ALL);
        stream.connect(UdxPair.SOCKET, 1, UdxPair.A);
        ByteBuffer data = new PacketWriter()
                .begin(Packet.DATA, 0, 2, 4096, 0, 0)
                .payload(UdxPair.text("x"))
                .finish();
        ByteBuffer destroy =
                new PacketWriter().begin(Packet.DESTROY, 0, 2, 4096, 1, 0).finish();
        endpoint.onDatagram(UdxPair.SOCKET, UdxPair.A, data, 0);
        endpoint.onDatagram(UdxPair.SOCKET, UdxPair.A, destroy, 0);
        assertThat(endpoint.pollActive()).isSameAs(stream);
        assertThat(List.of(
                        stream.pollEvent() instanceof UdxEvent.Data,
                        stream.pollEvent() instanceof UdxEvent.Closed,
                        stream.pollEvent() == null))
                .containsOnly(true);
    }
}
