package org.aliasrpc.dht;

import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.aliasrpc.dht.PendingRequest.Ask;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that we know: learns them from what they send, and checks now and then that they live (dht-rpc.md §8).
 *
 * <p>Only nodes that spoke to us with a valid id get in, and those that the user gave.
 */
final class Neighbours {
    /** Checks for down hints at a time; further hints are answered and ignored. */
    static final int MAX_CHECKS = 10;

    /** Newcomers to full rows that wait for the test of an old node; further ones are refused. */
    static final int MAX_SWAPS = 3;

    /** Ticks within which a node counts as heard of lately: 1 minute. */
    static final long RECENT = 12;

    /** Ticks after which a node counts as known for long: 30 minutes. */
    static final long OLD = 360;

    private final NodeState state;
    private final Requests requests;
    private final Predicate<PeerAddress> filter;
    private final Queue<RpcEvent> events;
    private final RecencyList recency = new RecencyList();
    private RoutingTable table;
    private int checks;
    private int swaps;

    Neighbours(NodeState state, Requests requests, Predicate<PeerAddress> filter, Queue<RpcEvent> events) {
        this.state = state;
        this.requests = requests;
        this.filter = filter;
        this.events = events;
        this.table = new RoutingTable(state.tableId(), RoutingTable.K);
    }

    int size() {
        return table.size();
    }

    boolean accepts(PeerAddress address) {
        return filter.test(address);
    }

    boolean isSelf(NodeId id) {
        return id.equals(state.tableId());
    }

    List<Peer> closest(NodeId target, int limit) {
        return table.closest(target, limit);
    }

    List<TableNode> latest(int limit) {
        return recency.latest(limit);
    }

    @Nullable
    TableNode random(RandomGenerator random) {
        return table.random(random);
    }

    /**
     * A node spoke to us.
     *
     * @param from with a valid id
     * @param to what it says our address is
     * @param external whether it came in on another socket than the active one, which tells nothing about that one
     * @param samples takes statements about our address, at most one from each node in 30 minutes
     */
    void onHeard(Peer from, PeerAddress to, boolean external, Consumer<PeerAddress> samples, long nowNanos) {
        NodeId id = from.id();
        if (id == null) {
            return;
        }
        TableNode known = table.get(id);
        if (known == null) {
            TableNode node = new TableNode(id, from.address());
            if (insert(node, nowNanos)) {
                node.sampled = state.tick();
                samples.accept(to);
            }
            return;
        }
        if (!external && state.tick() - known.sampled >= OLD) {
            known.sampled = state.tick();
            samples.accept(to);
        }
        known.heard++;
        known.pinged = state.tick();
        recency.remove(known);
        recency.add(known);
    }

    /** Puts a node in unseen; one that is there already stays as it is, so that no twin comes in (§8.4, quirk). */
    void add(PeerAddress address, long nowNanos) {
        NodeId id = NodeId.of(address);
        if (table.get(id) == null) {
            insert(new TableNode(id, address), nowNanos);
        }
    }

    /** A request to a node ran out of tries. */
    void onSilent(NodeId id) {
        TableNode node = table.get(id);
        if (node != null) {
            remove(node);
        }
    }

    /** Another node says that one of ours is down: checks that, rather than believing it. */
    void onDownHint(PeerAddress address, long nowNanos) {
        if (checks >= MAX_CHECKS) {
            return;
        }
        TableNode node = table.get(NodeId.of(address));
        if (node != null && (node.pinged < state.tick() || node.downHints == 0)) {
            node.downHints++;
            check(node, nowNanos);
        }
    }

    /** Checks the nodes heard of longest ago. */
    void pingSome(long nowNanos) {
        TableNode node = recency.oldest();
        if (node == null) {
            return;
        }
        int count = state.tick() - node.pinged < RECENT ? 2 : requests.pending().size() > 2 ? 3 : 5;
        for (; count > 0 && node != null && node.pinged != state.tick(); count--) {
            TableNode next = node.newer;
            check(node, nowNanos);
            node = next;
        }
    }

    /** Takes another id for our own, and sorts the nodes anew; what does not fit any more leaves. */
    void recentre(NodeId own) {
        List<TableNode> latestFirst = recency.latest(recency.size());
        state.tableId(own);
        table = new RoutingTable(own, RoutingTable.K);
        for (int i = latestFirst.size() - 1; i >= 0; i--) {
            TableNode node = latestFirst.get(i);
            if (isSelf(node.id) || !table.add(node)) {
                recency.remove(node);
                events.add(new RpcEvent.NodeRemoved(node.peer()));
            }
        }
    }

    private boolean insert(TableNode node, long nowNanos) {
        if (isSelf(node.id)) {
            return false;
        }
        node.added = state.tick();
        node.pinged = state.tick();
        if (!table.add(node)) {
            onFullRow(node, nowNanos);
            return false;
        }
        recency.add(node);
        events.add(new RpcEvent.NodeAdded(node.peer()));
        return true;
    }

    private void remove(TableNode node) {
        if (table.get(node.id) == node) {
            table.remove(node.id);
            recency.remove(node);
            events.add(new RpcEvent.NodeRemoved(node.peer()));
        }
    }

    /** Long-lived nodes keep their place, which makes it hard to fill a table with new ones (§8.5). */
    private void onFullRow(TableNode newcomer, long nowNanos) {
        if (!state.bootstrapped() || swaps >= MAX_SWAPS) {
            return;
        }
        TableNode candidate = null;
        for (TableNode node : table.row(newcomer.id)) {
            boolean older = candidate == null
                    || node.pinged < candidate.pinged
                    || (node.pinged == candidate.pinged && node.added < candidate.added);
            if (node.pinged != state.tick() && older) {
                candidate = node;
            }
        }
        if (candidate == null || (state.tick() - candidate.pinged < RECENT && state.tick() - candidate.added > OLD)) {
            return;
        }
        if (ping(candidate, new Check(candidate, newcomer), nowNanos)) {
            swaps++;
        }
    }

    private void check(TableNode node, long nowNanos) {
        if (ping(node, new Check(node, null), nowNanos)) {
            checks++;
        }
    }

    private boolean ping(TableNode node, Check check, long nowNanos) {
        node.pinged = state.tick();
        Ask ask = Ask.internal(Peer.withoutId(node.address), InternalCommand.PING, null, null, RequestOptions.DEFAULT);
        return requests.send(ask, check, nowNanos) != null;
    }

    /**
     * A ping whose outcome decides whether a node stays. The node has to speak under its id: one that answers without
     * has become ephemeral. The reference looks at the tick of the last word instead, and so drops a node that it hears
     * twice within one tick (§8.6, quirk).
     */
    private final class Check implements RequestOwner {
        private final TableNode node;
        private final @Nullable TableNode newcomer;
        private final long heardBefore;

        Check(TableNode node, @Nullable TableNode newcomer) {
            this.node = node;
            this.newcomer = newcomer;
            this.heardBefore = node.heard;
        }

        @Override
        public void onReply(Reply reply, long nowNanos) {
            end();
            if (node.heard == heardBefore) {
                replace(nowNanos);
            }
        }

        @Override
        public void onFailure(RequestFailure failure, long nowNanos) {
            end();
            // Suspending the node says nothing about others; the reference drops those that it was checking.
            if (failure == RequestFailure.TIMED_OUT) {
                replace(nowNanos);
            }
        }

        private void end() {
            if (newcomer == null) {
                checks--;
            } else {
                swaps--;
            }
        }

        private void replace(long nowNanos) {
            remove(node);
            if (newcomer != null && table.get(newcomer.id) == null) {
                insert(newcomer, nowNanos);
            }
        }
    }
}
