package org.aliasrpc.io;

import java.nio.ByteBuffer;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link NodeLoop} drives. All methods are called on the loop, with the time of the turn.
 *
 * <p>A turn is one batch of datagrams, one timer or some tasks of other threads; after it {@link #onTurnEnd} is called
 * once, then {@link #pollTransmit} until it has no more, then {@link #nextTimeout}. So what a turn causes leaves in one
 * system call, and acknowledgements of one batch merge.
 */
public interface Machine {
    /**
     * A datagram arrived.
     *
     * @param socket where
     * @param from who sent it
     * @param datagram of 1 to 2047 bytes, valid during the call only
     * @param nowNanos since the start of the loop
     */
    void onDatagram(SocketId socket, PeerAddress from, ByteBuffer datagram, long nowNanos);

    /**
     * The time that {@link #nextTimeout} gave has come.
     *
     * @param nowNanos since the start of the loop
     */
    void onTimeout(long nowNanos);

    /**
     * The turn is over: events can be handed out. May cause transmits.
     *
     * @param nowNanos since the start of the loop
     */
    void onTurnEnd(long nowNanos);

    /**
     * @param nowNanos since the start of the loop
     * @return the next datagram to send, or null if there is none now
     */
    @Nullable
    Transmit pollTransmit(long nowNanos);

    /** When {@link #onTimeout} is due, in nanoseconds since the start of the loop; {@link Long#MAX_VALUE}: never. */
    long nextTimeout();
}
