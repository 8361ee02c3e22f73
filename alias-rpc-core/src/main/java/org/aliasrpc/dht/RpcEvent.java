package org.aliasrpc.dht;

import java.util.List;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.jspecify.annotations.Nullable;

/** What a {@link RpcNode} tells its owner. Every request and every query ends with exactly one event. */
public sealed interface RpcEvent {
    /**
     * The owner should bind a socket and answer with {@link RpcNode#onSocketBound} or {@link RpcNode#onBindFailed}.
     *
     * @param socket the server or the client socket
     * @param ports to try in this order; 0 stands for any free port
     */
    record BindRequested(SocketId socket, List<Integer> ports) implements RpcEvent {}

    /** The owner should close a socket: the node is suspended or closed. */
    record UnbindRequested(SocketId socket) implements RpcEvent {}

    /**
     * The owner should look up a bootstrap node's name, IPv4 only, and answer with {@link RpcNode#onResolved}.
     *
     * @param name a host name
     */
    record ResolveRequested(String name) implements RpcEvent {}

    /** Both sockets are bound. */
    record Listening(int serverPort, int clientPort) implements RpcEvent {}

    /** The server socket cannot have its port; the node closes. */
    record StartFailed(SocketId socket) implements RpcEvent {}

    /** Bootstrapping is over, also if no node answered. */
    record Ready() implements RpcEvent {}

    /** The node is reachable and has an id now, so others may put it into their tables. */
    record Persistent(NodeId id) implements RpcEvent {}

    /** The node has lost its id, after it slept. */
    record Ephemeral() implements RpcEvent {}

    /**
     * What others say about our address has changed.
     *
     * @param address null if unknown; port 0 if they see different ports
     */
    record NatUpdate(@Nullable PeerAddress address) implements RpcEvent {}

    /** The machine slept, or the node was suspended. */
    record WokeUp() implements RpcEvent {}

    /** The node is suspended. */
    record Suspended() implements RpcEvent {}

    /** The node is resumed; its sockets may still be unbound. */
    record Resumed() implements RpcEvent {}

    /** The node is closed; the last event, unless a socket is bound too late: that has to be closed again. */
    record Closed() implements RpcEvent {}

    /** The health has changed, or the network interfaces have. */
    record NetworkUpdate(Health health) implements RpcEvent {}

    /** A node came into the routing table. */
    record NodeAdded(Peer node) implements RpcEvent {}

    /** A node left the routing table. */
    record NodeRemoved(Peer node) implements RpcEvent {}

    /** A request with a command of the layer above. */
    record RequestReceived(IncomingRequest request) implements RpcEvent {}

    /**
     * A request was answered.
     *
     * @param request what {@link RpcNode#request} returned
     */
    record Replied(long request, Reply reply) implements RpcEvent {}

    /**
     * A request ended without answer.
     *
     * @param request what {@link RpcNode#request} returned
     */
    record Failed(long request, RequestFailure failure) implements RpcEvent {}

    /**
     * A node answered the walk of a query, without error. Its id may be missing.
     *
     * @param query what {@link RpcNode#query} returned
     */
    record QueryReply(long query, Reply reply) implements RpcEvent {}

    /**
     * A node answered the commit of a query, maybe with an error.
     *
     * @param query what {@link RpcNode#query} returned
     */
    record CommitReply(long query, Reply reply) implements RpcEvent {}

    /**
     * A query is over.
     *
     * @param query what {@link RpcNode#query} returned
     * @param closestReplies the walk's replies of the nodes nearest to the target, nearest first, at most 20, all with id
     * @param failure null if it succeeded
     */
    record QueryEnded(
            long query,
            List<Reply> closestReplies,
            @Nullable QueryFailure failure) implements RpcEvent {
        public QueryEnded {
            closestReplies = List.copyOf(closestReplies);
        }

        /** The nodes nearest to the target, nearest first: seeds for a later query. */
        public List<PeerAddress> closestNodes() {
            return closestReplies.stream().map(reply -> reply.from().address()).toList();
        }
    }
}
