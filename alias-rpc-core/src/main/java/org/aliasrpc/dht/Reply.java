package org.aliasrpc.dht;

import java.util.List;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one of our requests. One with an error number is an answer too.
 *
 * @param tid the number that matched it to the request
 * @param rttNanos from making the request to the answer, so with time in the queue and repetitions
 * @param from who answered; need not be the node asked (relayed requests), so code that cares compares
 * @param to our own address as the answering node sees it
 * @param socket on which of our sockets it came in
 * @param token for a later request to the same node that must prove our address; null if it gave none
 * @param closerNodes nodes it knows near the target, roughly nearest first, empty if it gave none
 * @param error 0 for success; 1 to 15 belong to this layer ({@link RpcError}), the others to the layer above
 * @param value null is told apart from empty
 */
public record Reply(
        int tid,
        long rttNanos,
        Peer from,
        PeerAddress to,
        SocketId socket,
        @Nullable Bytes token,
        List<PeerAddress> closerNodes,
        long error,
        @Nullable Bytes value) {
    public Reply {
        closerNodes = List.copyOf(closerNodes);
    }

    /** Whether the node did what it was asked. */
    public boolean isSuccess() {
        return error == RpcError.NONE;
    }
}
