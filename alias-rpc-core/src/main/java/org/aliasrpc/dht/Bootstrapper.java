package org.aliasrpc.dht;

import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Joins the network: walks towards ourselves, looks whether we can be reached, and walks once more if that has moved our
 * place (dht-rpc.md §9.2).
 */
final class Bootstrapper {
    private static final int MAX_WALKS = 2;

    private final NodeState state;
    private final RpcConfig config;
    private final Queries queries;
    private final Reachability reachability;
    private final Queue<RpcEvent> events;
    private @Nullable Attempt attempt;

    Bootstrapper(
            NodeState state, RpcConfig config, Queries queries, Reachability reachability, Queue<RpcEvent> events) {
        this.state = state;
        this.config = config;
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
            state.bootstrapped(true);
            events.add(new RpcEvent.Ready());
        }

        private final class QuickProbe implements RequestOwner {
            @Override
            public void onReply(Reply reply, long nowNanos) {
                probeAnswered = true;
            }

            @Override
            public void onFailure(RequestFailure failure, long nowNanos) {}
        }
    }
}
