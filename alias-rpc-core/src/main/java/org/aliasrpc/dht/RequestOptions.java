package org.aliasrpc.dht;

import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.jspecify.annotations.Nullable;

/**
 * How to send one request. Start from {@link #DEFAULT} and change what differs.
 *
 * @param socket from where; null means the socket that is active when the request is made (dht-rpc.md §3.2). Any other
 *     than the server socket leaves our id out
 * @param retries how often to repeat an unanswered datagram; 0 sends it once
 * @param ttl IP time to live of its datagrams, 0 for the socket's own
 * @param session the group to cancel it with ({@link RpcNode#openSession}), 0 for none
 */
public record RequestOptions(@Nullable SocketId socket, int retries, int ttl, long session) {
    /** Three repetitions from the active socket (dht-rpc.md §7.3). */
    public static final RequestOptions DEFAULT = new RequestOptions(null, 3, Transmit.DEFAULT_TTL, 0);

    /** A single datagram from the active socket. */
    public static final RequestOptions ONCE = DEFAULT.withRetries(0);

    public RequestOptions {
        if (retries < 0) {
            throw new IllegalArgumentException("negative number of retries");
        }
    }

    /** The same from another socket. */
    public RequestOptions withSocket(@Nullable SocketId otherSocket) {
        return new RequestOptions(otherSocket, retries, ttl, session);
    }

    /** The same with another number of repetitions. */
    public RequestOptions withRetries(int otherRetries) {
        return new RequestOptions(socket, otherRetries, ttl, session);
    }

    /** The same with another time to live. */
    public RequestOptions withTtl(int otherTtl) {
        return new RequestOptions(socket, retries, otherTtl, session);
    }

    /** The same in another session. */
    public RequestOptions withSession(long otherSession) {
        return new RequestOptions(socket, retries, ttl, otherSession);
    }
}
