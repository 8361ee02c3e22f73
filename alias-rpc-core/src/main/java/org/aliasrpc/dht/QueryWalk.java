package org.aliasrpc.dht;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * The walk of a query: whom to ask next, until the nodes nearest to the target have answered (dht-rpc.md §10).
 *
 * <p>Hands out {@link Visit}s and {@link Hint}s; knows nothing of datagrams and timers. After {@link #onReply},
 * {@link #onFailure} or {@link #onSlow} comes {@link #advance}.
 */
final class QueryWalk {
    /** Nodes remembered in one walk; those told beyond are ignored, so that it ends whatever others make up. */
    static final int MAX_SEEN = 4096;

    /** Nodes remembered that told of one node, to tell them if it is down. */
    static final int MAX_REFERRERS = 32;

    /** Closer nodes read from one answer; an honest one has no more. */
    static final int MAX_CLOSER_NODES = RoutingTable.K;

    private static final int SLOW_START_CONCURRENCY = 3;

    /** What the walk knows of the node it runs on. */
    interface Surroundings {
        /** The nearest nodes of the routing table. */
        List<Peer> closest(NodeId target, int limit);

        /** Whether a node told by others may be asked: not ourselves, and not filtered. */
        boolean accepts(Peer node);
    }

    private final NodeId target;
    private final Surroundings surroundings;
    private final Map<PeerAddress, Seen> seen = new HashMap<>();
    private final List<Peer> stack = new ArrayList<>(); // the last one is asked first
    private final List<Reply> closest = new ArrayList<>();
    private final Queue<Visit> visits = new ArrayDeque<>();
    private final Queue<Hint> hints = new ArrayDeque<>();
    private int concurrency;
    private int inflight;
    private int slow;
    private int successes;
    private int errors;
    private boolean onlySeeds;
    private boolean fromTable;
    private boolean slowStart;
    private boolean finished;

    QueryWalk(NodeId target, int concurrency, Surroundings surroundings) {
        this.target = target;
        this.concurrency = concurrency;
        this.surroundings = surroundings;
    }

    // ---- start

    /**
     * Nodes to begin with, the first to be asked first.
     *
     * @param only whether no other node will be asked
     */
    void seed(List<Peer> nodes, boolean only) {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            add(nodes.get(i), null);
        }
        onlySeeds = only;
    }

    /** Adds the nearest nodes of the table if there are too few seeds. */
    void seedFromTable() {
        if (stack.size() < RoutingTable.K) {
            fromTable = true;
            for (Peer node : surroundings.closest(target, RoutingTable.K - stack.size())) {
                add(node, null);
            }
        }
    }

    /** Whether the bootstrap nodes should be added before the first {@link #advance}. */
    boolean needsBootstrap() {
        return stack.size() < RoutingTable.K && !onlySeeds;
    }

    /** Adds nodes to be asked before all others. */
    void seedLast(List<Peer> nodes) {
        nodes.forEach(node -> add(node, null));
    }

    void concurrency(int value) {
        concurrency = value;
    }

    // ---- outcome

    /** The next node to ask, null if there is none now. */
    @Nullable
    Visit pollVisit() {
        return visits.poll();
    }

    /** The next hint to send, null if there is none now. */
    @Nullable
    Hint pollHint() {
        return hints.poll();
    }

    /** Whether there is nobody left to ask; requests to slow nodes may still be outstanding. */
    boolean isFinished() {
        return finished;
    }

    /** The answers from the nodes nearest to the target, nearest first. */
    List<Reply> closestReplies() {
        return Collections.unmodifiableList(closest);
    }

    int successes() {
        return successes;
    }

    int errors() {
        return errors;
    }

    // ---- events

    void onReply(Visit visit, Reply reply) {
        leave(visit);
        mark(visit).state = Seen.State.ANSWERED;
        if (finished) {
            return;
        }
        if (reply.isSuccess()) {
            successes++;
            NodeId id = reply.from().id();
            if (id != null && isCloser(id)) {
                insertClosest(reply, id);
            }
        } else {
            errors++;
        }
        int count = Math.min(reply.closerNodes().size(), MAX_CLOSER_NODES);
        for (PeerAddress address : reply.closerNodes().subList(0, count)) {
            if (address.port() == 0) {
                continue; // cannot be asked
            }
            Seen known = seen.get(address);
            Peer node = known == null ? Peer.at(address) : known.node; // a hash costs more than a look-up
            // The list goes from near to far: after the first that is no improvement there is none.
            if (surroundings.accepts(node) && !add(node, reply.from())) {
                break;
            }
        }
        if (!fromTable && successes + errors >= concurrency) {
            slowStart = false;
        }
    }

    /**
     * @param timedOut whether the node stayed silent; else the request could not be made or was called off
     */
    void onFailure(Visit visit, boolean timedOut) {
        Seen node = mark(visit);
        if (timedOut) {
            node.state = Seen.State.DOWN;
            for (Peer referrer : node.referrers) {
                hints.add(new Hint(referrer, visit.node.address()));
            }
        }
        leave(visit);
        errors++;
    }

    /** A node has not answered a transmission: another may be asked in its place. */
    void onSlow(Visit visit) {
        if (!visit.slow) {
            visit.slow = true;
            slow++;
        }
    }

    /** Goes on. */
    void advance() {
        while (!finished) {
            int limit = (slowStart ? SLOW_START_CONCURRENCY : concurrency) + slow;
            while (inflight < limit && !stack.isEmpty()) {
                Peer next = stack.remove(stack.size() - 1);
                if (next.id() == null || isCloser(next.id())) {
                    inflight++;
                    visits.add(new Visit(next));
                }
            }
            if (!fromTable && successes == 0 && errors == 0) {
                slowStart = true; // gives the nearest of the given nodes time to answer before many are asked
            }
            boolean onlySlowOnesLeft = slow == inflight && closest.size() >= RoutingTable.K;
            if (!stack.isEmpty() || (inflight > 0 && !onlySlowOnesLeft)) {
                return;
            }
            if (!fromTable && successes < RoutingTable.K / 4) {
                seedFromTable(); // most of the given nodes are gone
            } else {
                finished = true;
            }
        }
    }

    /** Whether asking a node could improve the result. */
    private boolean isCloser(NodeId id) {
        if (closest.size() < RoutingTable.K) {
            return true;
        }
        NodeId last = closest.get(closest.size() - 1).from().id();
        return last == null || target.compareDistance(id, last) < 0;
    }

    private boolean add(Peer node, @Nullable Peer referrer) {
        if (onlySeeds) {
            return false;
        }
        boolean closer = node.id() == null || isCloser(node.id());
        Seen known = seen.get(node.address());
        if (known == null) {
            if (!closer || seen.size() >= MAX_SEEN) {
                return false;
            }
            known = new Seen(node);
            seen.put(node.address(), known);
            stack.add(node);
        } else if (known.state == Seen.State.DOWN && referrer != null) {
            hints.add(new Hint(referrer, node.address()));
        }
        if (known.state == Seen.State.UNKNOWN && referrer != null && known.referrers.size() < MAX_REFERRERS) {
            known.referrers.add(referrer);
        }
        return closer;
    }

    private void insertClosest(Reply reply, NodeId id) {
        int place = closest.size();
        while (place > 0) {
            NodeId other = closest.get(place - 1).from().id();
            int order = other == null ? -1 : target.compareDistance(other, id);
            if (order == 0) {
                return; // the first answer of a node counts
            }
            if (order < 0) {
                break;
            }
            place--;
        }
        closest.add(place, reply);
        if (closest.size() > RoutingTable.K) {
            closest.remove(closest.size() - 1);
        }
    }

    private void leave(Visit visit) {
        if (visit.slow) {
            slow--;
        }
        inflight--;
    }

    private Seen mark(Visit visit) {
        return seen.computeIfAbsent(visit.node.address(), address -> new Seen(visit.node));
    }

    /** A node to ask. */
    static final class Visit {
        private final Peer node;
        private boolean slow;

        private Visit(Peer node) {
            this.node = node;
        }

        Peer node() {
            return node;
        }
    }

    /**
     * A node to tell that another one is down.
     *
     * @param to who told us of it
     * @param about the silent node
     */
    record Hint(Peer to, PeerAddress about) {}

    private static final class Seen {
        private enum State {
            UNKNOWN,
            ANSWERED,
            DOWN
        }

        private final Peer node;
        private State state = State.UNKNOWN;
        private final List<Peer> referrers = new ArrayList<>(1);

        Seen(Peer node) {
            this.node = node;
        }
    }
}
