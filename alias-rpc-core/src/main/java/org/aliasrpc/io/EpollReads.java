package org.aliasrpc.io;

import io.netty.channel.ChannelConfig;
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
 * <p>Joining pays where a single sender fills whole batches for some time, as bulk transfers do. A socket that has seen that
 * reads joined datagrams from then on, for good: lots that wait in the socket when joining is switched off come out as one
 * datagram, which corrupts streams. Confined to the loop.
 */
final class EpollReads extends DefaultMaxMessagesRecvByteBufAllocator {
    static final int DATAGRAMS_PER_CALL = 32;
    private static final int MAX_JOINED_BYTES = 65_536;

    /** A batch of a bulk transfer has at least so many datagrams, all of one sender and one size. */
    static final int BULK_BATCH = 24;

    /** Datagrams of a bulk transfer are about as long as the path allows; a burst of short ones is none. */
    static final int BULK_DATAGRAM_BYTES = 1000;

    /** So many bulk batches in a row, about 2 MB, show that it is worth a change for good. */
    static final int BULK_BATCHES = 64;

    private final ChannelConfig config;
    private final int datagramsPerTurn;
    private boolean joining;
    private boolean refused;
    private int bulkBatches;

    // Of the batch being read.
    private @Nullable Object sender;
    private int size;
    private int alike;
    private int batch;
    private int batchBeforeCall;

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
        } else if (alike == batch - 1 && bytes == size && from.equals(sender)) { // else it is no bulk batch any more
            alike++;
        }
    }

    /** Everything that was there, or a turn's worth of it, has been read. */
    void onReadComplete() {
        if (!joining && !refused) {
            boolean bulk = alike >= BULK_BATCH && alike == batch && size >= BULK_DATAGRAM_BYTES;
            bulkBatches = bulk ? bulkBatches + 1 : 0;
            if (bulkBatches >= BULK_BATCHES) {
                join();
            }
        }
        batch = 0;
        batchBeforeCall = 0;
        alike = 0;
        sender = null;
    }

    private void join() {
        if (UdpTransport.tryOption(config, EpollChannelOption.UDP_GRO, true)) {
            joining = true;
            config.setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, MAX_JOINED_BYTES);
        } else {
            refused = true; // this kernel cannot
        }
    }

    @Override
    public RecvByteBufAllocator.ExtendedHandle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return joining ? MAX_JOINED_BYTES : UdpTransport.MAX_DATAGRAM_BYTES * DATAGRAMS_PER_CALL;
            }

            /** A call that did not give all it could has emptied the socket: another one would only say so. */
            @Override
            public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
                boolean emptied = !joining && batch - batchBeforeCall < DATAGRAMS_PER_CALL;
                batchBeforeCall = batch;
                return !emptied && batch < datagramsPerTurn && super.continueReading(maybeMore);
            }
        };
    }
}
