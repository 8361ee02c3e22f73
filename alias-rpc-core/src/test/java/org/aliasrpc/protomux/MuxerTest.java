package org.aliasrpc.protomux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Writer;
import org.junit.jupiter.api.Test;

/** What the scripts of the reference do not show: our bounds, and the defects of the reference that we do not have. */
class MuxerTest {
    private static final MuxerLimits SMALL = new MuxerLimits(1000, 500, 200, 400, 2000, 3, 4000);

    private final MuxerHarness harness = new MuxerHarness(SMALL);

    @Test
    void opensThatWaitAreBounded() {
        harness.muxer.pair("p", null);
        for (int id = 1; id <= 4; id++) {
            harness.receive(open(id, "p", "k" + id));
        }
        assertThat(harness.takeEvents()).containsExactly("pair p 6b31", "pair p 6b32", "pair p 6b33");
        assertThat(harness.takeFrames()).extracting(Bytes::toHex).containsExactly("000204");

        harness.muxer.finishPairing(harness.requests.get(0));
        harness.receive(open(4, "p", "k4"));
        assertThat(harness.takeEvents()).containsExactly("pair p 6b34");
    }

    @Test
    void aWaitingOpenThatIsClosedIsNeverPaired() {
        harness.muxer.pair("p", Bytes.EMPTY);
        harness.receive(open(1, "p", ""));
        harness.receive(Bytes.fromHex("0100aa"));
        harness.receive(Bytes.fromHex("000301"));
        harness.receive(Bytes.fromHex("0100bb"));
        harness.receive(open(2, "p", ""));
        harness.receive(Bytes.fromHex("0200cc"));
        harness.takeEvents();
        harness.open("x", ChannelOptions.of("p", 1));
        harness.drain();
        // The reject of the closed one precedes our open, which answers the other one.
        assertThat(harness.takeFrames()).extracting(Bytes::toHex).containsExactly("000201", "000101017000");
        assertThat(harness.takeEvents()).containsExactly("open x", "message x 0 cc");
    }

    @Test
    void messagesForAnOpenThatWaitsArePausedNotPiledUp() {
        harness.muxer.pair("p", Bytes.EMPTY);
        harness.receive(open(1, "p", ""));
        Writer batch = new Writer().uint8(0).uint8(0).uint(1);
        for (int i = 0; i < 100; i++) {
            batch.uint(2).uint8(0).uint8(i);
        }
        harness.receive(batch.toBytes());
        // 4 x (512 + 1) is above 2000; the rest of the batch stays as it came.
        assertThat(harness.takeEvents()).containsExactly("pair p ", "pause");
        harness.open("x", ChannelOptions.of("p", 1));
        harness.drain();
        assertThat(harness.takeEvents()).contains("open x", "resume").hasSize(102);
    }

    @Test
    void longHandshakesOfOpensThatWaitCount() {
        harness.muxer.pair("p", null);
        for (int id = 1; id <= 3; id++) {
            Bytes handshake = Bytes.wrap(new byte[900]);
            harness.receive(Bytes.concat(open(id, "p", "k" + id), handshake));
        }
        assertThat(harness.takeEvents()).contains("pair p 6b33").doesNotContain("pause");
        harness.receive(Bytes.concat(Bytes.fromHex("0100"), Bytes.wrap(new byte[200])));
        assertThat(harness.takeEvents()).containsExactly("pause");
        harness.requests.forEach(harness.muxer::finishPairing);
        harness.drain();
        assertThat(harness.takeEvents()).containsExactly("resume");
        assertThat(harness.muxer.keptBytes()).isZero();
    }

    @Test
    void aPeerThatAsksWithoutReadingStopsItself() {
        harness.blocked = true;
        Writer batch = new Writer().uint8(0).uint8(0).uint(0);
        for (int i = 0; i < 90; i++) {
            batch.uint(5).uint8(1).uint(1).utf8("q").uint(0); // open id 1, rejected each time
        }
        for (int i = 0; i < 5; i++) {
            harness.receive(batch.toBytes());
        }
        assertThat(harness.muxer.isPaused()).isTrue();
        harness.receive(batch.toBytes());
        assertThat(harness.muxer.isPaused()).isTrue();
        int answered = 0;
        harness.blocked = false;
        harness.drain();
        for (Bytes frame : harness.takeFrames()) {
            answered += frame.length();
        }
        assertThat(harness.muxer.isPaused()).isFalse();
        // Each reject is 3 bytes and an entry's length; in batches, or alone while nothing is gathered.
        assertThat(answered).isGreaterThanOrEqualTo(6 * 90 * 3);
    }

    @Test
    void framesHandedInWhilePausedAreBounded() {
        harness.blocked = true;
        harness.open("x", ChannelOptions.of("x", 1)).send(0, Bytes.wrap(new byte[500]));
        assertThat(harness.muxer.isPaused()).isTrue();
        for (int i = 0; i < 4; i++) {
            harness.receive(Bytes.wrap(new byte[1000]));
            assertThat(harness.muxer.isClosed()).isFalse();
        }
        harness.receive(Bytes.wrap(new byte[1000]));
        assertThat(harness.muxer.isClosed()).isTrue();
        assertThat(harness.takeEvents())
                .containsExactly("pause", "fail more than 4000 bytes handed in while paused", "close x true", "resume");
    }

    @Test
    void anOwnerThatReadsAheadIsToldToStop() {
        for (int i = 0; i < 3; i++) {
            harness.muxer.onFrame(ByteBuffer.wrap(new byte[700]));
        }
        assertThat(harness.muxer.isPaused()).isTrue();
        harness.drain();
        assertThat(harness.muxer.isPaused()).isFalse();
    }

    @Test
    void framesOverTheLimitEndTheStream() {
        harness.receive(Bytes.wrap(new byte[1001]));
        assertThat(harness.takeEvents()).containsExactly("fail frame of 1001 bytes");
    }

    @Test
    void messagesOverTheLimitAreRefusedAndNothingIsSent() {
        Channel channel = harness.open("x", ChannelOptions.of("x", 1));
        harness.drain();
        harness.takeFrames();
        Bytes longest = Bytes.wrap(new byte[channel.maxBodyBytes()]);
        assertThat(longest.length()).isEqualTo(998);
        channel.send(0, longest);
        harness.drain();
        assertThat(harness.takeFrames()).extracting(Bytes::length).containsExactly(1000);
        Bytes tooLong = Bytes.wrap(new byte[999]);
        assertThatThrownBy(() -> channel.send(0, tooLong)).isInstanceOf(IllegalArgumentException.class);
        harness.muxer.cork();
        assertThatThrownBy(() -> channel.send(0, tooLong)).isInstanceOf(IllegalArgumentException.class);
        harness.muxer.uncork();
        harness.drain();
        assertThat(harness.takeFrames()).isEmpty();
    }

    @Test
    void batchesNeverPassTheFrameLimit() {
        Channel channel = harness.open("x", ChannelOptions.of("x", 1));
        harness.drain();
        harness.takeFrames();
        harness.muxer.cork();
        for (int length : new int[] {400, 480, 490, 998, 990, 1}) {
            channel.send(0, Bytes.wrap(new byte[length]));
        }
        harness.muxer.uncork();
        harness.drain();
        assertThat(harness.takeFrames())
                .hasSizeGreaterThan(3)
                .allSatisfy(frame -> assertThat(frame.length()).isLessThanOrEqualTo(1000));
    }

    @Test
    void deeplyNestedBatchesAreRefused() {
        Bytes innermost = Bytes.fromHex("000001020031");
        MuxerHarness receiver = new MuxerHarness();
        receiver.open("x", ChannelOptions.of("a", 1));
        receiver.receive(open(1, "a", ""));
        Bytes nested = innermost;
        for (int depth = 1; depth < Inbox.MAX_BATCH_DEPTH; depth++) {
            nested = wrap(nested);
        }
        receiver.receive(nested);
        assertThat(receiver.takeEvents()).containsExactly("open x", "message x 0 31");
        receiver.receive(wrap(nested));
        assertThat(receiver.takeEvents()).containsExactly("fail batches nested more than 16 deep", "close x true");
    }

    @Test
    void emptyFramesMeanNothing() {
        harness.receive(Bytes.EMPTY);
        assertThat(harness.takeEvents()).isEmpty();
        assertThat(harness.muxer.isPaused()).isFalse();
    }

    @Test
    void sendBeforeOpenIsRefused() {
        Channel channel = harness.create("x", ChannelOptions.of("x", 1));
        assertThat(channel).isNotNull();
        assertThatThrownBy(() -> harness.channel("x").send(0, Bytes.EMPTY)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> harness.open("y", ChannelOptions.of("y", 1)).send(1, Bytes.EMPTY))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void messagesBehindALocalCloseAreNotTold() {
        harness.muxer.pair("p", Bytes.EMPTY);
        harness.receive(open(1, "p", ""));
        harness.receive(Bytes.fromHex("0100aa"));
        harness.receive(Bytes.fromHex("0100bb"));
        harness.takeEvents();
        harness.onMessage = message -> message.channel().close();
        harness.open("x", ChannelOptions.of("p", 1));
        harness.drain();
        assertThat(harness.takeEvents()).containsExactly("open x", "message x 0 aa", "close x false");
    }

    @Test
    void afterTheEndNothingIsTakenAndNothingIsGiven() {
        Channel channel = harness.open("x", ChannelOptions.of("x", 1));
        harness.muxer.onStreamClosed("reset");
        harness.receive(open(1, "x", ""));
        assertThat(channel.send(0, Bytes.EMPTY)).isFalse();
        channel.close();
        channel.open();
        harness.muxer.onStreamClosed("again");
        harness.drain();
        assertThat(harness.takeEvents()).containsExactly("fail reset", "close x true");
        assertThat(harness.takeFrames()).isEmpty();
    }

    @Test
    void idsOfTheRemoteThatAreRejectedLeaveNothingBehind() {
        MuxerHarness receiver = new MuxerHarness();
        for (int id = 1; id <= 10_000; id++) {
            receiver.muxer.onFrame(ByteBuffer.wrap(open(id, "q" + id, "").toByteArray()));
            receiver.drain();
            receiver.takeFrames();
        }
        assertThat(receiver.muxer.heldObjects()).isZero();
    }

    private static Bytes open(long id, String protocol, String channelId) {
        return new Writer()
                .uint(0)
                .uint(1)
                .uint(id)
                .utf8(protocol)
                .buffer(Bytes.utf8(channelId))
                .toBytes();
    }

    /** A batch as the first of two entries of channel 0: a trailing switch keeps the outer one open. */
    private static Bytes wrap(Bytes frame) {
        Bytes entry = frame.slice(1, frame.length());
        return new Writer()
                .uint8(0)
                .uint8(0)
                .uint(0)
                .buffer(entry)
                .uint(0)
                .uint(9)
                .toBytes();
    }
}
