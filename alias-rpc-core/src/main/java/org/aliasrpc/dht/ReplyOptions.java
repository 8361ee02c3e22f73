package org.aliasrpc.dht;

import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.jspecify.annotations.Nullable;

/**
 * What an answer carries and where it goes. Start from one of the constants.
 *
 * @param token whether to give a token, valid for the host the answer is sent to
 * @param closerNodes whether to give the nodes nearest to the request's target
 * @param to the destination; null means the sender of the request. Whoever sets it has to know that the address asked:
 *     else we can be used to flood it
 * @param socket from where; null means the socket the request came in on
 */
public record ReplyOptions(
        boolean token,
        boolean closerNodes,
        @Nullable PeerAddress to,
        @Nullable SocketId socket) {
    /** Token and closer nodes, the default of a reply (dht-rpc.md §12.2). */
    public static final ReplyOptions FULL = new ReplyOptions(true, true, null, null);

    /** Closer nodes alone, the default of an error. */
    public static final ReplyOptions CLOSER_NODES = new ReplyOptions(false, true, null, null);

    /** Neither. */
    public static final ReplyOptions BARE = new ReplyOptions(false, false, null, null);

    /** The same to another address. */
    public ReplyOptions withTo(@Nullable PeerAddress otherTo) {
        return new ReplyOptions(token, closerNodes, otherTo, socket);
    }

    /** The same from another socket. */
    public ReplyOptions withSocket(@Nullable SocketId otherSocket) {
        return new ReplyOptions(token, closerNodes, to, otherSocket);
    }
}
