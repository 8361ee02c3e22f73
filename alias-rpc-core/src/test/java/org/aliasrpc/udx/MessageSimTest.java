package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.aliasrpc.sim.SimLink;
import org.junit.jupiter.api.Test;

/** Unordered messages, keepalive, and many streams at once (udx.md §5, §15, appendix B 7, 33, 34). */
class MessageSimTest {
    private static final long MS = UdxPair.MILLI;

    @Test
    void messagesPassWhileDataWaitsBehindAGap() {
        UdxPair pair = new UdxPair();
        pair.network.tap(new Recorder(p -> p.isDataOfA() && p.seq() == 0));
        pair.a.write(UdxPair.text("lost"));
        pair.run(MS);
        pair.a.write(UdxPair.text("waits"));
        pair.a.sendMessage(UdxPair.text("passes"));
        pair.a.sendMessage(ByteBuffer.allocate(0));
        pair.run(100 * MS);
        assertThat(pair.inB().bytes.size()).isZero();
        assertThat(pair.inB().messages).hasSize(2);
        assertThat(pair.inB().messages.get(1)).isEmpty();
    }

    @Test
    void messagesAreNeitherRepeatedNorFreedOfDuplicates() {
        UdxPair lossy = new UdxPair(4, SimLink.PERFECT.withLoss(0.5));
        UdxPair twice = new UdxPair(4, SimLink.PERFECT.withDuplicate(1));
        for (int i = 0; i < 100; i++) {
            lossy.a.sendMessage(UdxPair.text("m" + i));
            twice.a.sendMessage(UdxPair.text("m" + i));
        }
        lossy.run(10 * UdxPair.SECOND);
        twice.run(10 * UdxPair.SECOND);
        assertThat(lossy.inB().messages).hasSizeBetween(30, 70);
        assertThat(twice.inB().messages).hasSize(200);
    }

    @Test
    void tooLongTooManyOrTooEarlyMessagesAreDropped() {
        UdxPair pair = new UdxPair();
        assertThat(pair.a.sendMessage(ByteBuffer.allocate(pair.a.maxMessageLength() + 1)))
                .isFalse();
        assertThat(pair.a.sendMessage(ByteBuffer.allocate(pair.a.maxMessageLength())))
                .isTrue();
        UdxStream early = pair.nodeA.endpoint.createStream(Firewall.REFUSE_ALL);
        assertThat(early.sendMessage(UdxPair.text("x"))).isFalse();
        int queued = 1;
        while (pair.a.sendMessage(UdxPair.text("x"))) {
            queued++;
        }
        assertThat(queued).isEqualTo(StreamCore.MAX_MESSAGES);
    }

    @Test
    void keepAliveBeatsOnlyWhileNothingIsOpenAndEachBeatIsAnswered() {
        Recorder recorder = new Recorder();
        UdxPair pair = new UdxPair();
        pair.network.tap(recorder);
        pair.a.setKeepAlive(10 * MS);
        pair.run(505 * MS);
        assertThat(recorder.all.stream().filter(p -> p.has(Packet.HEARTBEAT))).hasSize(50);
        assertThat(recorder.answers()).hasSize(50);

        pair.network.tap(
                (from, to, datagram, now) -> !from.equals(UdxPair.B) && recorder.onSend(from, to, datagram, now));
        recorder.all.clear();
        pair.a.write(UdxPair.text("never acknowledged"));
        pair.run(3 * UdxPair.SECOND);
        assertThat(recorder.all).noneMatch(p -> p.has(Packet.HEARTBEAT));
    }

    @Test
    void answersToAFloodOfHeartbeatsAreLimited() {
        UdxPair pair = new UdxPair();
        ByteBuffer beat =
                new PacketWriter().begin(Packet.HEARTBEAT, 0, 2, 0, 0, 0).finish();
        for (int i = 0; i < 10_000; i++) {
            pair.nodeB.onDatagram(UdxPair.SOCKET, UdxPair.A, beat, i * 1000L); // 10 ms in all
        }
        Recorder recorder = new Recorder();
        pair.network.tap(recorder);
        pair.touch();
        pair.network.runFor(MS);
        assertThat(recorder.answers()).hasSizeBetween(5, 11);
    }

    @Test
    void manyStreamsShareOneSocketAndBothEndsMayBeOfOneEndpoint() {
        UdxPair pair = new UdxPair(1, SimLink.PERFECT.withLoss(0.02));
        UdxStream[] from = new UdxStream[32];
        UdxStream[] to = new UdxStream[32];
        for (int i = 0; i < from.length; i++) {
            boolean same = i % 2 == 0; // both ends at A
            UdxNode other = same ? pair.nodeA : pair.nodeB;
            from[i] = pair.nodeA.endpoint.createStream(Firewall.REFUSE_ALL);
            to[i] = other.endpoint.createStream(Firewall.REFUSE_ALL);
            from[i].connect(UdxPair.SOCKET, to[i].localId(), same ? UdxPair.A : UdxPair.B);
            to[i].connect(UdxPair.SOCKET, from[i].localId(), UdxPair.A);
            from[i].write(ByteBuffer.wrap(UdxPair.random(50_000, i)));
        }
        pair.run(20 * UdxPair.SECOND);
        for (int i = 0; i < from.length; i++) {
            UdxNode other = i % 2 == 0 ? pair.nodeA : pair.nodeB;
            assertThat(other.inbox(to[i]).bytes.toByteArray()).isEqualTo(UdxPair.random(50_000, i));
        }
    }

    @Test
    void aThousandIdleStreamsCostNoTimer() {
        UdxPair pair = new UdxPair();
        for (int i = 0; i < 1000; i++) {
            UdxStream a = pair.nodeA.endpoint.createStream(Firewall.REFUSE_ALL);
            UdxStream b = pair.nodeB.endpoint.createStream(Firewall.REFUSE_ALL);
            a.connect(UdxPair.SOCKET, b.localId(), UdxPair.B);
            b.connect(UdxPair.SOCKET, a.localId(), UdxPair.A);
            a.write(UdxPair.text("hello"));
        }
        pair.run(UdxPair.SECOND);
        assertThat(pair.nodeA.endpoint.nextTimeout()).isEqualTo(Long.MAX_VALUE);
        assertThat(pair.nodeB.endpoint.nextTimeout()).isEqualTo(Long.MAX_VALUE);
        assertThat(pair.nodeA.endpoint.pollTransmit(pair.network.now())).isNull();
    }
}
