package org.aliasrpc.udx;

/** What one acknowledgement told; one instance is filled again for each. */
final class AckSample {
    long nowNanos;

    /** Packets it acknowledged first. */
    int acked;

    /** Packets judged lost in consequence. */
    int lost;

    /** Packets in flight before and after. */
    int inFlightBefore;

    int inFlightAfter;

    /** The shortest round trip among the acknowledged packets that were sent once; 0 if none was. */
    long rttNanos;

    /** The smoothed round trip time; 0 before the first sample. */
    long smoothedRttNanos;

    /** Payload of a full packet, in bytes. */
    int mss;

    /** Whether recovery, or the time after a timeout, goes on. */
    boolean recovering;

    /** Whether the congestion window, and not the application or the peer, held packets back since the last sample. */
    boolean windowLimited;

    /** Packets delivered over {@link #rateNanos}; 0 if there is no sample of the rate. */
    long rateDelivered;

    long rateNanos;

    /** Whether the rate is what the application offered rather than what the path can carry. */
    boolean rateApplicationLimited;

    /** Packets delivered in the stream's life, and how many they were when the packet of the sample was sent. */
    long deliveredTotal;

    long deliveredBefore;
}
