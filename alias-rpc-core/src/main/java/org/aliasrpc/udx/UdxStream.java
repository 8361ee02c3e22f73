package org.aliasrpc.udx;

import java.nio.ByteBuffer;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.jspecify.annotations.Nullable;

/**
 * One reliable, ordered, congestion controlled byte stream with unordered messages beside it.
 *
 * <p>Made by {@link UdxEndpoint#createStream}; can be sent to from then on, and sends once connected. Calls only queue
 * work, which {@link UdxEndpoint#pollTransmit} turns into datagrams.
 */
public final class UdxStream {
    private final StreamCore core;
    private @Nullable Object attachment;

    UdxStream(StreamCore core) {
        this.core = core;
    }

    /** The id by which the peer addresses this stream, 32 bit unsigned in an int. */
    public int localId() {
        return core.localId;
    }

    /** The peer's id; 0 before connect. */
    public int remoteId() {
        Path path = core.path();
        return path == null ? 0 : path.remoteId();
    }

    /** Where the stream sends to; null before connect. */
    public @Nullable PeerAddress remoteAddress() {
        Path path = core.path();
        return path == null ? null : path.address();
    }

    /** The socket the stream sends from; null before connect. */
    public @Nullable SocketId socket() {
        Path path = core.path();
        return path == null ? null : path.socket();
    }

    /** Whether remote id, address and socket are known. */
    public boolean isConnected() {
        return core.path() != null;
    }

    /** Whether the stream is closed: its id is free, and nothing is sent or received any more. */
    public boolean isClosed() {
        return core.isClosed();
    }

    /** What the owner attached with {@link #attach}. */
    public @Nullable Object attachment() {
        return attachment;
    }

    /** Keeps an object of the owner's with the stream, to find it again after {@link UdxEndpoint#pollActive}. */
    public void attach(@Nullable Object object) {
        attachment = object;
    }

    /**
     * Sets where to send. Local only: nothing tells the peer.
     *
     * @param viaSocket the socket to send from
     * @param remoteStreamId the peer's id for the stream
     * @param remote the peer's address
     * @throws IllegalStateException if the stream is connected or closed already
     * @throws IllegalArgumentException if the port is 0
     */
    public void connect(SocketId viaSocket, int remoteStreamId, PeerAddress remote) {
        if (core.path() != null || core.isClosed()) {
            throw new IllegalStateException("the stream is connected or closed already");
        }
        core.connect(new Path(viaSocket, remoteStreamId, remote));
    }

    /** Accepts packets also from this source without asking the firewall; at most 16, the oldest is forgotten. */
    public void expect(PeerAddress source) {
        core.expect(source);
    }

    /**
     * Queues bytes to send; before {@link #connect} they wait for it. After the stream closed they are dropped.
     *
     * @param bytes from position to limit; taken over without a copy, so the caller must not change them any more
     * @return false if the high-water mark is passed: the caller should wait for {@link UdxEvent.Drained}
     * @throws IllegalStateException after {@link #end}
     */
    public boolean write(ByteBuffer bytes) {
        if (core.sender.isEnding()) {
            throw new IllegalStateException("write after end");
        }
        return core.write(bytes);
    }

    /** Bytes written that the peer has not acknowledged. */
    public long bufferedBytes() {
        return core.sender.bufferedBytes();
    }

    /** The number of the oldest packet that the peer has not acknowledged, or of the next one. */
    public int oldestUnacknowledged() {
        return core.sender.oldestOpenSeq();
    }

    /**
     * Whether {@link #bufferedBytes} is below the high-water mark: 256 KiB plus one window (udx.md §21.1). If not, {@link
     * UdxEvent.Drained} follows when it is.
     */
    public boolean isWritable() {
        return core.isWritable();
    }

    /** Ends this direction behind all queued bytes. The peer may go on sending. */
    public void end() {
        core.end();
    }

    /**
     * Drops everything queued, tells a connected peer once and closes at once; {@link UdxEvent.Closed} follows what was
     * received before.
     */
    public void destroy() {
        core.close(UdxEvent.CloseReason.DESTROYED);
    }

    /**
     * Queues one unordered message, sent at most once and never repeated.
     *
     * @param bytes taken over without a copy
     * @return false if it was dropped: too long for the path (see {@link #maxMessageLength}), too many are waiting, or
     *     the stream is closed or not connected
     */
    public boolean sendMessage(ByteBuffer bytes) {
        return core.sendMessage(bytes);
    }

    /** The longest message, in bytes, at the MTU known now. */
    public int maxMessageLength() {
        return core.sender.mss();
    }

    /**
     * Opens the receive window again for bytes of {@link UdxEvent.Data} that the owner is done with.
     *
     * @param bytes how many
     * @throws IllegalArgumentException if more than were handed out
     */
    public void consumed(int bytes) {
        core.consumed(bytes);
    }

    /**
     * Moves a connected stream to another address, id or socket (udx.md §18). {@link UdxEvent.RemoteChanged} tells when
     * nothing sent to the old address is open any more. The old address stays {@linkplain #expect expected}.
     *
     * @return false if the stream is not connected or an earlier change is not complete
     * @throws IllegalArgumentException if the port is 0
     */
    public boolean changeRemote(SocketId viaSocket, int remoteStreamId, PeerAddress remote) {
        return core.changeRemote(new Path(viaSocket, remoteStreamId, remote));
    }

    /**
     * From now on packets for this stream are forwarded to the remote of another stream of the same endpoint, unseen
     * (udx.md §19). Nothing is written to or read from a relaying stream; both are relayed to each other for a two-way
     * relay, and their owner closes them.
     */
    public void relayTo(UdxStream other) {
        core.relayTo(other.core);
    }

    /**
     * Sends a heartbeat at this interval while nothing is unacknowledged.
     *
     * @param nanos the interval; 0 stops
     */
    public void setKeepAlive(long nanos) {
        if (nanos < 0) {
            throw new IllegalArgumentException("a keepalive interval of " + nanos + " ns");
        }
        core.setKeepAlive(nanos);
    }

    /** The smoothed round trip time in nanoseconds; 0 before the first sample. */
    public long smoothedRttNanos() {
        return core.sender.rtt.smoothed();
    }

    /** The next event, or null. */
    public @Nullable UdxEvent pollEvent() {
        return core.pollEvent();
    }

    /** The largest IP packet the stream sends, in bytes. */
    public int mtu() {
        return core.sender.mtu();
    }
}
