package org.aliasrpc.udx;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one node, over any number of sockets.
 *
 * <p>A turn of its owner: hand in every datagram that is there with {@link #onDatagram}, or {@link #onTimeout}; then
 * {@link #pollActive} until null, taking all events of each stream; then {@link #pollTransmit} until null; then arm the
 * timer for {@link #nextTimeout}. Acknowledgements of one turn are merged, so transmits should be polled once all
 * waiting datagrams are in, and at most 1 ms later. Calls on a stream (write, end, connect, …) only queue: they too are
 * followed by {@link #pollTransmit} and {@link #nextTimeout}. Confined to one thread.
 */
public final class UdxEndpoint {
    /** Datagrams shorter than this are not UDX (udx.md §2). */
    public static final int HEADER_LENGTH = 20;

    private final UdxConfig config;
    private final RandomGenerator random;

    /**
     * @param config settings
     * @param random source of stream ids; use a secure one, ids are all that keeps strangers out (udx.md §23)
     */
    public UdxEndpoint(UdxConfig config, RandomGenerator random) {
        this.config = config;
        this.random = random;
    }

    /** Whether the datagram starts as UDX packets do, so that other layers ignore it (udx.md §3.3). */
    public static boolean looksLikeUdx(ByteBuffer datagram) {
        int at = datagram.position();
        return datagram.remaining() >= HEADER_LENGTH && datagram.get(at) == (byte) 0xff && datagram.get(at + 1) == 1;
    }

    /**
     * Creates a stream that can receive, with a random id no other stream has.
     *
     * @param firewall asked for packets that come by an unknown way
     * @throws IllegalStateException if there are {@link UdxConfig#maxStreams} already
     */
    public UdxStream createStream(Firewall firewall) {
        return new UdxStream(random.nextInt(), firewall);
    }

    /**
     * Creates a stream with a chosen id, for tests and fixed protocols.
     *
     * @param localId 32 bit unsigned in an int
     * @throws IllegalArgumentException if the id is in use
     * @throws IllegalStateException if there are {@link UdxConfig#maxStreams} already
     */
    public UdxStream createStream(int localId, Firewall firewall) {
        return new UdxStream(localId, firewall);
    }

    /**
     * Takes a received datagram.
     *
     * @param socket on which it came
     * @param from its source
     * @param datagram from position to limit; not kept and not changed, its position stays
     * @return false if it is not for a stream of this endpoint: another protocol's, or a stray UDX packet
     */
    public boolean onDatagram(SocketId socket, PeerAddress from, ByteBuffer datagram, long nowNanos) {
        return false;
    }

    /**
     * The next datagram to send, or null when all that may be sent now has been polled. Datagrams of one stream come
     * in runs of equal length.
     */
    public @Nullable Transmit pollTransmit(long nowNanos) {
        return null;
    }

    /**
     * The next stream with events, or null. The caller takes all of them with {@link UdxStream#pollEvent}: the stream is
     * not named again before something new happens to it.
     */
    public @Nullable UdxStream pollActive() {
        return null;
    }

    /** When {@link #onTimeout} has to be called next; {@link Long#MAX_VALUE} if nothing waits. */
    public long nextTimeout() {
        return Long.MAX_VALUE;
    }

    /** Does what is due. */
    public void onTimeout(long nowNanos) {}

    /** Streams that are not closed. */
    public int streamCount() {
        return config.maxStreams() > 0 ? 0 : 1;
    }
}
