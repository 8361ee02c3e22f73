package org.aliasrpc.net;

/**
 * The name of a UDP socket of one node. State machines know sockets by name only; the I/O layer binds and closes them.
 *
 * @param number 0 the server socket, 1 the client socket (dht-rpc.md §3.2), above: sockets for hole punching
 */
public record SocketId(int number) {
    /** The socket with the stable port, whose address others should know. */
    public static final SocketId SERVER = new SocketId(0);

    /** The socket with a random port, from which a firewalled node asks. */
    public static final SocketId CLIENT = new SocketId(1);

    public SocketId {
        if (number < 0) {
            throw new IllegalArgumentException("negative socket number " + number);
        }
    }
}
