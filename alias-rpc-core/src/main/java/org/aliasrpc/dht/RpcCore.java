package org.aliasrpc.dht;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;

/** The parts of one node: puts them together, starts, stops and times them (dht-rpc.md §3.3, §9.2, §11). */
final class RpcCore {
    private static final int DRAINS_PER_ROTATION = 10;
    private static final int MIN_TICK = 51;
    private static final int MAX_TICK = 100;

    final Queue<RpcEvent> events = new ArrayDeque<>();
    final Queue<Transmit> transmits = new ArrayDeque<>();
    final NodeState state;
    final Requests requests;
    final Neighbours neighbours;
    final Queries queries;
    final Reachability reachability;
    final Responder responder;
    final Ticker ticker;
    final Inbound inbound;

    private final RpcConfig config;
    private final Bootstrapper bootstrapper;
    private final Sockets sockets;
    private boolean started;
    private long nextDrainNanos = Long.MAX_VALUE;
    private int drainsToRotation = DRAINS_PER_ROTATION;

    RpcCore(RpcConfig config, RandomGenerator random) {
        this.config = config;
        long tick = random.nextInt(MIN_TICK, MAX_TICK + 1); // so that nodes do not act in step
        state = new NodeState(NodeId.random(random), config.firewalled(), tick);
        requests = new Requests(state, config, transmits, random);
        neighbours = new Neighbours(state, requests, config.filter(), events);
        BootstrapResolver bootstrap = new BootstrapResolver(config.bootstrap(), requests, events);
        queries = new Queries(state, config, requests, neighbours, bootstrap, random);
        NatSamples samples = new NatSamples(config.bootstrap().size(), events);
        reachability = new Reachability(state, config, neighbours, queries, samples, events);
        bootstrapper = new Bootstrapper(state, config, neighbours, queries, reachability, events);
        responder = new Responder(state, config, neighbours, random, events, transmits);
        inbound = new Inbound(state, requests, neighbours, samples, responder);
        ticker = new Ticker(state, neighbours, queries, reachability, events);
        sockets = new Sockets(state, config, events);
    }

    void start(long nowNanos) {
        if (started || state.closed()) {
            return;
        }
        started = true;
        List<PeerAddress> nodes = config.nodes();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            neighbours.add(nodes.get(i), nowNanos);
        }
        if (!state.suspended()) {
            ticker.start(nowNanos);
            sockets.bind();
        }
    }

    void onSocketBound(SocketId socket, int port, long nowNanos) {
        if (state.closed() || state.suspended()) {
            events.add(new RpcEvent.UnbindRequested(socket)); // it came too late
            return;
        }
        if (sockets.onBound(socket, port)) {
            nextDrainNanos = nowNanos + CongestionWindow.DRAIN_NANOS;
            PeerAddress known = config.publicAddress();
            if (known != null && !state.bootstrapped()) {
                reachability.samples().add(known.withPort(state.port(SocketId.SERVER)));
            }
            events.add(new RpcEvent.Listening(state.port(SocketId.SERVER), state.port(SocketId.CLIENT)));
            requests.pending().open(nowNanos);
            bootstrapper.onBound(nowNanos);
        }
    }

    void onBindFailed(SocketId socket, long nowNanos) {
        if (!state.closed()) {
            events.add(new RpcEvent.StartFailed(socket));
            close(nowNanos);
        }
    }

    void suspend(long nowNanos) {
        if (state.suspended() || state.closed()) {
            return;
        }
        state.suspended(true);
        ticker.stop();
        shutDown(RequestFailure.SUSPENDED, QueryFailure.SUSPENDED, nowNanos);
        events.add(new RpcEvent.Suspended());
    }

    void resume(long nowNanos) {
        if (!state.suspended() || state.closed()) {
            return;
        }
        state.suspended(false);
        if (started) {
            ticker.start(nowNanos);
            ticker.wakeUp();
            sockets.bind();
            if (state.bootstrapped()) {
                queries.refresh(nowNanos);
            }
        }
        events.add(new RpcEvent.Resumed());
    }

    void wakeUp() {
        if (started && !state.suspended() && !state.closed()) {
            ticker.wakeUp();
        }
    }

    void close(long nowNanos) {
        if (state.closed()) {
            return;
        }
        state.closed(true);
        ticker.stop();
        shutDown(RequestFailure.CLOSED, QueryFailure.CLOSED, nowNanos);
        events.add(new RpcEvent.Closed());
    }

    long nextTimeout() {
        long due = Math.min(requests.pending().nextTimeout(), responder.nextTimeout());
        return Math.min(due, Math.min(nextDrainNanos, ticker.nextTimeout()));
    }

    void onTimeout(long nowNanos) {
        if (nowNanos >= nextDrainNanos) {
            nextDrainNanos = nowNanos + CongestionWindow.DRAIN_NANOS;
            if (--drainsToRotation == 0) {
                drainsToRotation = DRAINS_PER_ROTATION;
                responder.tokens().rotate();
            }
            requests.pending().drain(nowNanos);
        }
        inbound.onTimeout(nowNanos);
        responder.onTimeout(nowNanos);
        ticker.onTimeout(nowNanos);
        bootstrapper.onTimeout(nowNanos);
    }

    private void shutDown(RequestFailure requestFailure, QueryFailure queryFailure, long nowNanos) {
        bootstrapper.abort();
        queries.endAll(queryFailure, nowNanos);
        for (PendingRequest request : requests.pending().cancelAll()) {
            request.owner.onFailure(requestFailure, nowNanos);
        }
        requests.pending().shut();
        responder.clear();
        nextDrainNanos = Long.MAX_VALUE;
        events.removeIf(RpcEvent.BindRequested.class::isInstance); // asked for and not yet heard
        sockets.unbind();
    }
}
