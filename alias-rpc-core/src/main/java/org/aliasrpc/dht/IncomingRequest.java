package org.aliasrpc.dht;

import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.jspecify.annotations.Nullable;

/**
 * A request of another node with a command of the layer above. Answer with {@link RpcNode#reply}, {@link RpcNode#error}
 * or {@link RpcNode#relay}, at once or later, or not at all. Unanswered requests are repeated by the sender with the same
 * bytes, so a handler sees duplicates (dht-rpc.md §12.2).
 *
 * @param tid the sender's number, which the answer repeats
 * @param from the sender; its id is null unless it is persistent
 * @param to our own address as the sender, or the node that relayed for it, states it; not verified
 * @param socket on which of our sockets it came in
 * @param token not null if the sender has proven that it receives at its IP address
 * @param command its number in the space of the layer above
 * @param target null if it gave none
 * @param value null is told apart from empty
 */
public record IncomingRequest(
        int tid,
        Peer from,
        PeerAddress to,
        SocketId socket,
        @Nullable Bytes token,
        long command,
        @Nullable NodeId target,
        @Nullable Bytes value) {}
