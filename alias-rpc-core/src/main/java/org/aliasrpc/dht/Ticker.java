package org.aliasrpc.dht;

import java.util.Queue;
import java.util.concurrent.TimeUnit;

/** What a node does every 5 s: checks some nodes, freshens its table, judges the network (dht-rpc.md §8.2). */
final class Ticker {
    static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long SLEEP_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final int PING_SOME_TICKS = 8;
    private static final int REFILL_TICKS = 64;

    private final NodeState state;
    private final Neighbours neighbours;
    private final Queries queries;
    private final Reachability reachability;
    private final Queue<RpcEvent> events;
    private final HealthMonitor health = new HealthMonitor();
    private long lastNanos;
    private long nextNanos = Long.MAX_VALUE;

    Ticker(NodeState state, Neighbours neighbours, Queries queries, Reachability reachability, Queue<RpcEvent> events) {
        this.state = state;
        this.neighbours = neighbours;
        this.queries = queries;
        this.reachability = reachability;
        this.events = events;
    }

    Health health() {
        return health.health();
    }

    void start(long nowNanos) {
        lastNanos = nowNanos;
        nextNanos = nowNanos + TICK_NANOS;
    }

    void stop() {
        nextNanos = Long.MAX_VALUE;
    }

    long nextTimeout() {
        return nextNanos;
    }

    void onTimeout(long nowNanos) {
        if (nowNanos < nextNanos) {
            return;
        }
        boolean slept = nowNanos - lastNanos > SLEEP_NANOS;
        lastNanos = nowNanos;
        nextNanos = nowNanos + TICK_NANOS;
        if (slept) {
            wakeUp();
        } else {
            state.tick(state.tick() + 1);
        }
        if (!state.bootstrapped()) {
            return;
        }
        reachability.onTick(nowNanos);
        if (state.tick() % PING_SOME_TICKS == 0) {
            if (neighbours.size() == 0) {
                queries.refresh(nowNanos);
            } else {
                neighbours.pingSome(nowNanos);
            }
        }
        boolean refill = state.tick() % REFILL_TICKS == 0 && neighbours.size() < RoutingTable.K;
        if (refill || queries.isRefreshDue()) {
            queries.refresh(nowNanos);
        }
        queries.hints().onTick();
        Health before = health.health();
        PendingRequests requests = queries.requests().pending();
        health.onTick(requests.responses(), requests.timeouts());
        if (health.health() != before) {
            events.add(new RpcEvent.NetworkUpdate(health.health()));
        }
    }

    /** Makes all nodes look old, so that they are checked soon, two ticks from now. */
    void wakeUp() {
        long tick = state.tick() + 2 * Neighbours.OLD;
        state.tick(tick + 6 - tick % PING_SOME_TICKS);
        queries.refreshSoon();
        health.reset();
        reachability.onWakeUp();
        events.add(new RpcEvent.WokeUp());
    }
}
