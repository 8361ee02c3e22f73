package org.aliasrpc.dht;

import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Joins the network: walks towards ourselves, looks whether we can be reached, and walks once more if that has moved our
 * place (dht-rpc.md §9.2).
 *
 * <p>Unlike the reference, a node that found nobody joins as soon as it knows somebody, and a first probe whose answer
 * comes after the walk still counts: else both would take themselves for unreachable for 20 minutes or for ever.
 */
final class Bootstrapper {
    private static final int MAX_WALKS = 2;

    private final NodeState state;
    private final RpcConfig config;
    private final Neighbours neighbours;
    private final Queries queries;
    private final Reachability reachability;
    private final Queue<RpcEvent> events;
    private @Nullable Attempt attempt;
    private boolean alone;

    Bootstrapper(
            NodeState state,
            RpcConfig config,
            Neighbours neighbours,
            Queries queries,
            Reachability reachability,
            Queue<RpcEvent> events) {
        this.state = state;
        this.config = config;
        this.neighbours = neighbours;
        this.queries = queries;
        this.reachability = reachability;
        this.events = events;
    }

    /** The sockets are bound, for the first time, or again after a suspension that may have cut the first attempt off. */
    void onBound(long nowNanos) {
        if (!state.bootstrapped() && attempt == null) {
            attempt = new Attempt();
            attempt.walk(nowNanos);
        }
    }

    /** Joins late, if the network came up late. */
    void onTimeout(long nowNanos) {
        if (alone && attempt == null && state.bootstrapped() && neighbours.size() > 0) {
            alone = false;
            attempt = new Attempt();
            attempt.walk(nowNanos);
        }
    }

    /** The node is suspended or closed. What was begun is not continued, but begun anew. */
    void abort() {
        attempt = null;
    }

    private boolean isForced() {
        return config.mode() == RpcConfig.Mode.PERSISTENT;
    }

    private final class Attempt implements QueryOwner {
        private boolean probed = !(state.firewalled() && config.quickFirewall() && !isForced());
        private boolean probeAnswered;
        private boolean finished;
        private int walks;

        void walk(long nowNanos) {
            walks++;
            queries.inBackground(state.tableId(), this, nowNanos);
        }

        @Override
        public void onReply(Reply reply, long nowNanos) {
            if (!probed) {
                // If the very first node can reach our server socket, a full test is worth while already now.
                probed = true;
                FirewallTest.probeOnce(reply.from().address(), state, queries.requests(), new QuickProbe(), nowNanos);
            }
        }

        @Override
        public void onEnd(List<Reply> closest, @Nullable QueryFailure failure, long nowNanos) {
            if (attempt != this) {
                return;
            }
            if (probeAnswered || isForced()) {
                reachability.update(!isForced(), this::onUpdated, nowNanos);
            } else {
                finish();
            }
        }

        private void onUpdated(boolean changed, long nowNanos) {
            if (attempt != this) {
                return;
            }
            if (changed && walks < MAX_WALKS) {
                walk(nowNanos);
            } else {
                finish();
            }
        }

        private void finish() {
            attempt = null;
            finished = true;
            if (!state.bootstrapped()) {
                alone = neighbours.size() == 0 && !config.bootstrap().isEmpty();
                state.bootstrapped(true);
                events.add(new RpcEvent.Ready());
            }
        }

        private final class QuickProbe implements RequestOwner {
            @Override
            public void onReply(Reply reply, long nowNanos) {
                probeAnswered = true;
                if (finished && attempt == null && !state.suspended() && !state.closed()) {
                    attempt = Attempt.this; // the walk was quicker
                    reachability.update(!isForced(), Attempt.this::onUpdated, nowNanos);
                }
            }

            @Override
            public void onFailure(RequestFailure failure, long nowNanos) {}
        }
    }
}
