package org.aliasrpc.io;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Datagrams through real sockets to one whose way of reading changes while they wait in it: each comes out as it was sent, or
 * not at all. One loop sends and reads in turns, so that there is always more in the socket than a turn takes.
 */
@Timeout(120)
class JoinedReadsTest {
    private static final int LONG = 1200;
    private static final int SHORT = 48;

    /** Two runs of so many are more than a turn takes. */
    private static final int RUN = 40;

    private static final int BULK_TURNS = 2 * EpollReads.BULK_BATCHES;
    private static final int MIXED_TURNS = 300;

    private @Nullable SingleThreadIoEventLoop loop;
    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private final List<UdpSocket> senders = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private InetSocketAddress destination = new InetSocketAddress(0);
    private int sent;
    private int read;
    private int turns;

    @BeforeEach
    void requireJoiningKernel() {
        assumeTrue(Epoll.isAvailable(), "epoll is missing");
        var channel = (EpollDatagramChannel) UdpTransport.EPOLL.open();
        try {
            assumeTrue(
                    UdpTransport.EPOLL.segments()
                            && UdpTransport.tryOption(channel.config(), EpollChannelOption.UDP_GRO, true),
                    "the kernel does not join datagrams");
        } finally {
            channel.unsafe().closeForcibly();
        }
    }

    @AfterEach
    void close() {
        if (loop != null) {
            var unused = loop.shutdownGracefully(0, 1, SECONDS);
            assertThat(loop.terminationFuture().awaitUninterruptibly(PATIENCE_SECONDS, SECONDS))
                    .isTrue();
        }
    }

    @Test
    void everyDatagramComesOutAsItWasSentWhateverTheSocketIsSwitchedTo() throws Exception {
        var one = new SingleThreadIoEventLoop(
                null, new DefaultThreadFactory("joined-reads", true), UdpTransport.EPOLL.ioHandler());
        loop = one;
        Reader receiver = new Reader();
        UdpSocket reader = open(one, receiver);
        destination = reader.channel().localAddress();
        for (int i = 0; i < 3; i++) {
            senders.add(open(one, receiver));
        }
        EpollReads reads = reader.channel().config().getRecvByteBufAllocator();

        one.execute(this::sendBulk);
        finished.get(PATIENCE_SECONDS, SECONDS);

        assertThat(broken).isEmpty();
        assertThat(reads.isJoining()).isTrue();
        assertThat(read).isGreaterThan(MIXED_TURNS * RUN / 2);
    }

    private static UdpSocket open(SingleThreadIoEventLoop on, UdpSocket.Receiver receiver) throws Exception {
        var socket = new UdpSocket(SocketId.SERVER, UdpTransport.EPOLL, receiver);
        on.register(socket.channel()).sync();
        socket.channel()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync();
        return socket;
    }

    /** On the loop, after each turn of the reader. */
    private final class Reader implements UdpSocket.Receiver {
        @Override
        public void onDatagram(UdpSocket socket, DatagramPacket packet) {
            read++;
            ByteBuf content = packet.content();
            int length = content.readableBytes();
            if (length < SHORT || content.getInt(content.readerIndex()) != length || !isWhole(content)) {
                broken.add(length + " bytes in turn " + turns);
            }
        }

        @Override
        public void onReadComplete() {
            turns++;
            if (turns < BULK_TURNS) {
                sendBulk();
            } else if (turns < BULK_TURNS + MIXED_TURNS) {
                sendMixed();
            } else {
                finished.complete(null);
            }
        }

        @Override
        public void onWritable() {}
    }

    private void sendBulk() {
        sendRun(senders.get(0), RUN, LONG, LONG);
        sendRun(senders.get(0), RUN, LONG, LONG);
        senders.get(0).flush();
    }

    /** Lots, and in between what others have to say: no time for joining, by the look of it. */
    private void sendMixed() {
        if (turns % 4 == 0) {
            sendRun(senders.get(0), RUN, LONG, LONG);
            senders.get(0).flush();
        }
        for (UdpSocket sender : senders) {
            sendRun(sender, 1, SHORT + turns % 100, 0);
            sender.flush();
        }
        sendRun(senders.get(1), RUN, LONG - turns % 700, SHORT + turns % 400);
        senders.get(1).flush();
        sendRun(senders.get(2), 3, SHORT, SHORT);
        senders.get(2).flush();
    }

    /** Datagrams of one length, the last of them perhaps shorter, in one system call. */
    private void sendRun(UdpSocket from, int count, int length, int lastLength) {
        PeerAddress to = PeerAddress.of(destination);
        List<Transmit> run = new ArrayList<>();
        int bytes = 0;
        for (int i = 0; i < count; i++) {
            int own = i > 0 && i == count - 1 ? lastLength : length;
            run.add(new Transmit(SocketId.SERVER, to, datagram(own)));
            bytes += own;
        }
        from.write(run, destination, length, bytes);
    }

    /** Its length, its number, and bytes that follow from both. */
    private ByteBuffer datagram(int length) {
        ByteBuffer datagram = ByteBuffer.allocate(length).putInt(length).putInt(sent++);
        while (datagram.hasRemaining()) {
            datagram.put((byte) (sent - 1 + datagram.position()));
        }
        return datagram.flip();
    }

    private static boolean isWhole(ByteBuf datagram) {
        int start = datagram.readerIndex();
        int number = datagram.getInt(start + 4);
        for (int i = 8; i < datagram.readableBytes(); i++) {
            if (datagram.getByte(start + i) != (byte) (number + i)) {
                return false;
            }
        }
        return true;
    }
}
