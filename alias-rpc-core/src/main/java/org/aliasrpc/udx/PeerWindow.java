package org.aliasrpc.udx;

/** The receive window the peer advertised last (udx.md §6.2 step 5, §8.4, §9). */
final class PeerWindow {
    /** What is assumed before the peer's first packet (udx.md §8.9). */
    private static final long INITIAL = 4 << 20;

    private long bytes = INITIAL;
    private int takenSeq;
    private int takenAck;

    /**
     * @param remoteSeq the number of the peer's first packet
     * @param ownSeq the number of our first packet
     */
    PeerWindow(int remoteSeq, int ownSeq) {
        takenSeq = remoteSeq;
        takenAck = ownSeq;
    }

    /**
     * Takes the window of a packet, unless a newer packet told another.
     *
     * @param una our lowest unacknowledged number before the packet
     */
    void onPacket(Packet packet, int una) {
        int seq = packet.seq();
        int ack = packet.ack();
        boolean newer = seq - takenSeq > 0 || (seq == takenSeq && ack - takenAck >= 0);
        if (ack - una >= 0 && newer) {
            bytes = packet.rwnd();
            takenSeq = seq;
            takenAck = ack;
        }
    }

    boolean isClosed() {
        return bytes == 0;
    }

    long bytes() {
        return bytes;
    }

    /** Packets that may be in flight: at least one through any open window, so it may be overrun by a packet. */
    long packets(int mss) {
        return bytes == 0 ? 0 : Math.max(1, bytes / mss);
    }
}
