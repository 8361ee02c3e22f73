package org.aliasrpc.net;

import java.nio.ByteBuffer;

/**
 * A datagram to send.
 *
 * @param socket from which socket
 * @param to the destination
 * @param ttl IP time to live for this datagram alone, 1 to 255; 0 means the socket's own
 * @param payload the datagram, from position to limit; belongs to whoever polled the transmit
 */
public record Transmit(SocketId socket, PeerAddress to, int ttl, ByteBuffer payload) {
    /** The socket's own time to live. */
    public static final int DEFAULT_TTL = 0;

    public Transmit {
        if (ttl < 0 || ttl > 255) {
            throw new IllegalArgumentException("TTL " + ttl + " outside 0..255");
        }
    }

    /** A datagram with the socket's own time to live. */
    public Transmit(SocketId socket, PeerAddress to, ByteBuffer payload) {
        this(socket, to, DEFAULT_TTL, payload);
    }
}
