package org.aliasrpc.dht;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.aliasrpc.dht.PendingRequest.Ask;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.jspecify.annotations.Nullable;

/**
 * One node of the DHT: asks and answers, keeps a routing table, walks towards targets, and finds out its address.
 *
 * <p>Does no I/O and reads no clock. After each call the owner drains {@link #pollTransmit} and {@link #pollEvent}, in this
 * order, for the events may ask for sockets to be closed; then it arms its timer for {@link #nextTimeout}. Confined to the node's event loop. IPv4 only, as the wire format.
 *
 * <p>Handles of requests and queries are positive, never used twice, and each ends with exactly one event:
 * {@link RpcEvent.Replied} or {@link RpcEvent.Failed}, {@link RpcEvent.QueryEnded}; also when cancelled.
 */
public final class RpcNode {
    /** Most requests outstanding at a time; more fail with {@link RequestFailure#OVERLOADED}. */
    public static final int MAX_REQUESTS = 16384;

    /** Most queries at a time; more fail with {@link QueryFailure#OVERLOADED}. */
    public static final int MAX_QUERIES = 4096;

    private final RpcConfig config;
    private final RpcCore core;
    private final Calls calls;

    /**
     * @param config options
     * @param random for ids, tokens, and the choices that must differ from node to node; cryptographically strong in
     *     production
     */
    public RpcNode(RpcConfig config, RandomGenerator random) {
        this.config = config;
        this.core = new RpcCore(config, random);
        this.calls = new Calls(core.requests, core.queries, core.events);
    }

    // ---- life cycle

    /** Starts: asks for both sockets, then joins the network. Effective once. */
    public void start(long nowNanos) {
        core.start(nowNanos);
    }

    /**
     * A socket asked for by {@link RpcEvent.BindRequested} is bound. Sockets for hole punching need not be announced.
     *
     * @param port its local port
     */
    public void onSocketBound(SocketId socket, int port, long nowNanos) {
        core.onSocketBound(socket, port, nowNanos);
    }

    /** None of the ports of a {@link RpcEvent.BindRequested} can be had. The node closes. */
    public void onBindFailed(SocketId socket, long nowNanos) {
        core.onBindFailed(socket, nowNanos);
    }

    /**
     * The answer to {@link RpcEvent.ResolveRequested}.
     *
     * @param name as asked
     * @param address any port; null if the name has no IPv4 address
     */
    public void onResolved(String name, @Nullable PeerAddress address, long nowNanos) {
        core.queries.bootstrap().onResolved(name, address, nowNanos);
    }

    /** Fails all that is outstanding and closes the sockets, until {@link #resume}. */
    public void suspend(long nowNanos) {
        core.suspend(nowNanos);
    }

    /** Binds again, to the same ports if they are free, and treats all nodes as old. */
    public void resume(long nowNanos) {
        core.resume(nowNanos);
    }

    /**
     * The machine slept. The node notices a gap in its own timers by itself; the owner calls this when the wall clock
     * has run ahead of the monotonic one, which may stand still in sleep.
     */
    public void wakeUp() {
        core.wakeUp();
    }

    /** The network interfaces have changed: emits {@link RpcEvent.NetworkUpdate}. */
    public void onNetworkChange() {
        if (!core.state.closed()) {
            core.events.add(new RpcEvent.NetworkUpdate(health()));
        }
    }

    /** Fails all that is outstanding and closes the sockets. Effective once; {@link RpcEvent.Closed} ends all events. */
    public void close(long nowNanos) {
        core.close(nowNanos);
    }

    // ---- input and output

    /**
     * @param socket on which of our sockets it came in
     * @param from the sender
     * @param datagram from position to limit; not kept
     * @return whether it was a well-formed dht-rpc message; nobody else should look at it then
     */
    public boolean onDatagram(SocketId socket, PeerAddress from, ByteBuffer datagram, long nowNanos) {
        return !core.state.suspended()
                && !core.state.closed()
                && core.inbound.onDatagram(socket, from, datagram, nowNanos);
    }

    /** The next datagram to send, null if there is none now. */
    public @Nullable Transmit pollTransmit() {
        return core.transmits.poll();
    }

    /** The next event, null if there is none now. */
    public @Nullable RpcEvent pollEvent() {
        return core.events.poll();
    }

    /** When to call {@link #onTimeout}, {@link Long#MAX_VALUE} for never. */
    public long nextTimeout() {
        return core.nextTimeout();
    }

    /** Does what is due. */
    public void onTimeout(long nowNanos) {
        core.onTimeout(nowNanos);
    }

    // ---- asking others

    /**
     * Sends a request with a command of the layer above.
     *
     * @return its handle
     */
    public long request(PeerAddress to, OutgoingRequest request, RequestOptions options, long nowNanos) {
        return calls.request(new Ask(Peer.withoutId(to), false, request, options, 0), nowNanos);
    }

    /**
     * Asks a node for a sign of life.
     *
     * @param paddingBytes zero bytes to send along, 0 for none
     * @return its handle, as of a request
     */
    public long ping(PeerAddress to, int paddingBytes, RequestOptions options, long nowNanos) {
        Bytes padding = paddingBytes == 0 ? null : Bytes.wrap(new byte[paddingBytes]);
        return calls.request(Ask.internal(Peer.withoutId(to), InternalCommand.PING, null, padding, options), nowNanos);
    }

    /**
     * Asks a node for a sign of life after a delay, to find out how long a NAT keeps a mapping.
     *
     * @param delayNanos at most the configured maximum; whole milliseconds count
     * @return its handle, as of a request
     * @throws IllegalArgumentException above the maximum
     */
    public long delayedPing(PeerAddress to, long delayNanos, RequestOptions options, long nowNanos) {
        if (delayNanos < 0 || delayNanos > config.maxPingDelayNanos()) {
            throw new IllegalArgumentException("ping delay of " + delayNanos + " ns");
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(delayNanos);
        OutgoingRequest request = new OutgoingRequest(
                InternalCommand.DELAYED_PING.number(),
                null,
                new Writer().uint32(millis).toBytes());
        long timeoutNanos = delayNanos + PendingRequests.TIMEOUT_NANOS;
        return calls.request(new Ask(Peer.withoutId(to), true, request, options, timeoutNanos), nowNanos);
    }

    /**
     * Walks towards a target with a command of the layer above.
     *
     * @return its handle
     */
    public long query(QueryOptions options, long nowNanos) {
        return calls.query(options, false, nowNanos);
    }

    /**
     * Walks towards a target for the nodes near it.
     *
     * @param options whose command, value and commit are ignored
     * @return its handle, as of a query
     */
    public long findNode(QueryOptions options, long nowNanos) {
        return calls.query(options, true, nowNanos);
    }

    /** A new group of requests and queries that can be cancelled together; costs nothing and need not be closed. */
    public long openSession() {
        return calls.handles().openSession();
    }

    /** Cancels everything outstanding that was started with a session. */
    public void cancelSession(long session, long nowNanos) {
        calls.handles().cancelSession(session, nowNanos);
    }

    /** Cancels one request or query; without effect if it has ended. */
    public void cancel(long handle, long nowNanos) {
        calls.handles().cancel(handle, nowNanos);
    }

    // ---- answering

    /**
     * Answers a request with success.
     *
     * @param value null leaves it out
     */
    public void reply(IncomingRequest request, @Nullable Bytes value, ReplyOptions options) {
        core.responder.reply(request, RpcError.NONE, value, options);
    }

    /**
     * Answers a request with an error.
     *
     * @param code not 0
     */
    public void error(IncomingRequest request, long code, ReplyOptions options) {
        if (code == RpcError.NONE) {
            throw new IllegalArgumentException("error 0 means success");
        }
        core.responder.reply(request, code, null, options);
    }

    /** Answers a request that the layer above does not serve: {@link RpcError#UNKNOWN_COMMAND} with closer nodes. */
    public void decline(IncomingRequest request) {
        error(request, RpcError.UNKNOWN_COMMAND, ReplyOptions.CLOSER_NODES);
    }

    /**
     * Passes a request on: same tid, command and target, another value, no token. Whoever gets it answers the first
     * sender directly; nothing comes back to us (dht-rpc.md §12.3).
     *
     * @param socket from where; null means the socket the request came in on
     */
    public void relay(IncomingRequest request, @Nullable Bytes value, PeerAddress to, @Nullable SocketId socket) {
        core.responder.relay(request, value, to, socket);
    }

    // ---- state

    /** Our id if we are persistent, else null. */
    public @Nullable NodeId id() {
        return core.state.ephemeral() ? null : core.state.tableId();
    }

    /** The centre of the routing table: our id, or what stands in for it while we have none. */
    public NodeId tableId() {
        return core.state.tableId();
    }

    /** Whether others may have us in their tables. */
    public boolean isPersistent() {
        return id() != null;
    }

    /** Whether the node believes that others cannot reach it unasked. */
    public boolean isFirewalled() {
        return core.state.firewalled();
    }

    /** Whether the first walks are done. */
    public boolean isBootstrapped() {
        return core.state.bootstrapped();
    }

    /** Whether the node is suspended. */
    public boolean isSuspended() {
        return core.state.suspended();
    }

    /** Whether the node is closed. */
    public boolean isClosed() {
        return core.state.closed();
    }

    /** How well requests get answered. */
    public Health health() {
        return core.ticker.health();
    }

    /** Our address as others see it: null if unknown, port 0 if they see different ports ("randomized"). */
    public @Nullable PeerAddress natAddress() {
        return core.reachability.samples().address();
    }

    /**
     * The address at which anybody can reach us, or null: known, not firewalled, and with the server socket's own port.
     * "The node is open" in hyperdht.md means that this is not null.
     */
    public @Nullable PeerAddress remoteAddress() {
        return core.reachability.remoteAddress();
    }

    /** The socket that requests leave from: the client socket while firewalled, else the server socket. */
    public SocketId activeSocket() {
        return core.state.activeSocket();
    }

    /** The local port of the server or the client socket, 0 while it is not bound. */
    public int port(SocketId socket) {
        return core.state.port(socket);
    }

    /** Puts a node into the routing table unseen. */
    public void addNode(PeerAddress address, long nowNanos) {
        core.neighbours.add(address, nowNanos);
    }

    /**
     * Nodes of the routing table, the one heard of most recently first, without ourselves.
     *
     * @param limit how many at most
     */
    public List<Peer> nodes(int limit) {
        return core.neighbours.latest(limit).stream().map(TableNode::peer).toList();
    }

    /** Walks towards a random known node in the background, which freshens the routing table. */
    public void refresh(long nowNanos) {
        core.queries.refresh(nowNanos);
    }

    /** Counters. */
    public RpcStats stats() {
        return core.requests.stats(core.queries.active(), core.queries.total());
    }
}
