package org.aliasrpc.udx;

/**
 * Finds the largest packet the path carries, by padding data packets to the size to be tried (udx.md §10). Sizes are those
 * of IP packets in bytes.
 */
final class MtuSearch {
    /** What every path carries. */
    static final int BASE = 1200;

    private static final int STEP = 32;
    private static final int MAX_ATTEMPTS = 3;
    private static final int MAX_PADDING = 255;
    private static final int OVERHEAD_IPV4 = 20 + 8 + Packet.HEADER_LENGTH;
    private static final int OVERHEAD_IPV6 = 40 + 8 + Packet.HEADER_LENGTH;

    private final int maximum;
    private int overhead = OVERHEAD_IPV6; // until the address is known
    private int mtu = BASE;
    private int target;
    private int attempts;
    private boolean started;
    private boolean done;
    private boolean wanted;

    /**
     * @param maximum the largest size tried
     */
    MtuSearch(int maximum) {
        this.maximum = maximum;
        reset(false);
    }

    /** Begins anew on another path. */
    void reset(boolean ipv4) {
        overhead = ipv4 ? OVERHEAD_IPV4 : OVERHEAD_IPV6;
        mtu = BASE;
        target = BASE;
        attempts = 0;
        started = false;
        wanted = false;
        done = maximum <= BASE;
    }

    int mtu() {
        return mtu;
    }

    /** The largest payload of a packet. */
    int mss() {
        return mtu - overhead;
    }

    /** A packet was acknowledged: the path works, the search may begin. */
    void onDelivered() {
        if (!started) {
            started = true;
            wanted = !done;
        }
    }

    /**
     * Asks whether a new data packet shall be a probe. It then counts as one.
     *
     * @param payloadLength its payload in bytes
     * @return the padding it needs, or −1 if it shall not be one: nothing to be tried now, or it is too short
     */
    int probePadding(int payloadLength) {
        if (!wanted) {
            return -1;
        }
        int padding = target - overhead - payloadLength;
        if (padding < 0 || padding > MAX_PADDING) {
            return -1;
        }
        wanted = false;
        attempts++;
        return padding;
    }

    /** The size tried now. */
    int target() {
        return target;
    }

    /** A probe got through. */
    void onProbeAcked(int size) {
        if (size > mtu) {
            mtu = size;
        }
        if (done || size < target) {
            return;
        }
        attempts = 0;
        done = size >= maximum;
        wanted = !done;
        target = Math.min(size + STEP, maximum);
    }

    /** A probe was lost; no sign of congestion. */
    void onProbeLost(int size) {
        if (done || size != target) {
            return;
        }
        if (attempts >= MAX_ATTEMPTS) {
            done = true;
        } else {
            wanted = true;
        }
    }
}
