package org.aliasrpc.sim;

import java.nio.ByteBuffer;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.jspecify.annotations.Nullable;

/** What lives on a {@link SimNetwork}: a machine, or a test's wrapper around one. */
public interface SimNode {
    /**
     * A datagram arrived.
     *
     * @param datagram the node's own copy
     */
    void onDatagram(SocketId socket, PeerAddress from, ByteBuffer datagram, long nowNanos);

    /** The next datagram to send, or null. */
    @Nullable
    Transmit pollTransmit(long nowNanos);

    /** When {@link #onTimeout} is wanted; {@link Long#MAX_VALUE} for never. */
    long nextTimeout();

    /** The time asked for has come. */
    void onTimeout(long nowNanos);

    /** End of a turn, before transmits are polled: takes events and reacts to them. */
    default void onTurn(long nowNanos) {}
}
