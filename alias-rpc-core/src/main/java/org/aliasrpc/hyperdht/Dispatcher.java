package org.aliasrpc.hyperdht;

import java.util.List;
import java.util.Map;
import org.aliasrpc.dht.IncomingRequest;
import org.aliasrpc.dht.NodeId;
import org.aliasrpc.dht.RpcEvent;
import org.aliasrpc.udx.UdxStream;

/** Hands what the layers below report to the part of the node that it is for, and sees to an orderly end. */
final class Dispatcher implements Timed {
    private final NodeCore core;
    private final Map<NodeId, Listener> listeners;
    private final Router router;
    private final Responder responder;
    private boolean closing;
    private boolean suspending;
    private long endNanos = Long.MAX_VALUE;

    Dispatcher(NodeCore core, Map<NodeId, Listener> listeners, Routes routes) {
        this.core = core;
        this.listeners = listeners;
        this.router = new Router(core, listeners, routes);
        this.responder = new Responder(core, listeners, routes);
    }

    /** Takes all events of the layers below. */
    void dispatch() {
        for (RpcEvent event = core.rpc.pollEvent(); event != null; event = core.rpc.pollEvent()) {
            onRpcEvent(event);
        }
        for (UdxStream stream = core.udx.pollActive(); stream != null; stream = core.udx.pollActive()) {
            if (stream.attachment() instanceof StreamOwner owner) {
                owner.onStreamActive(stream, core.now());
            }
        }
        boolean quiet = closing
                ? core.closingListeners == 0
                : suspending
                        && listeners.values().stream()
                                .allMatch(each -> each.announcer().isIdle());
        if (quiet && endNanos == Long.MAX_VALUE) {
            endNanos = core.now(); // in the next turn: this one still sends what tells peers that streams are destroyed
            core.timers.update(this);
        }
    }

    /** Begins the end: listeners first, as they still need the network. */
    void close() {
        if (core.isClosed()) {
            return;
        }
        core.close();
        closing = true;
        suspending = false;
        dropConnections(ConnectFailure.NODE_CLOSED);
        List<Listener> open = List.copyOf(listeners.values());
        listeners.clear();
        open.forEach(Listener::close);
    }

    /** Begins the pause: listeners first, as they still need the network. */
    void suspend() {
        if (core.isClosed() || core.isSuspended()) {
            return;
        }
        core.suspended(true);
        suspending = true;
        dropConnections(ConnectFailure.SUSPENDED);
        listeners.values().forEach(Listener::suspend);
    }

    void resume() {
        if (core.isClosed() || !core.isSuspended()) {
            return;
        }
        core.suspended(false);
        suspending = false;
        endNanos = Long.MAX_VALUE;
        if (core.rpc.isSuspended()) {
            core.rpc.resume(core.now());
        }
        listeners.values().forEach(listener -> listener.announcer().refresh());
    }

    private void dropConnections(ConnectFailure failure) {
        List.copyOf(core.connectors).forEach(connector -> connector.fail(failure));
        List.copyOf(core.connections)
                .forEach(connection -> connection.closeWith(ConnectionEvent.CloseReason.DESTROYED));
    }

    @Override
    public long nextTimeout() {
        return endNanos;
    }

    @Override
    public void onTimeout(long nowNanos) {
        endNanos = Long.MAX_VALUE;
        if (closing) {
            closing = false;
            core.rpc.close(nowNanos);
        } else if (suspending) {
            suspending = false;
            core.rpc.suspend(nowNanos);
        }
    }

    private void onRpcEvent(RpcEvent event) {
        long now = core.now();
        if (event instanceof RpcEvent.RequestReceived received) {
            onRequest(received.request());
        } else if (event instanceof RpcEvent.Replied replied) {
            RpcOwner owner = core.ended(replied.request());
            if (owner != null) {
                owner.onReply(replied.request(), replied.reply(), now);
            }
        } else if (event instanceof RpcEvent.Failed failed) {
            RpcOwner owner = core.ended(failed.request());
            if (owner != null) {
                owner.onFailed(failed.request(), failed.failure(), now);
            }
        } else if (event instanceof RpcEvent.QueryReply reply) {
            RpcOwner owner = core.owner(reply.query());
            if (owner != null) {
                owner.onQueryReply(reply.query(), reply.reply(), now);
            }
        } else if (event instanceof RpcEvent.QueryEnded ended) {
            RpcOwner owner = core.ended(ended.query());
            if (owner != null) {
                owner.onQueryEnded(ended, now);
            }
        } else if (!(event instanceof RpcEvent.CommitReply)) {
            onNodeEvent(event);
        }
    }

    private void onNodeEvent(RpcEvent event) {
        core.events.add(new HyperDhtEvent.Rpc(event));
        if (event instanceof RpcEvent.Ready) {
            listeners.values().forEach(listener -> listener.announcer().refresh());
        } else if (event instanceof RpcEvent.Closed) {
            core.close();
            List.copyOf(listeners.values()).forEach(Listener::abandon); // the sockets could not be had
            listeners.clear();
            core.timers.clear();
            core.events.add(new HyperDhtEvent.Closed());
        }
    }

    private void onRequest(IncomingRequest request) {
        if (request.command() == Command.PEER_HANDSHAKE) {
            router.onHandshake(request);
        } else if (request.command() == Command.PEER_HOLEPUNCH) {
            router.onHolepunch(request);
        } else {
            responder.onRequest(request);
        }
    }
}
