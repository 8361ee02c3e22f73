package org.aliasrpc.udx;

/**
 * Settings of an endpoint; each has a default in {@link #DEFAULT}.
 *
 * @param receiveWindowBytes bytes a stream takes that were not {@link UdxStream#consumed} yet, out-of-order ones
 *     included; what it advertises at most (udx.md §9)
 * @param maxStreams streams an endpoint holds at once
 * @param maxMtu largest IP packet the search of the path MTU tries, in bytes; 1200 turns the search off (udx.md §10)
 * @param congestion the algorithm of the congestion window
 * @param checkSource whether a packet from another source than a connected stream's remote address has to pass the
 *     {@link Firewall}; false accepts any source, as the reference does (udx.md §4.4, §23)
 * @param receiveBudgetBytes memory for what all streams together have received and not handed on; when little of it is
 *     left the windows of those that hold most shrink
 */
public record UdxConfig(
        int receiveWindowBytes,
        int maxStreams,
        int maxMtu,
        Congestion congestion,
        boolean checkSource,
        long receiveBudgetBytes) {
    /** 4 MiB of receive window, 65536 streams, MTU up to 1500, BBR, source addresses checked, 256 MiB in all. */
    public static final UdxConfig DEFAULT = new UdxConfig(4 << 20, 1 << 16, 1500, Congestion.BBR, true, 256L << 20);

    public UdxConfig {
        if (receiveWindowBytes < 1) {
            throw new IllegalArgumentException("receive window of " + receiveWindowBytes + " bytes");
        }
        if (receiveBudgetBytes < 1) {
            throw new IllegalArgumentException("receive budget of " + receiveBudgetBytes + " bytes");
        }
        if (maxStreams < 1) {
            throw new IllegalArgumentException("maximum of " + maxStreams + " streams");
        }
        if (maxMtu < 1200 || maxMtu > 1500) {
            throw new IllegalArgumentException("maximum MTU " + maxMtu + " outside 1200..1500");
        }
    }

    /** The same with another receive window. */
    public UdxConfig withReceiveWindowBytes(int bytes) {
        return new UdxConfig(bytes, maxStreams, maxMtu, congestion, checkSource, receiveBudgetBytes);
    }

    /** The same with another budget for what all streams hold. */
    public UdxConfig withReceiveBudgetBytes(long bytes) {
        return new UdxConfig(receiveWindowBytes, maxStreams, maxMtu, congestion, checkSource, bytes);
    }

    /** The same with another bound on streams. */
    public UdxConfig withMaxStreams(int streams) {
        return new UdxConfig(receiveWindowBytes, streams, maxMtu, congestion, checkSource, receiveBudgetBytes);
    }

    /** The same with another largest MTU. */
    public UdxConfig withMaxMtu(int mtu) {
        return new UdxConfig(receiveWindowBytes, maxStreams, mtu, congestion, checkSource, receiveBudgetBytes);
    }

    /** The same with another congestion control. */
    public UdxConfig withCongestion(Congestion algorithm) {
        return new UdxConfig(receiveWindowBytes, maxStreams, maxMtu, algorithm, checkSource, receiveBudgetBytes);
    }

    /** The same with or without the check of source addresses. */
    public UdxConfig withCheckSource(boolean check) {
        return new UdxConfig(receiveWindowBytes, maxStreams, maxMtu, congestion, check, receiveBudgetBytes);
    }

    /**
     * How the congestion window is found; nothing of it is visible on the wire (udx.md §14).
     *
     * <p>BBR is the default: in simulation (CongestionSimTest) both use some 90 % of a clean path, but at 1 % of random loss
     * CUBIC falls to 45 %, and to 6 % on a long path with 2 %, where BBR keeps some 90 and 75 %; it fills no deep buffers,
     * and shares a bottleneck as evenly.
     */
    public enum Congestion {
        /** CUBIC (RFC 9438). */
        CUBIC,
        /** BBR version 1, as the reference has it. */
        BBR
    }
}
