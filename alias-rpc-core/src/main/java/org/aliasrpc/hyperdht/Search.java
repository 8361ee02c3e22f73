package org.aliasrpc.hyperdht;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.aliasrpc.dht.NodeId;
import org.aliasrpc.dht.QueryOptions;
import org.aliasrpc.dht.Reply;
import org.aliasrpc.dht.RpcEvent;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * Finds the nodes by which a client tries its handshake: those known beforehand, one after the other, and beside them
 * those that a walk finds, two at a time. One known beforehand that the walk finds, too, need not wait until the others
 * were tried, as in the reference: of a server that restarted elsewhere the first is the old address, where nobody
 * answers for 4 s.
 *
 * <p>Source: docs/protocol/hyperdht.md §7.2.
 */
final class Search implements RpcOwner {
    /** Attempts at a time at nodes that the walk found; one more when nothing is left to try of those known before. */
    static final int PERMITS = 2;

    /** Nodes found that wait for their turn; the walk does not find so many unless somebody invents them. */
    static final int MAX_FOUND = 64;

    /** Repetitions of a request of the walk. */
    private static final int RETRIES = 3;

    private final NodeCore core;
    private final Connector connector;
    private final NodeId target;
    private final List<PeerAddress> candidates;
    private final long session;

    private final Queue<PeerAddress> chain;
    private final Queue<PeerAddress> found = new ArrayDeque<>();
    private final Set<PeerAddress> running = new HashSet<>();
    private @Nullable PeerAddress chained;
    private int attempts;
    private int walksLeft;
    private long walk;
    private boolean stopped;

    /**
     * @param candidates nodes known beforehand, possibly none
     */
    Search(NodeCore core, Connector connector, NodeId target, List<PeerAddress> candidates, long session) {
        this.core = core;
        this.connector = connector;
        this.target = target;
        this.candidates = candidates;
        this.session = session;
        this.chain = new ArrayDeque<>(candidates);
        this.walksLeft = candidates.isEmpty() ? 1 : 2;
    }

    void start() {
        nextWalk();
        proceed();
    }

    /** Nothing more is tried, and nothing reported. */
    void stop() {
        stopped = true;
        chain.clear();
        found.clear();
    }

    /** An attempt at a node has failed. */
    void onAttemptFailed(PeerAddress node) {
        if (node.equals(chained)) {
            chained = null;
        } else {
            running.remove(node);
        }
        proceed();
    }

    @Override
    public void onQueryReply(long query, Reply reply, long nowNanos) {
        if (stopped || query != walk || reply.value() == null) {
            return;
        }
        try {
            PeerRecord.CODEC.decode(reply.value());
        } catch (DecodeException e) {
            return;
        }
        PeerAddress node = reply.from().address();
        boolean firstOfTwo = walksLeft == 1 && !candidates.isEmpty();
        boolean tried = firstOfTwo && candidates.contains(node) && !chain.remove(node);
        if (found.size() < MAX_FOUND && !tried && !found.contains(node)) {
            found.add(node);
            proceed();
        }
    }

    @Override
    public void onQueryEnded(RpcEvent.QueryEnded ended, long nowNanos) {
        if (ended.query() == walk) {
            walk = 0;
            proceed();
        }
    }

    private void nextWalk() {
        walksLeft--;
        QueryOptions options = QueryOptions.of(target, Command.FIND_PEER, null)
                .withRetries(RETRIES)
                .withSession(session);
        walk = core.query(this, walksLeft == 1 ? options.withSeeds(candidates) : options); // the first of two
    }

    private void proceed() {
        if (stopped) {
            return;
        }
        boolean nobodyKnows = walk == 0 && walksLeft == 0 && attempts == 0;
        if (chained == null && !nobodyKnows) {
            chained = chain.poll();
            if (chained != null) {
                connector.attempt(chained);
            }
        }
        int permits = PERMITS + (chained == null && !candidates.isEmpty() ? 1 : 0);
        while (!stopped && running.size() < permits && !found.isEmpty()) {
            PeerAddress node = found.remove();
            if (!node.equals(chained) && running.add(node)) {
                attempts++;
                connector.attempt(node);
            }
        }
        if (stopped || walk != 0 || !running.isEmpty() || !found.isEmpty()) {
            return;
        }
        if (walksLeft > 0) {
            nextWalk();
        } else if (chained == null) {
            stop();
            connector.fail(attempts > 0 ? ConnectFailure.PEER_CONNECTION_FAILED : ConnectFailure.PEER_NOT_FOUND);
        }
    }
}
