package org.aliasrpc.io;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.nio.channels.spi.SelectorProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kinds of sockets a loop can use, and what each can do. */
public enum UdpTransport {
    /** The JDK's selector: one system call for each datagram. */
    NIO {
        @Override
        IoHandlerFactory ioHandler() {
            return WholeMillis.factory(NioIoHandler.newFactory());
        }

        @Override
        DatagramChannel newChannel() {
            try {
                var channel = SelectorProvider.provider().openDatagramChannel(StandardProtocolFamily.INET);
                forbidFragments(channel);
                return new NioDatagramChannel(channel);
            } catch (IOException e) {
                throw new ChannelException("no UDP socket", e);
            }
        }

        /** The JDK has the option from version 19 on, in a module that need not be there: so by its name. */
        @SuppressWarnings("unchecked")
        private void forbidFragments(java.nio.channels.DatagramChannel channel) throws IOException {
            for (SocketOption<?> option : channel.supportedOptions()) {
                if (option.name().equals("IP_DONTFRAGMENT") && option.type() == Boolean.class) {
                    channel.setOption((SocketOption<Boolean>) option, true);
                }
            }
        }

        @Override
        void configureReads(DatagramChannel channel) {
            channel.config()
                    .setRecvByteBufAllocator(
                            new FixedRecvByteBufAllocator(MAX_DATAGRAM_BYTES).maxMessagesPerRead(DATAGRAMS_PER_TURN));
        }

        @Override
        @Nullable
        ChannelOption<Integer> timeToLive() {
            return null;
        }

        @Override
        boolean segments() {
            return false;
        }
    },

    /** Linux epoll: batches of datagrams in one system call each way. */
    EPOLL {
        @Override
        IoHandlerFactory ioHandler() {
            return EpollIoHandler.newFactory();
        }

        @Override
        DatagramChannel newChannel() {
            var channel = new EpollDatagramChannel(SocketProtocolFamily.INET);
            tryOption(channel.config(), IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
            return channel;
        }

        @Override
        void configureReads(DatagramChannel channel) {
            channel.config().setRecvByteBufAllocator(new EpollReads(channel.config(), DATAGRAMS_PER_TURN));
        }

        @Override
        ChannelOption<Integer> timeToLive() {
            return IP_TTL;
        }

        @Override
        boolean segments() {
            return EpollDatagramChannel.isSegmentedDatagramPacketSupported();
        }
    };

    /** A datagram that fills the buffer may have been cut, so it is dropped (udx.md §20: the reference takes it cut). */
    static final int MAX_DATAGRAM_BYTES = 2048;

    /** After so many datagrams others get their turn, and what they caused is sent. */
    private static final int DATAGRAMS_PER_TURN = 64;

    private static final int SEND_BUFFER_BYTES = 212_992; // udx.md §20
    private static final int[] RECEIVE_BUFFER_BYTES = {1 << 20, 1 << 19, 1 << 18, 212_992}; // udx.md §20
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(128 << 10, 512 << 10);

    // Linux <netinet/in.h>: what the JDK and Netty have no name for.
    private static final ChannelOption<Integer> IP_MTU_DISCOVER =
            new IntegerUnixChannelOption("IP_MTU_DISCOVER", 0, 10);
    private static final int IP_PMTUDISC_PROBE = 3;
    private static final ChannelOption<Integer> IP_TTL = new IntegerUnixChannelOption("IP_TTL", 0, 2);

    private static final Logger log = LoggerFactory.getLogger(UdpTransport.class);

    /** {@link #EPOLL} where it works, else {@link #NIO}. */
    public static UdpTransport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    /**
     * @throws UnsupportedOperationException if this kind does not work here, saying why
     */
    public void requireAvailable() {
        if (this == EPOLL && !Epoll.isAvailable()) {
            throw new UnsupportedOperationException(
                    "the epoll transport is not available: it needs Linux and the library"
                            + " io.netty:netty-transport-native-epoll of this platform",
                    Epoll.unavailabilityCause());
        }
    }

    /** An open, unbound IPv4 socket with every option set that this system has, Don't Fragment among them. */
    final DatagramChannel open() {
        DatagramChannel channel = newChannel();
        configureReads(channel);
        channel.config().setWriteBufferWaterMark(WATER_MARK);
        tryOption(channel.config(), ChannelOption.SO_SNDBUF, SEND_BUFFER_BYTES);
        for (int bytes : RECEIVE_BUFFER_BYTES) {
            if (tryOption(channel.config(), ChannelOption.SO_RCVBUF, bytes)) {
                break;
            }
        }
        return channel;
    }

    abstract IoHandlerFactory ioHandler();

    /** An open IPv4 socket that sends no fragments where that can be had: MTU probes prove nothing without. */
    abstract DatagramChannel newChannel();

    abstract void configureReads(DatagramChannel channel);

    /** The option for the TTL of unicast datagrams, or null if there is none. */
    abstract @Nullable ChannelOption<Integer> timeToLive();

    /** Whether one write can carry several datagrams of one size (UDP GSO). */
    abstract boolean segments();

    /** Sets an option if this system has it. */
    static <T> boolean tryOption(ChannelConfig config, ChannelOption<T> option, T value) {
        try {
            return config.setOption(option, value);
        } catch (ChannelException e) {
            log.debug("Socket option {} = {} was refused: {}", option.name(), value, e.toString());
            return false;
        }
    }
}
