package org.aliasrpc.hyperdht;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.dht.RpcConfig;
import org.aliasrpc.dht.RpcEvent;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.aliasrpc.sim.SimNetwork;
import org.aliasrpc.sim.SimNode;
import org.jspecify.annotations.Nullable;

/** A node of HyperDHT on a simulated network; what I/O and its owner do in production. Servers echo by default. */
final class SimPeer implements SimNode {
    private static final int FIRST_PORT = 40000;
    private static final long NEVER = -1;

    final SimNetwork network;
    final HyperDhtNode node;
    final List<HyperDhtEvent> events = new ArrayList<>();
    final List<Connection> accepted = new ArrayList<>();
    final List<Connection> opened = new ArrayList<>();
    final Map<Connection, List<ConnectionEvent>> received = new LinkedHashMap<>();

    /** Whether messages of accepted connections are sent back, and their end is answered. */
    boolean echo = true;

    /** Whether connections are polled at all; a reader that sleeps closes the peer's window. */
    boolean reading = true;

    /** Whether handshake work is kept for {@link #finishWork} instead of being done at once. */
    boolean holdWork;

    final List<HandshakeTask> work = new ArrayList<>();

    /** Datagrams. */
    long sent;

    private long asleepSince = NEVER;
    private long slept;

    private final String host;
    private final Map<SocketId, PeerAddress> addresses = new LinkedHashMap<>();
    private int nextPort;

    SimPeer(SimNetwork network, String host, HyperDhtConfig config, long seed) {
        this.network = network;
        this.host = host;
        this.nextPort = FIRST_PORT;
        this.node = new HyperDhtNode(config, new Random(seed));
    }

    /** A key pair that depends on the number alone. */
    static KeyPair keyPair(int number) {
        byte[] seed = new byte[32];
        ByteBuffer.wrap(seed).putInt(number + 1);
        return KeyPair.fromSeed(SecretBytes.copyOf(seed));
    }

    /** Creates and starts a node. */
    static SimPeer start(SimNetwork network, String host, int number, UnaryOperator<RpcConfig.Builder> rpc) {
        return start(network, host, number, false, rpc);
    }

    /** The same, whose handshakes are computed by workers. */
    static SimPeer start(
            SimNetwork network, String host, int number, boolean offload, UnaryOperator<RpcConfig.Builder> rpc) {
        HyperDhtConfig config = HyperDhtConfig.builder(keyPair(number))
                .rpc(rpc.apply(RpcConfig.builder()).build())
                .localHosts(List.of(PeerAddress.of(host, 0)))
                .offloadHandshakes(offload)
                .build();
        SimPeer peer = new SimPeer(network, host, config, number);
        peer.start();
        return peer;
    }

    void start() {
        node.start(network.now());
        network.touch(this);
    }

    /** Takes the node off the network, without a word. */
    void kill() {
        addresses.values().forEach(network::unbind);
        addresses.clear();
    }

    /** The machine stands still, its clock too, and what arrives is lost. */
    void sleep() {
        asleepSince = network.now();
    }

    void wakeUp() {
        slept += network.now() - asleepSince;
        asleepSince = NEVER;
        network.touch(this);
    }

    private boolean isAsleep() {
        return asleepSince != NEVER;
    }

    /** The node's own time. */
    private long time() {
        return network.now() - slept;
    }

    PeerAddress address(SocketId socket) {
        PeerAddress address = addresses.get(socket);
        if (address == null) {
            throw new IllegalStateException(socket + " is not bound");
        }
        return address;
    }

    Listener listen(KeyPair keyPair) {
        return listen(ListenOptions.of(keyPair));
    }

    Listener listen(ListenOptions options) {
        Listener listener = node.listen(options, time());
        network.touch(this);
        return listener;
    }

    void close(Listener listener) {
        node.close(listener, time());
        network.touch(this);
    }

    Connection connect(KeyPair server) {
        return connect(server, ConnectOptions.DEFAULT);
    }

    Connection connect(KeyPair server, ConnectOptions options) {
        Connection connection = node.connect(server.publicKey(), options, time());
        network.touch(this);
        return connection;
    }

    void send(Connection connection, String message) {
        connection.write(Bytes.utf8(message), time());
        network.touch(this);
    }

    List<ConnectionEvent> events(Connection connection) {
        return received.computeIfAbsent(connection, c -> new ArrayList<>());
    }

    List<String> messages(Connection connection) {
        return events(connection).stream()
                .filter(ConnectionEvent.Message.class::isInstance)
                .map(event -> text(((ConnectionEvent.Message) event).body()))
                .toList();
    }

    @Nullable
    ConnectFailure failure(Connection connection) {
        return events(connection).stream()
                .filter(ConnectionEvent.Failed.class::isInstance)
                .map(event -> ((ConnectionEvent.Failed) event).failure())
                .findFirst()
                .orElse(null);
    }

    boolean isClosed(Connection connection) {
        return events(connection).stream()
                .anyMatch(event -> event instanceof ConnectionEvent.Closed || event instanceof ConnectionEvent.Failed);
    }

    <T extends HyperDhtEvent> List<T> events(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Whether the sockets were given back. */
    boolean isSuspended() {
        return addresses.isEmpty();
    }

    boolean isReady() {
        return events(HyperDhtEvent.Rpc.class).stream().anyMatch(event -> event.event() instanceof RpcEvent.Ready);
    }

    @Override
    public void onDatagram(SocketId socket, PeerAddress from, ByteBuffer datagram, long nowNanos) {
        if (!isAsleep()) {
            node.onDatagram(socket, from, datagram, time());
        }
    }

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos) {
        Transmit next = isAsleep() ? null : node.pollTransmit(time());
        sent += next == null ? 0 : 1;
        return next;
    }

    @Override
    public long nextTimeout() {
        long next = node.nextTimeout();
        return isAsleep() || next == Long.MAX_VALUE ? Long.MAX_VALUE : next + slept;
    }

    @Override
    public void onTimeout(long nowNanos) {
        node.onWallClock(TimeUnit.NANOSECONDS.toMillis(network.now()), time());
        node.onTimeout(time());
    }

    @Override
    public void onTurn(long nowNanos) {
        boolean busy = !isAsleep();
        while (busy) {
            busy = false;
            for (HyperDhtEvent event = node.pollEvent(); event != null; event = node.pollEvent()) {
                busy = true;
                onEvent(event, time());
            }
            for (Connection active = reading ? node.pollActive() : null; active != null; active = node.pollActive()) {
                busy = true;
                drain(active, time());
            }
        }
    }

    /** Does the work held back, and hands the results in. */
    void finishWork() {
        List<HandshakeTask> held = List.copyOf(work);
        work.clear();
        held.forEach(HandshakeTask::run);
        held.forEach(task -> node.onHandshakeDone(task, time()));
        network.touch(this);
        network.runFor(1);
    }

    private void drain(Connection connection, long nowNanos) {
        for (ConnectionEvent event = connection.pollEvent(); event != null; event = connection.pollEvent()) {
            events(connection).add(event);
            if (echo && !connection.isInitiator()) {
                if (event instanceof ConnectionEvent.Message message) {
                    connection.write(message.body(), nowNanos);
                } else if (event instanceof ConnectionEvent.RemoteEnded) {
                    connection.end();
                }
            }
        }
    }

    private void onEvent(HyperDhtEvent event, long nowNanos) {
        events.add(event);
        if (event instanceof HyperDhtEvent.Rpc rpc) {
            onRpcEvent(rpc.event(), nowNanos);
        } else if (event instanceof HyperDhtEvent.ConnectionOpened opening) {
            (opening.listener() == null ? opened : accepted).add(opening.connection());
        } else if (event instanceof HyperDhtEvent.LocalHostsRequested) {
            node.onLocalHosts(List.of(PeerAddress.of(host, 0)), nowNanos);
        } else if (event instanceof HyperDhtEvent.HandshakeWork asked) {
            if (holdWork) {
                work.add(asked.task());
            } else {
                asked.task().run();
                node.onHandshakeDone(asked.task(), nowNanos);
            }
        }
    }

    private void onRpcEvent(RpcEvent event, long nowNanos) {
        if (event instanceof RpcEvent.BindRequested request) {
            int wanted = request.ports().get(0);
            PeerAddress address = PeerAddress.of(host, wanted == 0 ? nextPort++ : wanted);
            network.bind(this, request.socket(), address);
            addresses.put(request.socket(), address);
            node.onSocketBound(request.socket(), address.port(), nowNanos);
        } else if (event instanceof RpcEvent.UnbindRequested request) {
            PeerAddress address = addresses.remove(request.socket());
            if (address != null) {
                network.unbind(address);
            }
        }
    }

    static String text(ByteBuffer body) {
        return StandardCharsets.UTF_8.decode(body.duplicate()).toString();
    }
}
