package org.aliasrpc.hyperdht;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.dht.NodeId;
import org.aliasrpc.dht.Peer;
import org.aliasrpc.dht.RpcStats;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.jspecify.annotations.Nullable;

/**
 * One node of HyperDHT: a node of the DHT, listeners, and connections. What the I/O layer drives.
 *
 * <p>A turn of the owner: hand in every datagram that is there with {@link #onDatagram}, the other inputs, or
 * {@link #onTimeout}; then {@link #pollEvent} until null and {@link #pollActive} until null, again as long as either gave
 * something; then {@link #pollTransmit} until null; then arm the timer for {@link #nextTimeout}. Calls on listeners and
 * connections only queue work: they too are followed by the rest of a turn. {@code nowNanos} never goes back. Confined to
 * one thread.
 */
public final class HyperDhtNode {
    /** Most listeners at a time. */
    public static final int MAX_LISTENERS = 1024;

    /** As long as the node's own timers may be late before it takes that for sleep (dht-rpc.md §11.3). */
    private static final long SLEEP_MILLIS = TimeUnit.SECONDS.toMillis(15);

    final NodeCore core;

    private final Map<NodeId, Listener> listeners = new LinkedHashMap<>();
    private final Routes routes;
    private final Dispatcher dispatcher;
    private final Queries queries;

    /**
     * @param config options
     * @param random for keys, stream ids and all else that must not be guessed: cryptographically strong in production
     */
    public HyperDhtNode(HyperDhtConfig config, RandomGenerator random) {
        this.core = new NodeCore(config, random);
        this.routes = new Routes(0);
        this.dispatcher = new Dispatcher(core, listeners, routes);
        this.queries = new Queries(core);
    }

    // ---- life cycle

    /** Starts: asks for both sockets, then joins the network. Effective once. */
    public void start(long nowNanos) {
        core.now(nowNanos);
        core.rpc.start(nowNanos);
    }

    /**
     * A socket asked for by {@link org.aliasrpc.dht.RpcEvent.BindRequested} is bound.
     *
     * @param port its local port
     */
    public void onSocketBound(SocketId socket, int port, long nowNanos) {
        core.now(nowNanos);
        core.rpc.onSocketBound(socket, port, nowNanos);
    }

    /** None of the ports of a {@link org.aliasrpc.dht.RpcEvent.BindRequested} can be had. The node closes. */
    public void onBindFailed(SocketId socket, long nowNanos) {
        core.now(nowNanos);
        core.rpc.onBindFailed(socket, nowNanos);
    }

    /**
     * The answer to {@link org.aliasrpc.dht.RpcEvent.ResolveRequested}.
     *
     * @param name as asked
     * @param address any port; null if the name has no IPv4 address
     */
    public void onResolved(String name, @Nullable PeerAddress address, long nowNanos) {
        core.now(nowNanos);
        core.rpc.onResolved(name, address, nowNanos);
    }

    /** The network interfaces have changed: listeners announce themselves anew. */
    public void onNetworkChange(long nowNanos) {
        core.now(nowNanos);
        core.rpc.onNetworkChange();
        listeners.values().forEach(listener -> listener.announcer().refresh());
    }

    /**
     * To be told every few seconds. Where it has run ahead of {@code nowNanos}, which stands still on most systems while
     * the machine sleeps, the node takes it that all it knows is old, and listeners announce themselves anew.
     *
     * @param epochMillis the wall clock, in milliseconds since 1970
     */
    public void onWallClock(long epochMillis, long nowNanos) {
        core.now(nowNanos);
        if (core.epochMillis(epochMillis) > SLEEP_MILLIS) {
            core.rpc.wakeUp();
            listeners.values().forEach(listener -> listener.announcer().refresh());
        }
    }

    /**
     * Pauses, for instance before the machine sleeps: listeners delete their records, which takes at most 2 s,
     * connections are destroyed, and the sockets are given back.
     */
    public void suspend(long nowNanos) {
        core.now(nowNanos);
        dispatcher.suspend();
    }

    /** Ends a pause: listeners announce themselves anew. */
    public void resume(long nowNanos) {
        core.now(nowNanos);
        dispatcher.resume();
    }

    /**
     * Ends everything: listeners delete their records, which takes at most 2 s, and connections are destroyed. {@link
     * HyperDhtEvent.Closed} comes last. Effective once.
     */
    public void close(long nowNanos) {
        core.now(nowNanos);
        dispatcher.close();
    }

    // ---- input and output

    /**
     * @param socket on which of our sockets it came in
     * @param from the sender
     * @param datagram from position to limit; not kept
     * @return whether it was for this node
     */
    public boolean onDatagram(SocketId socket, PeerAddress from, ByteBuffer datagram, long nowNanos) {
        core.now(nowNanos);
        if (from.port() == 0) {
            return false;
        }
        // In this order (dht-rpc.md §3.1). Datagrams of one byte are probes of hole punching, which nobody awaits yet.
        return core.udx.onDatagram(socket, from, datagram, nowNanos)
                || (datagram.remaining() > 1 && core.rpc.onDatagram(socket, from, datagram, nowNanos));
    }

    /** The next datagram to send, null when all that may be sent now has been polled. */
    public @Nullable Transmit pollTransmit(long nowNanos) {
        core.now(nowNanos);
        dispatcher.dispatch();
        Transmit transmit = core.rpc.pollTransmit();
        return transmit != null ? transmit : core.udx.pollTransmit(nowNanos);
    }

    /** The next event, null if there is none now. */
    public @Nullable HyperDhtEvent pollEvent() {
        dispatcher.dispatch();
        return core.events.poll();
    }

    /**
     * The next connection with events, null if there is none now. To be asked when {@link #pollEvent} gave null: a new
     * connection is reported there first.
     */
    public @Nullable Connection pollActive() {
        dispatcher.dispatch();
        Connection next = core.active.poll();
        if (next != null) {
            next.onNamed();
        }
        return next;
    }

    /** When to call {@link #onTimeout}, {@link Long#MAX_VALUE} for never. */
    public long nextTimeout() {
        return Math.min(Math.min(core.rpc.nextTimeout(), core.udx.nextTimeout()), core.timers.nextTimeout());
    }

    /** Does what is due. */
    public void onTimeout(long nowNanos) {
        core.now(nowNanos);
        try {
            if (core.rpc.nextTimeout() <= nowNanos) {
                core.rpc.onTimeout(nowNanos);
            }
        } finally { // a failure of one layer must not stop the others' clocks
            try {
                if (core.udx.nextTimeout() <= nowNanos) {
                    core.udx.onTimeout(nowNanos);
                }
            } finally {
                core.timers.onTimeout(nowNanos);
            }
        }
    }

    /** A task of {@link HyperDhtEvent.HandshakeWork} has been run. */
    public void onHandshakeDone(HandshakeTask task, long nowNanos) {
        core.now(nowNanos);
        core.handedOut--;
        task.deliver(nowNanos);
    }

    /**
     * The answer to {@link HyperDhtEvent.LocalHostsRequested}.
     *
     * @param hosts addresses of this host's network interfaces as they are now; ports do not matter
     */
    public void onLocalHosts(List<PeerAddress> hosts, long nowNanos) {
        core.now(nowNanos);
        core.localHosts(hosts);
    }

    /**
     * The answer to {@link HyperDhtEvent.VerdictRequested}; without effect if it comes too late.
     *
     * @param handshake as asked
     * @param accepted whether to answer the client
     */
    public void onVerdict(long handshake, boolean accepted, long nowNanos) {
        core.now(nowNanos);
        IncomingHandshake waiting = core.verdict(handshake);
        if (waiting != null) {
            waiting.onVerdict(accepted);
        }
    }

    // ---- servers and clients

    /**
     * Listens under a key: answers handshakes at once, and announces it as soon as the node has joined the network.
     *
     * @throws IllegalStateException if the node is closed, already listens under the key, or has {@link #MAX_LISTENERS}
     */
    public Listener listen(ListenOptions options, long nowNanos) {
        core.now(nowNanos);
        NodeId target = new NodeId(options.keyPair().publicKey().target());
        if (core.isClosed() || listeners.containsKey(target) || listeners.size() >= MAX_LISTENERS) {
            throw new IllegalStateException(
                    core.isClosed()
                            ? "node is closed"
                            : listeners.containsKey(target)
                                    ? "already listening under this key"
                                    : "too many listeners");
        }
        Listener listener = new Listener(core, options);
        listeners.put(target, listener);
        routes.remove(target); // an earlier process with this key
        listener.announcer().refresh();
        return listener;
    }

    /**
     * Stops answering and deletes the records, which takes at most 2 s; {@link HyperDhtEvent.ListenerClosed} follows.
     * Connections stay open. Effective once.
     */
    public void close(Listener listener, long nowNanos) {
        core.now(nowNanos);
        if (listeners.remove(listener.target(), listener)) {
            listener.close();
        }
    }

    /**
     * Connects to a server. The outcome is {@link HyperDhtEvent.ConnectionOpened}, or {@link ConnectionEvent.Failed} of
     * the connection.
     *
     * @param server its public key
     */
    public Connection connect(PublicKey server, ConnectOptions options, long nowNanos) {
        core.now(nowNanos);
        KeyPair keyPair = options.keyPair() != null ? options.keyPair() : core.config.keyPair();
        Connection connection = Connection.connecting(core, keyPair.publicKey(), server);
        if (core.isClosed()) {
            connection.fail(ConnectFailure.NODE_CLOSED);
        } else if (core.isSuspended()) {
            connection.fail(ConnectFailure.SUSPENDED);
        } else if (core.udx.streamCount() >= core.config.udx().maxStreams()) {
            connection.fail(ConnectFailure.OVERLOADED);
        } else {
            List<PeerAddress> candidates = candidates(server, options);
            new Connector(core, connection, keyPair, options.localConnection(), candidates).start();
        }
        return connection;
    }

    private List<PeerAddress> candidates(PublicKey server, ConnectOptions options) {
        Routes.Route route = core.rpc.isPersistent() ? routes.get(new NodeId(server.target()), core.now()) : null;
        if (route != null) {
            return List.of(route.relay()); // the server announced itself to this very node
        }
        return options.relayAddresses().isEmpty() ? core.relayAddresses.of(server) : options.relayAddresses();
    }

    // ---- the directory

    /** Looks for nodes that know a peer: {@link HyperDhtEvent.PeerFound} for each, then {@link HyperDhtEvent.QueryEnded}. */
    public long findPeer(PublicKey peer, long nowNanos) {
        core.now(nowNanos);
        return queries.findPeer(new NodeId(peer.target()));
    }

    /** Looks for peers on a topic: {@link HyperDhtEvent.LookupResult} for each node, then {@link HyperDhtEvent.QueryEnded}. */
    public long lookup(NodeId topic, long nowNanos) {
        core.now(nowNanos);
        return queries.lookup(topic);
    }

    /**
     * Puts a key on a topic. The record lives about 20 minutes. Results are those of a {@link #lookup} at the same time.
     *
     * @param relayAddresses nodes by which the owner of the key can be reached; at most 3 are stored
     * @param clear whether to replace what was announced before, which else stays as it is
     */
    public long announce(
            NodeId topic, KeyPair keyPair, List<PeerAddress> relayAddresses, boolean clear, long nowNanos) {
        core.now(nowNanos);
        return queries.announce(topic, keyPair, relayAddresses, clear);
    }

    /** Takes a key off a topic. Results are those of a {@link #lookup} at the same time. */
    public long unannounce(NodeId topic, KeyPair keyPair, long nowNanos) {
        core.now(nowNanos);
        return queries.unannounce(topic, keyPair);
    }

    /** Ends a query early; {@link HyperDhtEvent.QueryEnded} follows. Without effect if it has ended. */
    public void cancelQuery(long query, long nowNanos) {
        core.now(nowNanos);
        queries.cancel(query);
    }

    // ---- state

    /** The key of the node itself. */
    public PublicKey publicKey() {
        return core.config.keyPair().publicKey();
    }

    /** Whether the node has joined the network, or tried to. */
    public boolean isBootstrapped() {
        return core.rpc.isBootstrapped();
    }

    /** Whether others may have the node in their tables, so that it stores and forwards for them. */
    public boolean isPersistent() {
        return core.rpc.isPersistent();
    }

    /** Whether the node believes that others cannot reach it unasked. */
    public boolean isFirewalled() {
        return core.rpc.isFirewalled();
    }

    /** The address at which anybody can reach the node, null if there is none or it is not known. */
    public @Nullable PeerAddress remoteAddress() {
        return core.rpc.remoteAddress();
    }

    /** The local port of the server or the client socket, 0 while it is not bound. */
    public int port(SocketId socket) {
        return core.rpc.port(socket);
    }

    /**
     * Nodes of the routing table, the one heard of most recently first.
     *
     * @param limit how many at most
     */
    public List<Peer> nodes(int limit) {
        return core.rpc.nodes(limit);
    }

    /** Listeners that were not told to close, in the order they were made. */
    public List<Listener> listeners() {
        return List.copyOf(listeners.values());
    }

    /** Connections that are open. */
    public int connectionCount() {
        return core.connections.size();
    }

    /** Memory taken by what all connections have received and nobody has taken, in bytes. */
    public long heldBytes() {
        return core.udx.receiveBudget().held();
    }

    /** Counters of the DHT node. */
    public RpcStats stats() {
        return core.rpc.stats();
    }
}
