package org.aliasrpc.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EpollReadsTest {
    private EpollDatagramChannel channel;
    private EpollReads reads;

    @BeforeEach
    void open() {
        assumeTrue(Epoll.isAvailable(), "epoll is missing");
        channel = (EpollDatagramChannel) UdpTransport.EPOLL.open();
        reads = channel.config().getRecvByteBufAllocator();
    }

    @AfterEach
    void close() {
        if (channel != null) {
            channel.unsafe().closeForcibly();
        }
    }

    @Test
    void manySendersAreReadInBatches() {
        for (int i = 0; i < 200; i++) {
            readBatch(32, 1200, false);
        }

        assertThat(reads.isJoining()).isFalse();
        assertThat(channel.config().isUdpGro()).isFalse();
    }

    @Test
    void shortDatagramsOfOneSenderAreReadInBatches() {
        for (int i = 0; i < 200; i++) {
            readBatch(32, 48, true);
        }

        assertThat(channel.config().isUdpGro()).isFalse();
    }

    @Test
    void aShortBurstIsNoBulkTransfer() {
        for (int i = 0; i < 200; i++) {
            readBatch(i % EpollReads.BULK_BATCHES == 0 ? 1 : 32, 1200, true);
        }

        assertThat(channel.config().isUdpGro()).isFalse();
    }

    /** What waits in the socket when joining is switched off is never parted: so it must stay on. */
    @Test
    void aBulkTransferIsReadJoinedForGood() {
        for (int i = 0; i < EpollReads.BULK_BATCHES; i++) {
            readBatch(32, 1200, true);
        }
        assertThat(reads.isJoining()).isTrue();
        assertThat(channel.config().isUdpGro()).isTrue();

        for (int i = 0; i < 10_000; i++) {
            readBatch(1, 48, false);
        }

        assertThat(reads.isJoining()).isTrue();
        assertThat(channel.config().isUdpGro()).isTrue();
    }

    @Test
    void aCallThatCouldHaveGivenMoreIsTheLastOfATurn() {
        RecvByteBufAllocator.ExtendedHandle handle = reads.newHandle();
        handle.reset(channel.config());
        handle.incMessagesRead(1);
        handle.lastBytesRead(1200);

        read(EpollReads.DATAGRAMS_PER_CALL, 1200, false);
        assertThat(handle.continueReading(() -> true)).isTrue();
        read(EpollReads.DATAGRAMS_PER_CALL - 1, 1200, false);
        assertThat(handle.continueReading(() -> true)).isFalse();

        reads.onReadComplete();
        read(1, 1200, false);
        assertThat(handle.continueReading(() -> true)).isFalse();
    }

    @Test
    void aCallForJoinedDatagramsGivesOneLotOfMany() {
        for (int i = 0; i < EpollReads.BULK_BATCHES; i++) {
            readBatch(32, 1200, true);
        }
        RecvByteBufAllocator.ExtendedHandle handle = reads.newHandle();
        handle.reset(channel.config());
        handle.incMessagesRead(1);
        handle.lastBytesRead(1200);

        read(2, 1200, true);
        assertThat(handle.continueReading(() -> true)).isTrue();
    }

    private void readBatch(int datagrams, int bytes, boolean alike) {
        read(datagrams, bytes, alike);
        reads.onReadComplete();
    }

    private void read(int datagrams, int bytes, boolean alike) {
        for (int i = 0; i < datagrams; i++) {
            reads.onDatagram(alike ? "one" : "sender " + i, bytes);
        }
    }
}
