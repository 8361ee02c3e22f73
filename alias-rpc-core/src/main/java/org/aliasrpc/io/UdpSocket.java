package org.aliasrpc.io;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.List;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One UDP socket of a loop: hands its datagrams to the loop, sends runs of datagrams. Confined to the loop. */
@SuppressWarnings("FutureReturnValueIgnored") // failures reach exceptionCaught by the void promise
final class UdpSocket extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(UdpSocket.class);

    private static final int DEFAULT_TTL = 64; // udx.md §20

    // Linux <errno.h>: the device computes no checksums, or the kernel knows no segments.
    private static final int EIO = 5;
    private static final int EINVAL = 22;

    private final SocketId id;
    private final UdpTransport transport;
    private final DatagramChannel channel;
    private final Receiver receiver;
    private final @Nullable EpollReads reads;
    private boolean segments;

    UdpSocket(SocketId id, UdpTransport transport, Receiver receiver) {
        this.id = id;
        this.transport = transport;
        this.channel = transport.open();
        this.receiver = receiver;
        this.segments = transport.segments();
        this.reads = channel.config().getRecvByteBufAllocator() instanceof EpollReads epoll ? epoll : null;
        channel.pipeline().addLast(this);
    }

    SocketId id() {
        return id;
    }

    DatagramChannel channel() {
        return channel;
    }

    /** Whether the kernel takes several datagrams in one write. */
    boolean segments() {
        return segments;
    }

    /** False while the kernel takes no more and enough waits. */
    boolean isWritable() {
        return channel.isWritable();
    }

    /**
     * Queues datagrams to one address; {@link #flush} sends them.
     *
     * @param run one datagram; or several, all as long as the first except the last, which may be shorter
     * @param to their destination
     * @param segmentBytes of each
     * @param bytes of all
     */
    void write(List<Transmit> run, InetSocketAddress to, int segmentBytes, int bytes) {
        ByteBuf content = channel.alloc().directBuffer(bytes);
        for (Transmit transmit : run) {
            content.writeBytes(transmit.payload());
        }
        if (run.size() > 1) {
            channel.write(new SegmentedDatagramPacket(content, segmentBytes, to))
                    .addListener(this::onSegmentsWritten);
            return;
        }
        var packet = new DatagramPacket(content, to);
        int ttl = run.get(0).ttl();
        ChannelOption<Integer> option = transport.timeToLive();
        if (ttl == Transmit.DEFAULT_TTL || option == null) {
            channel.write(packet, channel.voidPromise()); // without the option a punch goes all the way: no harm
        } else {
            writeWithTtl(packet, option, ttl);
        }
    }

    void flush() {
        channel.flush();
    }

    void close() {
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            DatagramPacket packet = (DatagramPacket) message;
            if (reads != null) {
                reads.onDatagram(packet.sender(), packet.content().readableBytes());
            }
            receiver.onDatagram(this, packet);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (reads != null) {
            reads.onReadComplete();
        }
        receiver.onReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) {
            receiver.onWritable();
        }
    }

    /** An unreachable network, a datagram too large for the route: it counts as lost (udx.md §20 rule 3). */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        log.debug("UDP socket {}: {}", channel.localAddress(), cause.toString());
    }

    /** Some network devices refuse. The datagrams are lost; those above send them again, then one by one. */
    private void onSegmentsWritten(Future<? super Void> written) {
        Throwable cause = written.cause();
        if (cause == null) {
            return;
        }
        if (!isRefusalOfSegments(cause)) {
            log.debug("UDP socket {}: {}", channel.localAddress(), cause.toString());
        } else if (segments && channel.isOpen()) {
            segments = false;
            log.info(
                    "UDP socket {} sends datagrams one by one from now on, segments failed: {}",
                    channel.localAddress(),
                    cause.toString());
        }
    }

    /** Not what single datagrams fail of as well: a network that is away for a while, an address that cannot be sent to. */
    static boolean isRefusalOfSegments(Throwable cause) {
        return cause instanceof Errors.NativeIoException failure
                && (failure.expectedErr() == -EIO || failure.expectedErr() == -EINVAL);
    }

    /** Everything before leaves with the socket's own TTL, this datagram alone with another (udx.md §20 rule 1). */
    private void writeWithTtl(DatagramPacket packet, ChannelOption<Integer> option, int ttl) {
        channel.flush();
        channel.config().setOption(option, ttl);
        channel.writeAndFlush(packet, channel.voidPromise());
        channel.config().setOption(option, DEFAULT_TTL);
    }

    /** Takes what arrives. */
    interface Receiver {
        /** The packet is released after the call. */
        void onDatagram(UdpSocket socket, DatagramPacket packet);

        void onReadComplete();

        void onWritable();
    }
}
