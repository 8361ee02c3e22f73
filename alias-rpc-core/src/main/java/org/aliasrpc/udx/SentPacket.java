package org.aliasrpc.udx;

import org.jspecify.annotations.Nullable;

/**
 * A packet with a sequence number that is not acknowledged. Sequence number, flags and payload stay the same however
 * often it is sent (udx.md §4).
 */
final class SentPacket {
    final int seq;
    final int flags;
    final SendQueue.Span payload;

    /** Remote address and id of the first sending, which repetitions keep (udx.md §18.3). */
    Path path;

    /** Size of the IP packet if this is an MTU probe, else 0. */
    int probeSize;

    /** Padding of a probe, in bytes. */
    int padding;

    long sentNanos;
    int sendings;
    boolean inFlight;

    /** When it was sent for the first time. */
    long begunNanos;

    /** Whether it was sent again because packets sent later had arrived, not because nothing had for some time. */
    boolean knownLost;

    /** State of delivery when it was sent, for {@link DeliveryRate}. */
    long deliveredBefore;

    long deliveredNanos;
    long firstSentNanos;
    boolean applicationLimited;

    /** Links of the packets in flight, in the order of sending. */
    @Nullable
    SentPacket earlier;

    @Nullable
    SentPacket later;

    SentPacket(int seq, int flags, SendQueue.Span payload, Path path) {
        this.seq = seq;
        this.flags = flags;
        this.payload = payload;
        this.path = path;
    }

    boolean retransmitted() {
        return sendings > 1;
    }
}
