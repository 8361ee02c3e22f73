package org.aliasrpc.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a socket stops handing several datagrams to the kernel in one write: that is for good. */
@Timeout(120)
class SegmentsTest {
    /** A broadcast address, for which the socket has no permission: the one failure that every machine can be made to give. */
    private static final PeerAddress FORBIDDEN = PeerAddress.of("127.255.255.255", 9);

    @Test
    void anAddressThatCannotBeSentToDoesNotEndThem() throws Exception {
        assumeTrue(Epoll.isAvailable() && UdpTransport.EPOLL.segments(), "the kernel takes no segments");
        var loop = new SingleThreadIoEventLoop(
                null, new DefaultThreadFactory("segments", true), UdpTransport.EPOLL.ioHandler());
        try {
            var socket = new UdpSocket(SocketId.SERVER, UdpTransport.EPOLL, new Ignored());
            loop.register(socket.channel()).sync();
            socket.channel()
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .sync();

            loop.submit(() -> {
                        Transmit one = new Transmit(SocketId.SERVER, FORBIDDEN, ByteBuffer.allocate(100));
                        Transmit two = new Transmit(SocketId.SERVER, FORBIDDEN, ByteBuffer.allocate(100));
                        socket.write(List.of(one, two), FORBIDDEN.toInetSocketAddress(), 100, 200);
                        socket.flush();
                    })
                    .sync();
            loop.submit(() -> {}).sync(); // what the failure has led to is done

            assertThat(socket.segments()).isTrue();
        } finally {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    @Test
    void aDeviceThatRefusesThemEndsThem() {
        assumeTrue(Epoll.isAvailable(), "epoll is missing"); // its library knows the error numbers
        assertThat(UdpSocket.isRefusalOfSegments(Errors.newIOException("sendmsg", -5)))
                .isTrue();
        assertThat(UdpSocket.isRefusalOfSegments(Errors.newIOException("sendmsg", -22)))
                .isTrue();
        assertThat(UdpSocket.isRefusalOfSegments(Errors.newIOException("sendmsg", -101)))
                .isFalse(); // the network is away
        assertThat(UdpSocket.isRefusalOfSegments(new IllegalStateException("closed")))
                .isFalse();
    }

    private static final class Ignored implements UdpSocket.Receiver {
        @Override
        public void onDatagram(UdpSocket socket, DatagramPacket packet) {}

        @Override
        public void onReadComplete() {}

        @Override
        public void onWritable() {}
    }
}
