package org.aliasrpc.io;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.aliasrpc.dht.RpcEvent;
import org.aliasrpc.hyperdht.Connection;
import org.aliasrpc.hyperdht.HandshakeTask;
import org.aliasrpc.hyperdht.HyperDhtEvent;
import org.aliasrpc.hyperdht.HyperDhtNode;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.jspecify.annotations.Nullable;

/**
 * Gives a {@link HyperDhtNode} what it asks for of the outside (sockets, names), and its events to their owner. Confined
 * to the loop.
 */
public final class NodeDriver implements Machine {
    private final NodeLoop loop;
    private final HyperDhtNode node;
    private final InetAddress host;
    private final Workers workers;
    private final Owner owner;
    private final @Nullable Supplier<List<PeerAddress>> localHosts;
    private final Map<SocketId, PeerAddress> bound = new HashMap<>();
    private @Nullable Throwable bindFailure;

    /**
     * @param loop that will drive this
     * @param node not started
     * @param host IPv4 address to bind sockets to
     * @param workers where names are resolved, which may block
     * @param owner of the node
     * @param localHosts looks up the addresses of the interfaces, on a worker; null if those that the node has stay
     */
    public NodeDriver(
            NodeLoop loop,
            HyperDhtNode node,
            InetAddress host,
            Workers workers,
            Owner owner,
            @Nullable Supplier<List<PeerAddress>> localHosts) {
        this.loop = loop;
        this.node = node;
        this.host = host;
        this.workers = workers;
        this.owner = owner;
        this.localHosts = localHosts;
    }

    /** Takes what the node tells, on the loop. */
    public interface Owner {
        /** Something happened; requests for sockets, names and arithmetic are not reported. */
        void onEvent(HyperDhtEvent event, long nowNanos);

        /** A connection has events. */
        void onActive(Connection connection, long nowNanos);

        /** When {@link #onTimeout} is due for what the owner has beside the node; {@link Long#MAX_VALUE}: never. */
        long nextTimeout();

        /** That time has come. */
        void onTimeout(long nowNanos);
    }

    /** A socket is bound already, for a node that had to know its port before. */
    public void onBound(SocketId socket, PeerAddress address) {
        bound.put(socket, address);
    }

    /** Why the last socket could not be bound; null if none failed. */
    public @Nullable Throwable bindFailure() {
        return bindFailure;
    }

    @Override
    public void onDatagram(SocketId socket, PeerAddress from, ByteBuffer datagram, long nowNanos) {
        node.onDatagram(socket, from, datagram, nowNanos);
    }

    @Override
    public void onTimeout(long nowNanos) {
        node.onWallClock(System.currentTimeMillis(), nowNanos); // the node has a timer every 5 s
        try {
            if (node.nextTimeout() <= nowNanos) {
                node.onTimeout(nowNanos);
            }
        } finally { // a failure of the one must not keep the other waiting
            if (owner.nextTimeout() <= nowNanos) {
                owner.onTimeout(nowNanos);
            }
        }
    }

    @Override
    public void onTurnEnd(long nowNanos) {
        boolean more = true;
        while (more) {
            more = false;
            for (HyperDhtEvent event = node.pollEvent(); event != null; event = node.pollEvent()) {
                more = true;
                if (event instanceof HyperDhtEvent.HandshakeWork work) {
                    compute(work.task());
                } else if (event instanceof HyperDhtEvent.LocalHostsRequested) {
                    lookUpLocalHosts();
                } else if (!(event instanceof HyperDhtEvent.Rpc rpc) || !serve(rpc.event())) {
                    owner.onEvent(event, nowNanos);
                }
            }
            for (Connection connection = node.pollActive(); connection != null; connection = node.pollActive()) {
                more = true;
                owner.onActive(connection, nowNanos);
            }
        }
    }

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos) {
        Transmit next = node.pollTransmit(nowNanos);
        if (next == null) {
            onTurnEnd(nowNanos); // sending may have told something new
            next = node.pollTransmit(nowNanos);
        }
        return next;
    }

    @Override
    public long nextTimeout() {
        return Math.min(node.nextTimeout(), owner.nextTimeout());
    }

    private void compute(HandshakeTask task) {
        try {
            workers.compute(() -> {
                task.run();
                loop.tryExecute(() -> node.onHandshakeDone(task, loop.nowNanos()));
            });
        } catch (RuntimeException | Error e) {
            Unexpected.report("A handshake is computed on the event loop", e); // there is no thread to be had
            loop.tryExecute(() -> {
                task.run();
                node.onHandshakeDone(task, loop.nowNanos());
            });
        }
    }

    private void lookUpLocalHosts() {
        Supplier<List<PeerAddress>> lookUp = localHosts;
        if (lookUp == null) {
            return; // without an answer it is not asked again
        }
        try {
            workers.execute(() -> {
                List<PeerAddress> hosts = lookUp.get();
                loop.tryExecute(() -> node.onLocalHosts(hosts, loop.nowNanos()));
            });
        } catch (RuntimeException | Error e) {
            Unexpected.report("The addresses of the interfaces are not looked up any more", e);
        }
    }

    private boolean serve(RpcEvent event) {
        if (event instanceof RpcEvent.BindRequested request) {
            bind(request);
        } else if (event instanceof RpcEvent.UnbindRequested request) {
            // Not before what this turn has to say (that streams are destroyed, say) has left.
            loop.tryExecute(() -> loop.closeSocket(request.socket()));
        } else if (event instanceof RpcEvent.ResolveRequested request) {
            resolve(request.name());
        } else {
            return false;
        }
        return true;
    }

    private void bind(RpcEvent.BindRequested request) {
        PeerAddress ready = bound.remove(request.socket());
        if (ready != null) {
            node.onSocketBound(request.socket(), ready.port(), loop.nowNanos());
            return;
        }
        CompletionStage<PeerAddress> binding =
                loop.bind(request.socket(), host, request.ports().stream().mapToInt(port -> port));
        binding.whenComplete((address, failure) -> loop.tryExecute(() -> {
            if (failure == null) {
                node.onSocketBound(request.socket(), address.port(), loop.nowNanos());
            } else {
                bindFailure = failure;
                node.onBindFailed(request.socket(), loop.nowNanos());
            }
        }));
    }

    private void resolve(String name) {
        CompletionStage<@Nullable PeerAddress> resolving = workers.resolve(name);
        // A look-up that failed in whatever way is answered, too: queries wait for it.
        resolving.whenComplete(
                (address, failure) -> loop.tryExecute(() -> node.onResolved(name, address, loop.nowNanos())));
    }
}
