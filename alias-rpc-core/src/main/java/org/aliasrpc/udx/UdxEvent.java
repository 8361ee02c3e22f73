package org.aliasrpc.udx;

import java.nio.ByteBuffer;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;

/** What happened to a {@link UdxStream}; taken with {@link UdxStream#pollEvent}. */
public sealed interface UdxEvent {
    /**
     * Bytes of the stream, in order.
     *
     * @param bytes from position to limit, backed by an accessible array; they belong to whoever polled the event and
     *     may be changed in place. They count against the receive window until {@link UdxStream#consumed} is told
     */
    record Data(ByteBuffer bytes) implements UdxEvent {}

    /**
     * An unordered message. It may have been lost, repeated or overtaken on the way.
     *
     * @param bytes the whole message, from position to limit; belongs to whoever polled the event
     */
    record Message(ByteBuffer bytes) implements UdxEvent {}

    /** The remote side has ended its direction; every byte before has been handed out. Comes once. */
    record RemoteEnded() implements UdxEvent {}

    /** After a {@link UdxStream#write} that answered false: there is room again. */
    record Drained() implements UdxEvent {}

    /**
     * The {@link Firewall} connected the stream.
     *
     * @param socket the socket it sends from
     * @param remote where it sends to
     */
    record Connected(SocketId socket, PeerAddress remote) implements UdxEvent {}

    /** The change begun by {@link UdxStream#changeRemote} is complete: nothing sent to the old address is open. */
    record RemoteChanged() implements UdxEvent {}

    /**
     * The last event of a stream.
     *
     * @param reason why it closed
     */
    record Closed(CloseReason reason) implements UdxEvent {}

    /** Why a stream closed (udx.md §13). */
    enum CloseReason {
        /** Both directions ended and are acknowledged. */
        ENDED,
        /** {@link UdxStream#destroy} was called here. */
        DESTROYED,
        /** The peer destroyed the stream (ECONNRESET). */
        RESET,
        /** The peer acknowledged nothing through seven retransmission timeouts in a row (ETIMEDOUT). */
        TIMED_OUT
    }
}
