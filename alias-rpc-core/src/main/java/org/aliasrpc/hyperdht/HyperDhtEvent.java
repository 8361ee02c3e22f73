package org.aliasrpc.hyperdht;

import java.util.List;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.dht.Peer;
import org.aliasrpc.dht.QueryFailure;
import org.aliasrpc.dht.RpcEvent;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/** What a {@link HyperDhtNode} tells its owner. */
public sealed interface HyperDhtEvent {
    /**
     * Something about the DHT node below: sockets to bind, names to resolve, readiness, changes of address. Requests
     * and queries of the layer below are not reported.
     *
     * @param event of the layer below
     */
    record Rpc(RpcEvent event) implements HyperDhtEvent {}

    /**
     * A listener has been through its first announce cycle, which may have reached nobody. Comes once. What the
     * reference calls "listening".
     *
     * @param listener whose
     */
    record Listening(Listener listener) implements HyperDhtEvent {}

    /**
     * The number of nodes that acknowledged the announce has changed. From the first such event with more than none on
     * clients find the listener.
     *
     * @param listener whose
     * @param nodes how many hold its record, 0 to 3
     */
    record Announced(Listener listener, int nodes) implements HyperDhtEvent {}

    /**
     * A listener has ended: its record was deleted as far as nodes answered in time. Comes once, last.
     *
     * @param listener whose
     */
    record ListenerClosed(Listener listener) implements HyperDhtEvent {}

    /**
     * A connection is open. The owner attaches what reads it now; no byte of it has been handed out yet.
     *
     * @param listener who accepted it; null for one made by {@link HyperDhtNode#connect}
     * @param connection to be polled when {@link HyperDhtNode#pollActive} names it
     */
    record ConnectionOpened(@Nullable Listener listener, Connection connection) implements HyperDhtEvent {}

    /**
     * A listener's filter answered {@link HandshakeFilter.Verdict#ASK}; to be answered by {@link
     * HyperDhtNode#onVerdict} within 10 s, or the client is turned away.
     *
     * @param listener for whom
     * @param handshake names it in the answer
     * @param remotePublicKey the client's key, which it has proven to own unless this is a replay
     * @param remotePayload what it says about itself
     * @param clientAddress where it is, as the node in between says
     */
    record VerdictRequested(
            Listener listener,
            long handshake,
            PublicKey remotePublicKey,
            NoisePayload remotePayload,
            PeerAddress clientAddress)
            implements HyperDhtEvent {}

    /**
     * Curve arithmetic to be run by a worker ({@link HyperDhtConfig.Builder#offloadHandshakes}).
     *
     * @param task to be run once, on any thread, and then given to {@link HyperDhtNode#onHandshakeDone}
     */
    record HandshakeWork(HandshakeTask task) implements HyperDhtEvent {}

    /**
     * The addresses of the interfaces were used and may have changed: to be answered by {@link HyperDhtNode#onLocalHosts}.
     * Comes every few seconds at most, and not again before it is answered.
     */
    record LocalHostsRequested() implements HyperDhtEvent {}

    /**
     * A node knows a peer.
     *
     * @param query what {@link HyperDhtNode#findPeer} returned
     * @param from the node, which forwards handshakes to the peer
     * @param peer what it stores; nobody has verified it
     */
    record PeerFound(long query, PeerAddress from, PeerRecord peer) implements HyperDhtEvent {}

    /**
     * A node has answered a lookup.
     *
     * @param query what {@link HyperDhtNode#lookup} or {@link HyperDhtNode#announce} returned
     * @param from the node
     * @param peers announced on the topic; nobody has verified them
     * @param bump milliseconds since 1970, the highest value that announcers gave; 0 when there is none
     */
    record LookupResult(long query, Peer from, List<PeerRecord> peers, long bump) implements HyperDhtEvent {
        public LookupResult {
            peers = List.copyOf(peers);
        }
    }

    /**
     * A query is over.
     *
     * @param query what started it returned
     * @param closestNodes the nodes nearest to the target that answered, nearest first
     * @param failure null if it succeeded
     */
    record QueryEnded(
            long query,
            List<PeerAddress> closestNodes,
            @Nullable QueryFailure failure) implements HyperDhtEvent {
        public QueryEnded {
            closestNodes = List.copyOf(closestNodes);
        }
    }

    /** The node is closed; the last event of all. */
    record Closed() implements HyperDhtEvent {}
}
