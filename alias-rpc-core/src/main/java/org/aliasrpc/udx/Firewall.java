package org.aliasrpc.udx;

import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;

/**
 * Decides about packets that reach a stream by an unknown way: while the stream is not connected, on another socket than
 * its own, or from another source than its remote address and those named by {@link UdxStream#expect}.
 *
 * <p>Asked for each such packet, inside {@link UdxEndpoint#onDatagram}; it decides at once and calls nothing back
 * (udx.md §17, §23).
 */
@FunctionalInterface
public interface Firewall {
    /** Lets nothing in: what a stream has unless told otherwise. */
    Firewall REFUSE_ALL = (stream, socket, from) -> Decision.REFUSE;

    /** Lets everything in. */
    Firewall ACCEPT_ALL = (stream, socket, from) -> Decision.ACCEPT;

    /**
     * @param stream for which the packet is
     * @param socket on which it came
     * @param from its source; the port is never 0
     */
    Decision decide(UdxStream stream, SocketId socket, PeerAddress from);

    /** What to do with a packet. */
    sealed interface Decision {
        /** Drops the packet without an answer; the peer will send it again. */
        Decision REFUSE = new Refuse();

        /**
         * Takes the packet. An unconnected stream stays so: its data is delivered, the acknowledgement waits for
         * {@link UdxStream#connect}.
         */
        Decision ACCEPT = new Accept();

        /** See {@link #REFUSE}. */
        record Refuse() implements Decision {}

        /** See {@link #ACCEPT}. */
        record Accept() implements Decision {}

        /**
         * Connects the stream, if it is not connected yet, and takes the packet; the owner learns of it by
         * {@link UdxEvent.Connected}.
         *
         * @param socket the socket to send from
         * @param remoteId the peer's id for the stream, 32 bit unsigned in an int
         * @param remote where to send
         */
        record Connect(SocketId socket, int remoteId, PeerAddress remote) implements Decision {}
    }
}
