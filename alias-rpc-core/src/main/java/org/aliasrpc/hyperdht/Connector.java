package org.aliasrpc.hyperdht;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.dht.NodeId;
import org.aliasrpc.dht.Reply;
import org.aliasrpc.dht.RequestFailure;
import org.aliasrpc.dht.RequestOptions;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.udx.Firewall.Decision;
import org.aliasrpc.udx.UdxStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes one connection of a client: {@link Search} finds nodes that know the server, {@link OutgoingHandshake} gets the
 * handshake through by one of them, and {@link Path} tells what to do then.
 *
 * <p>Source: docs/protocol/hyperdht.md §7. Punching holes and blind relays come in where {@link Path.Punch} is handled.
 */
final class Connector implements RpcOwner, StreamOwner, Timed {
    /** How long the server has to come to us (§7.5, row 2). */
    static final long PASSIVE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** A packet that came before the handshake was through: the way to the server. */
    private record Early(SocketId socket, PeerAddress from) {}

    private final NodeCore core;
    private final Connection connection;
    private final boolean useLocal;
    private final UdxStream stream;
    private final long session;
    private final Search search;
    private final OutgoingHandshake handshake;

    private OutgoingHandshake.@Nullable Result result;
    private @Nullable Early early;
    private @Nullable PeerAddress pinged;
    private long ping;
    private long deadline = Long.MAX_VALUE;
    private boolean over;

    /**
     * @param candidates nodes to try at once, possibly none
     */
    Connector(NodeCore core, Connection connection, KeyPair keyPair, boolean useLocal, List<PeerAddress> candidates) {
        this.core = core;
        this.connection = connection;
        this.useLocal = useLocal;
        this.session = core.rpc.openSession();
        this.stream = core.udx.createStream(this::onUnknownWay);
        PublicKey server = connection.remotePublicKey();
        this.handshake = new OutgoingHandshake(core, this, keyPair, server, session);
        this.search = new Search(core, this, new NodeId(server.target()), candidates, session);
    }

    void start() {
        stream.attach(this);
        connection.connector(this);
        core.connectors.add(this);
        search.start();
    }

    /** What message 1 says. */
    NoisePayload ownPayload(Firewall told) {
        return new NoisePayload(
                NoisePayload.VERSION,
                PayloadError.NONE,
                told,
                null,
                core.sharedAddresses(useLocal),
                List.of(),
                new NoisePayload.Udx(1, false, Integer.toUnsignedLong(stream.localId()), 0),
                1,
                null,
                null);
    }

    // ---- the search asks for attempts, the handshake makes them

    void attempt(PeerAddress node) {
        handshake.attempt(node);
    }

    void onAttemptFailed(PeerAddress node) {
        search.onAttemptFailed(node);
    }

    void onHandshake(OutgoingHandshake.Result handshaken) {
        result = handshaken;
        search.stop();
        handshake.close();
        core.rpc.cancelSession(session, core.now());
        if (early != null) {
            connect(handshaken, early.socket, early.from);
        } else if (!handshaken.relayed()) {
            connect(handshaken, handshaken.socket(), handshaken.facts().asked()); // the server itself answered
        } else {
            reach(handshaken);
        }
    }

    private void reach(OutgoingHandshake.Result handshaken) {
        Path path = Path.choose(
                handshaken.remote(), handshaken.facts(), handshaken.told(), useLocal, core.localAddresses());
        if (path instanceof Path.Direct direct) {
            connect(handshaken, core.rpc.activeSocket(), direct.address());
        } else if (path instanceof Path.Passive) {
            deadline = core.now() + PASSIVE_NANOS;
            core.timers.update(this);
        } else if (path instanceof Path.Local local) {
            pinged = local.address();
            ping = core.ping(this, local.address(), RequestOptions.DEFAULT.withSession(session));
        } else {
            fail(ConnectFailure.CANNOT_HOLEPUNCH);
        }
    }

    @Override
    public void onReply(long request, Reply reply, long nowNanos) {
        if (request == ping && result != null && pinged != null) {
            // From the server socket: its port is the one we listed for the local network, too (§7.5, row 3).
            connect(result, SocketId.SERVER, pinged);
        }
    }

    @Override
    public void onFailed(long request, RequestFailure failure, long nowNanos) {
        if (request == ping) {
            fail(ConnectFailure.HOLEPUNCH_ABORTED);
        }
    }

    /** UDX asks: a packet for our stream came by a way that it does not know. */
    private Decision onUnknownWay(UdxStream asked, SocketId socket, PeerAddress from) {
        if (asked.isConnected()) {
            PeerAddress known = asked.remoteAddress();
            return known != null && known.sameHost(from) ? Decision.ACCEPT : Decision.REFUSE;
        }
        if (result != null && result.remote().udx() != null) {
            return new Decision.Connect(socket, (int) result.remote().udx().id(), from);
        }
        early = new Early(socket, from); // the packet is kept, and acknowledged once the stream is connected (§7.1)
        return Decision.ACCEPT;
    }

    /** The stream was connected by {@link #onUnknownWay}, has closed, or holds an early packet. */
    @Override
    public void onStreamActive(UdxStream active, long nowNanos) {
        if (active.isClosed()) {
            fail(ConnectFailure.PEER_CONNECTION_FAILED);
        } else if (active.isConnected() && result != null) {
            handOver(result);
        }
    }

    private void connect(OutgoingHandshake.Result handshaken, SocketId socket, PeerAddress server) {
        NoisePayload.Udx udx = handshaken.remote().udx();
        if (over || udx == null) {
            return;
        }
        if (server.port() == 0) {
            fail(ConnectFailure.SERVER_ERROR);
            return;
        }
        if (stream.isClosed()) {
            fail(ConnectFailure.PEER_CONNECTION_FAILED); // broken by the server before its answer was read
            return;
        }
        if (!stream.isConnected()) {
            stream.connect(socket, (int) udx.id(), server);
        }
        handOver(handshaken);
    }

    private void handOver(OutgoingHandshake.Result handshaken) {
        if (over) {
            return;
        }
        end();
        List<PeerAddress> told = handshaken.remote().relayAddresses();
        core.relayAddresses.put(
                connection.remotePublicKey(),
                told == null || told.isEmpty() ? List.of(handshaken.facts().asked()) : told);
        connection.open(stream, handshaken.keys(), core.now());
        core.events.add(new HyperDhtEvent.ConnectionOpened(null, connection));
    }

    @Override
    public long nextTimeout() {
        return deadline;
    }

    @Override
    public void onTimeout(long nowNanos) {
        deadline = Long.MAX_VALUE;
        fail(ConnectFailure.HOLEPUNCH_ABORTED);
    }

    /** The connection will not open. */
    void fail(ConnectFailure failure) {
        if (over) {
            return;
        }
        end();
        stream.attach(null);
        stream.destroy();
        if (result != null) {
            result.keys().tx().close();
            result.keys().rx().close();
        }
        connection.fail(failure);
    }

    private void end() {
        over = true;
        deadline = Long.MAX_VALUE;
        search.stop();
        handshake.close();
        core.rpc.cancelSession(session, core.now());
        core.connectors.remove(this);
    }
}
