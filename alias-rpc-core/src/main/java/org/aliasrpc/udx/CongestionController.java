package org.aliasrpc.udx;

/**
 * How much a stream may have in flight, and how fast it may send. Purely local: any algorithm works with any peer
 * (udx.md §14). Windows are counted in packets.
 */
interface CongestionController {
    /** Packets in flight before the first acknowledgement (udx.md, appendix A). */
    int INITIAL_WINDOW = 10;

    /** The most a window grows to: what a peer of four megabytes' window can use, and some. */
    int MAX_WINDOW = 1 << 13;

    /** Packets that may be in flight. */
    int window();

    /**
     * How fast packets may leave.
     *
     * @return bytes per second, not 0
     */
    double pacingRate();

    /** After an acknowledgement with news; losses it revealed are judged already. */
    void onAck(AckSample sample);

    /**
     * At the first loss of a round: recovery begins.
     *
     * @param inFlight packets still in flight
     */
    void onRecovery(int inFlight);

    /** What was sent before the loss is acknowledged: recovery or the time after a timeout is over. */
    void onRecovered();

    /**
     * The retransmission timer fired.
     *
     * @param inFlight packets still in flight
     */
    void onTimeout(int inFlight);
}
