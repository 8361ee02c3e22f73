package org.aliasrpc.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EpollReadsTest {
    private EpollDatagramChannel channel;
    private EpollReads reads;
    private RecvByteBufAllocator.ExtendedHandle handle;

    @BeforeEach
    void open() {
        assumeTrue(Epoll.isAvailable(), "epoll is missing");
        channel = (EpollDatagramChannel) UdpTransport.EPOLL.open();
        reads = channel.config().getRecvByteBufAllocator();
        handle = reads.newHandle();
    }

    @AfterEach
    void close() {
        if (channel != null) {
            channel.unsafe().closeForcibly();
        }
    }

    @Test
    void manySendersAreReadInBatches() {
        for (int i = 0; i < 100; i++) {
            readBatch(1, 32, false);
        }

        assertThat(reads.isJoining()).isFalse();
        assertThat(channel.config().isUdpGro()).isFalse();
    }

    @Test
    void oneSenderWhoseDatagramsAreJoinedIsReadJoined() {
        readBatch(1, 32, true);
        assertThat(reads.isJoining()).isTrue();
        assertThat(channel.config().isUdpGro()).isTrue();

        for (int i = 0; i < 1000; i++) {
            readBatch(2, 80, true);
        }

        assertThat(reads.isJoining()).isTrue();
    }

    @Test
    void joiningThatDoesNotPayIsGivenUpForLongerAndLonger() {
        int switches = 0;
        boolean before = false;
        for (int i = 0; i < 3000; i++) {
            if (reads.isJoining()) {
                readBatch(32, 32, true); // a call for each datagram
            } else {
                readBatch(1, 32, true);
            }
            switches += reads.isJoining() == before ? 0 : 1;
            before = reads.isJoining();
        }

        // 96000 datagrams: pauses of 4096, 8192, ... up to 65536 at most.
        assertThat(switches).isBetween(4, 12);
    }

    private void readBatch(int calls, int datagrams, boolean alike) {
        for (int i = 0; i < calls; i++) {
            handle.allocate(UnpooledByteBufAllocator.DEFAULT).release();
        }
        for (int i = 0; i < datagrams; i++) {
            reads.onDatagram(alike ? "one" : "sender " + i, 1200);
        }
        reads.onReadComplete();
    }
}
