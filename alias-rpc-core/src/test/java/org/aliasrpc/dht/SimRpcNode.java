package org.aliasrpc.dht;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.aliasrpc.sim.SimNode;
import org.jspecify.annotations.Nullable;

/** A DHT node on a simulated network: binds its sockets, collects its events, answers with a handler. */
final class SimRpcNode implements SimNode {
    final RpcNode rpc;
    final String host;
    final List<RpcEvent> events = new ArrayList<>();

    /** What look-ups find. */
    final Map<String, PeerAddress> names = new HashMap<>();

    /** Whether the name service is there. */
    boolean answersNames = true;

    private final SimDht dht;
    private final Map<SocketId, PeerAddress> bound = new HashMap<>();
    private Consumer<IncomingRequest> handler;
    private int nextPort = 1024;

    SimRpcNode(SimDht dht, String host, RpcNode rpc) {
        this.dht = dht;
        this.host = host;
        this.rpc = rpc;
        this.handler = rpc::decline;
    }

    /** What to do with requests of the layer above; the default declines them. */
    SimRpcNode onRequest(Consumer<IncomingRequest> newHandler) {
        handler = newHandler;
        return this;
    }

    PeerAddress serverAddress() {
        return PeerAddress.of(host, rpc.port(SocketId.SERVER));
    }

    PeerAddress clientAddress() {
        return PeerAddress.of(host, rpc.port(SocketId.CLIENT));
    }

    /** Events of a kind, in order. */
    <E extends RpcEvent> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    long request(PeerAddress to, OutgoingRequest request, RequestOptions options) {
        dht.network.touch(this);
        return rpc.request(to, request, options, dht.now());
    }

    long ping(PeerAddress to) {
        dht.network.touch(this);
        return rpc.ping(to, 0, RequestOptions.DEFAULT, dht.now());
    }

    /** Walks to the end. */
    RpcEvent.QueryEnded query(QueryOptions options) {
        dht.network.touch(this);
        return awaitQuery(rpc.query(options, dht.now()));
    }

    /** Walks to the end. */
    RpcEvent.QueryEnded findNode(NodeId target) {
        dht.network.touch(this);
        return awaitQuery(rpc.findNode(QueryOptions.of(target, 0, null), dht.now()));
    }

    RpcEvent.QueryEnded awaitQuery(long query) {
        dht.await(() -> ended(query) != null);
        RpcEvent.QueryEnded ended = ended(query);
        if (ended == null) {
            throw new AssertionError("unreachable: the query had ended");
        }
        return ended;
    }

    /** The outcome of a request, once it is there. */
    RpcEvent outcome(long request) {
        dht.await(() -> find(request) != null);
        RpcEvent outcome = find(request);
        if (outcome == null) {
            throw new AssertionError("unreachable: the request had ended");
        }
        return outcome;
    }

    /** The answer to a request, once it is there. */
    Reply reply(long request) {
        RpcEvent outcome = outcome(request);
        if (outcome instanceof RpcEvent.Replied replied) {
            return replied.reply();
        }
        throw new AssertionError("no answer: " + outcome);
    }

    /** Calls the node and lets the network notice. */
    void run(Consumer<RpcNode> call) {
        call.accept(rpc);
        dht.network.touch(this);
    }

    @Override
    public void onDatagram(SocketId socket, PeerAddress from, ByteBuffer datagram, long nowNanos) {
        rpc.onDatagram(socket, from, datagram, nowNanos);
    }

    @Override
    public void onTurn(long nowNanos) {
        RpcEvent event;
        while ((event = rpc.pollEvent()) != null) {
            events.add(event);
            if (event instanceof RpcEvent.BindRequested bind) {
                bind(bind, nowNanos);
            } else if (event instanceof RpcEvent.UnbindRequested unbind) {
                unbind(unbind.socket());
            } else if (event instanceof RpcEvent.ResolveRequested resolve) {
                if (answersNames) {
                    rpc.onResolved(resolve.name(), names.get(resolve.name()), nowNanos);
                }
            } else if (event instanceof RpcEvent.RequestReceived received) {
                handler.accept(received.request());
            }
        }
    }

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos) {
        return rpc.pollTransmit();
    }

    @Override
    public long nextTimeout() {
        return rpc.nextTimeout();
    }

    @Override
    public void onTimeout(long nowNanos) {
        rpc.onTimeout(nowNanos);
    }

    private void bind(RpcEvent.BindRequested bind, long nowNanos) {
        for (int wanted : bind.ports()) {
            PeerAddress address = PeerAddress.of(host, wanted);
            while (address.port() == 0 || (wanted == 0 && dht.isBound(address))) {
                address = address.withPort(nextPort++);
            }
            if (!dht.isBound(address)) {
                dht.onBound(address);
                dht.network.bind(this, bind.socket(), address);
                bound.put(bind.socket(), address);
                rpc.onSocketBound(bind.socket(), address.port(), nowNanos);
                return;
            }
        }
        rpc.onBindFailed(bind.socket(), nowNanos);
    }

    private void unbind(SocketId socket) {
        PeerAddress address = bound.remove(socket);
        if (address == null) {
            throw new AssertionError(socket + " was not bound");
        }
        dht.onUnbound(address);
    }

    private RpcEvent.@Nullable QueryEnded ended(long query) {
        for (RpcEvent.QueryEnded ended : events(RpcEvent.QueryEnded.class)) {
            if (ended.query() == query) {
                return ended;
            }
        }
        return null;
    }

    private @Nullable RpcEvent find(long request) {
        for (RpcEvent event : events) {
            boolean replied = event instanceof RpcEvent.Replied end && end.request() == request;
            if (replied || (event instanceof RpcEvent.Failed failed && failed.request() == request)) {
                return event;
            }
        }
        return null;
    }
}
