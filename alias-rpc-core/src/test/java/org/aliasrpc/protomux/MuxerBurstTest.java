package org.aliasrpc.protomux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Writer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Large frames of a hostile peer, full of the smallest entries: memory stays at the frame's own size. */
class MuxerBurstTest {
    private static final int FRAME = 2 << 20;
    private static final MuxerLimits LIMITS = new MuxerLimits(FRAME, 64 << 10, 64 << 10, 1 << 20, 32_768, 64, 8 << 20);

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void aBatchOfMillionsOfRequestsIsTakenApartOneByOne() {
        Muxer muxer = new Muxer();
        Objects.requireNonNull(muxer.createChannel(ChannelOptions.of("a", 1))).open();
        muxer.onFrame(Bytes.fromHex("000101016100").asByteBuffer());
        Writer batch = new Writer(FRAME).uint8(0).uint8(0).uint(1);
        while (batch.length() + 2 <= FRAME) {
            batch.uint(1).uint(0); // type 0, no body
        }
        muxer.onFrame(batch.toByteBuffer());
        int messages = 0;
        long largestQueue = 0;
        for (MuxerEvent event = muxer.pollEvent(); event != null; event = muxer.pollEvent()) {
            messages += event instanceof MuxerEvent.Message ? 1 : 0;
            largestQueue = Math.max(largestQueue, muxer.queuedEvents());
        }
        assertThat(messages).isEqualTo((FRAME - 3) / 2);
        assertThat(largestQueue).isLessThanOrEqualTo(1);
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void opensThatAreRejectedQueueNoMoreThanTheLimit() {
        Muxer muxer = new Muxer(LIMITS);
        Writer batch = new Writer(FRAME).uint8(0).uint8(0).uint(0);
        while (batch.length() + 5 <= FRAME) {
            batch.uint(4).uint8(1).uint8(1).uint(0).uint(0); // open id 1 of the empty protocol
        }
        ByteBuffer frame = batch.toByteBuffer();
        for (int i = 0; i < 3; i++) {
            muxer.onFrame(frame.duplicate());
            assertThat(muxer.pollEvent()).isNull(); // the owner polls no frames: the peer does not read
            assertThat(muxer.queuedBytes()).isLessThan(LIMITS.maxUnsentBytes() + (long) LIMITS.maxBatchBytes() + 1000);
        }
        assertThat(muxer.isPaused()).isTrue();
        assertThat(muxer.heldObjects()).isZero();
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void noMoreEntriesAreLookedAtThanAllowed() {
        Muxer muxer = new Muxer();
        Objects.requireNonNull(muxer.createChannel(ChannelOptions.of("a", 1))).open();
        muxer.onFrame(Bytes.fromHex("000101016100").asByteBuffer());
        Writer batch = new Writer(64).uint8(0).uint8(0).uint(1);
        for (int i = 0; i < 25; i++) {
            batch.uint(1).uint(0);
        }
        muxer.onFrame(batch.toByteBuffer());
        int[] messages = new int[4];
        for (int turn = 0; turn < messages.length; turn++) {
            muxer.allow(10);
            for (MuxerEvent event = muxer.pollEvent(); event != null; event = muxer.pollEvent()) {
                messages[turn] += event instanceof MuxerEvent.Message ? 1 : 0;
            }
            assertThat(muxer.hasMore()).isEqualTo(turn < 2);
        }
        assertThat(messages).containsExactly(9, 10, 6, 0); // the open of the channel was the first
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void whatIsPassedOverInABatchIsWorkToo() {
        Muxer muxer = new Muxer();
        muxer.pair("a", Bytes.EMPTY);
        Writer batch = new Writer(FRAME).uint8(0).uint8(0).uint(1);
        while (batch.length() + 2 <= FRAME) {
            batch.uint(0).uint(1); // on with channel 1
        }
        muxer.onFrame(batch.toByteBuffer());
        int turns = 0;
        do {
            muxer.allow(1);
            assertThat(muxer.pollEvent()).isNull();
            turns++;
        } while (muxer.hasMore());
        assertThat(turns).isGreaterThan(FRAME / 2 / 1000);
    }
}
