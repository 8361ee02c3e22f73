package org.aliasrpc.hyperdht;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.aliasrpc.dht.NodeId;
import org.aliasrpc.dht.OutgoingRequest;
import org.aliasrpc.dht.QueryOptions;
import org.aliasrpc.dht.RequestOptions;
import org.aliasrpc.dht.RpcNode;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.udx.UdxEndpoint;
import org.jspecify.annotations.Nullable;

/** What the parts of one node share: the layers below, the time, timers, and the way to the owner. */
final class NodeCore {
    private static final PeerAddress LOOPBACK = PeerAddress.of("127.0.0.1", 0);

    /** How old the addresses of the interfaces may be before they are looked up again. */
    static final long LOCAL_HOSTS_NANOS = TimeUnit.SECONDS.toNanos(5);

    final HyperDhtConfig config;
    final RandomGenerator random;
    final RpcNode rpc;
    final UdxEndpoint udx;
    final HeldMessages heldMessages;
    final TimerQueue timers = new TimerQueue();
    final RelayAddressCache relayAddresses = new RelayAddressCache();

    /** For the owner of the node, in order. */
    final Queue<HyperDhtEvent> events = new ArrayDeque<>();

    /** Connections with events, each once. */
    final Queue<Connection> active = new ArrayDeque<>();

    /** Connections that are open. */
    final Set<Connection> connections = new LinkedHashSet<>();

    /** Connections in the making. */
    final Set<Connector> connectors = new LinkedHashSet<>();

    /** Handshakes that all listeners remember. */
    int handshakes;

    /** Those of them that are being computed or wait for a verdict. */
    int pendingHandshakes;

    /** Steps of handshakes that workers have. */
    int handedOut;

    final UnprovenConnections unproven;

    /** Listeners that are deleting their records. */
    int closingListeners;

    private final Map<Long, RpcOwner> owners = new HashMap<>();
    private final Map<Long, IncomingHandshake> verdicts = new HashMap<>();
    private long epochOffsetMillis; // of the wall clock from nowNanos
    private List<PeerAddress> localHosts;
    private long localHostsNanos;
    private boolean askedLocalHosts;
    private long lastVerdict;
    private long nowNanos;
    private int stepsInTurn; // of handshakes, done within it
    private boolean suspended;
    private boolean closed;

    NodeCore(HyperDhtConfig config, RandomGenerator random) {
        this.config = config;
        this.random = random;
        this.rpc = new RpcNode(config.rpc(), random);
        this.udx = new UdxEndpoint(config.udx(), random);
        this.epochOffsetMillis = config.startEpochMillis();
        this.localHosts = config.localHosts();
        this.unproven = new UnprovenConnections(config.maxUnprovenConnections());
        this.heldMessages = new HeldMessages(udx.receiveBudget());
    }

    /** The time of the last input: for what happens while the owner polls. */
    long now() {
        return nowNanos;
    }

    void now(long newNowNanos) {
        if (newNowNanos != nowNanos) {
            stepsInTurn = 0;
        }
        nowNanos = newNowNanos;
    }

    /** The wall clock, in milliseconds since 1970. */
    long epochMillis() {
        return epochOffsetMillis + TimeUnit.NANOSECONDS.toMillis(nowNanos);
    }

    /**
     * Sets the wall clock.
     *
     * @return how far it has run ahead of our own clock since the last time, in milliseconds
     */
    long epochMillis(long epochMillis) {
        long ahead = epochMillis - epochMillis();
        epochOffsetMillis += ahead;
        return ahead;
    }

    boolean isSuspended() {
        return suspended;
    }

    void suspended(boolean value) {
        suspended = value;
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
    }

    // ---- the layer below

    /** Sends a request, whose outcome goes to its owner. */
    long request(
            RpcOwner owner,
            PeerAddress to,
            int command,
            @Nullable NodeId target,
            @Nullable Bytes value,
            @Nullable Bytes token,
            RequestOptions options) {
        return owned(owner, rpc.request(to, new OutgoingRequest(command, target, value, token), options, nowNanos));
    }

    /** Asks for a sign of life, whose outcome goes to its owner. */
    long ping(RpcOwner owner, PeerAddress to, RequestOptions options) {
        return owned(owner, rpc.ping(to, 0, options, nowNanos));
    }

    /** Starts a walk, whose replies and end go to its owner. */
    long query(RpcOwner owner, QueryOptions options) {
        return owned(owner, rpc.query(options, nowNanos));
    }

    /** The owner of a request or query that goes on; null if there is none. */
    @Nullable
    RpcOwner owner(long handle) {
        return owners.get(handle);
    }

    /** The owner of a request or query that has ended. */
    @Nullable
    RpcOwner ended(long handle) {
        return owners.remove(handle);
    }

    /** Requests, queries and verdicts that somebody waits for. */
    int waiting() {
        return owners.size() + verdicts.size();
    }

    private long owned(RpcOwner owner, long handle) {
        owners.put(handle, owner);
        return handle;
    }

    // ---- handshakes

    /** Runs a step of a handshake, here or at a worker; the result comes to the owner, maybe within this call. */
    void compute(HandshakeTask.Owner owner, HandshakeTask.Step step) {
        HandshakeTask task = new HandshakeTask(owner, step);
        boolean busy = handedOut > 0 || stepsInTurn >= config.handshakeStepsOnLoop();
        if (config.offloadHandshakes() && busy) {
            handedOut++;
            events.add(new HyperDhtEvent.HandshakeWork(task));
        } else {
            stepsInTurn++;
            task.run();
            task.deliver(nowNanos);
        }
    }

    /** Remembers who waits for a verdict of the node's owner. */
    long askVerdict(IncomingHandshake handshake) {
        verdicts.put(++lastVerdict, handshake);
        return lastVerdict;
    }

    @Nullable
    IncomingHandshake verdict(long handshake) {
        return verdicts.remove(handshake);
    }

    void forgetVerdict(long handshake) {
        verdicts.remove(handshake);
    }

    // ---- addresses

    /** Our firewall as told to peers. */
    Firewall firewall() {
        return rpc.remoteAddress() != null ? Firewall.OPEN : Firewall.UNKNOWN;
    }

    /**
     * The addresses of our interfaces, with the port of the server socket. They change while a node lives: it may be
     * started before its network, and leases end. Looking them up takes time, so what is used now is looked up for the next
     * time; the reference looks them up for each handshake.
     */
    List<PeerAddress> localAddresses() {
        if (!askedLocalHosts && nowNanos - localHostsNanos >= LOCAL_HOSTS_NANOS) {
            askedLocalHosts = true;
            events.add(new HyperDhtEvent.LocalHostsRequested());
        }
        int port = rpc.port(SocketId.SERVER);
        List<PeerAddress> hosts = localHosts.isEmpty() ? List.of(LOOPBACK) : localHosts;
        return hosts.stream().map(host -> host.withPort(port)).toList();
    }

    void localHosts(List<PeerAddress> hosts) {
        askedLocalHosts = false;
        localHostsNanos = nowNanos;
        localHosts = List.copyOf(hosts);
    }

    /** What goes into a handshake: our public address if we are open, then the local ones if they are shared. */
    List<PeerAddress> sharedAddresses(boolean withLocal) {
        List<PeerAddress> addresses = new ArrayList<>();
        PeerAddress open = rpc.remoteAddress();
        if (open != null) {
            addresses.add(open);
        }
        if (withLocal) {
            addresses.addAll(localAddresses());
        }
        return addresses;
    }
}
