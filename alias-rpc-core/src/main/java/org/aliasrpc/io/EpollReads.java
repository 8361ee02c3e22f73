package org.aliasrpc.io;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.util.UncheckedBooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How one epoll socket reads: many datagrams of any senders in one system call (recvmmsg), or datagrams of one sender that
 * the kernel has joined (UDP GRO), one joined lot a call. Netty cannot do both at once: its recvmmsg does not learn where
 * joined datagrams are to be parted.
 *
 * <p>Joining pays where a single sender fills whole batches and the kernel does join, which it does for senders that hand
 * over several datagrams at once, and for network cards. That is tried when batches look like it, and given up when
 * it does not come true, for longer each time. Confined to the loop.
 */
final class EpollReads extends DefaultMaxMessagesRecvByteBufAllocator {
    private static final int DATAGRAMS_PER_CALL = 32;
    private static final int MAX_JOINED_BYTES = 65_536;

    /** A batch from one sender of so many datagrams of one size suggests to try. */
    static final int SUGGESTIVE_BATCH = 24;

    /** So many calls decide whether joining pays. */
    static final int CALLS_OF_A_TRIAL = 32;

    /** What a call has to bring on average, to be better than a share of a recvmmsg. */
    static final int WORTHWHILE_PER_CALL = 4;

    private static final long FIRST_PAUSE_DATAGRAMS = 1 << 12;
    private static final long LONGEST_PAUSE_DATAGRAMS = 1 << 20;

    private final ChannelConfig config;
    private final int datagramsPerTurn;
    private boolean joining;
    private int calls;
    private int datagrams;
    private long pause = FIRST_PAUSE_DATAGRAMS;
    private long pauseLeft;

    // Of the batch being read.
    private @Nullable Object sender;
    private int size;
    private int alike;
    private int batch;

    /**
     * @param config of the socket, changed when the way of reading changes
     * @param datagramsPerTurn after which others get their turn
     */
    EpollReads(ChannelConfig config, int datagramsPerTurn) {
        super(datagramsPerTurn);
        this.datagramsPerTurn = datagramsPerTurn;
        this.config = config;
        config.setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, UdpTransport.MAX_DATAGRAM_BYTES);
    }

    /** Whether joined datagrams are read now. */
    boolean isJoining() {
        return joining;
    }

    /** A datagram was read. */
    void onDatagram(Object from, int bytes) {
        batch++;
        if (alike == 0) {
            sender = from;
            size = bytes;
            alike = 1;
        } else if (bytes == size && from.equals(sender)) {
            alike++;
        }
    }

    /** Everything that was there, or a turn's worth of it, has been read. */
    void onReadComplete() {
        if (joining) {
            datagrams += batch;
            if (calls >= CALLS_OF_A_TRIAL) {
                boolean worthwhile = datagrams >= calls * WORTHWHILE_PER_CALL;
                calls = 0;
                datagrams = 0;
                if (worthwhile) {
                    pause = FIRST_PAUSE_DATAGRAMS;
                } else {
                    join(false);
                    pauseLeft = pause;
                    pause = Math.min(2 * pause, LONGEST_PAUSE_DATAGRAMS);
                }
            }
        } else {
            pauseLeft -= batch;
            if (pauseLeft <= 0 && alike >= SUGGESTIVE_BATCH && alike == batch) {
                calls = 0;
                datagrams = 0;
                join(true);
            }
        }
        batch = 0;
        alike = 0;
        sender = null;
    }

    private void join(boolean on) {
        ChannelOption<Boolean> option = EpollChannelOption.UDP_GRO;
        if (UdpTransport.tryOption(config, option, on)) {
            joining = on;
            config.setOption(
                    EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE,
                    on ? MAX_JOINED_BYTES : UdpTransport.MAX_DATAGRAM_BYTES);
        } else {
            pauseLeft = Long.MAX_VALUE; // this kernel cannot
        }
    }

    @Override
    public RecvByteBufAllocator.ExtendedHandle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return joining ? MAX_JOINED_BYTES : UdpTransport.MAX_DATAGRAM_BYTES * DATAGRAMS_PER_CALL;
            }

            @Override
            public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
                return batch < datagramsPerTurn && super.continueReading(maybeMore);
            }

            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                calls++;
                return super.allocate(allocator);
            }
        };
    }
}
