package org.aliasrpc.hyperdht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.dht.IncomingRequest;
import org.aliasrpc.dht.ReplyOptions;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.noise.HandshakePattern;
import org.aliasrpc.noise.HandshakeState;
import org.aliasrpc.noise.NoiseException;
import org.aliasrpc.sim.SimLink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client among nodes that are gone, lie, or play the server themselves: hyperdht.md §7. */
class ConnectorTest {
    private static final KeyPair SERVER = SimPeer.keyPair(500);
    private static final PeerAddress NOWHERE = PeerAddress.of("9.9.9.9", 9);

    private final SimTestnet net = new SimTestnet(1, 0);
    private final RawPeer raw = new RawPeer(net.network, "7.7.7.7", 1000, 5);
    private SimPeer server = net.startBootstrap();
    private SimPeer client = server;

    @BeforeEach
    void start() {
        net.startNode();
        net.startNode();
        net.settle();
        server = net.startOpen();
        client = net.startOpen();
        net.network.runUntil(() -> server.isReady() && client.isReady(), SimTestnet.seconds(10));
    }

    private Listener listen() {
        Listener listener = server.listen(SERVER);
        net.network.runUntil(() -> listener.announcedNodes() > 0, SimTestnet.seconds(10));
        return listener;
    }

    private Connection connectBy(PeerAddress... relays) {
        return client.connect(SERVER, ConnectOptions.DEFAULT.withRelayAddresses(List.of(relays)));
    }

    private void awaitEnd(Connection connection) {
        assertThat(net.network.runUntil(
                        () -> connection.isOpen() || client.isClosed(connection), SimTestnet.seconds(60)))
                .isTrue();
    }

    /** A client that failed leaves nothing behind. */
    private void assertClean() {
        net.network.runFor(SimTestnet.seconds(15));
        assertThat(client.node.core.udx.streamCount()).isZero();
        assertThat(client.node.core.connectors).isEmpty();
        assertThat(client.node.core.connections).isEmpty();
        assertThat(client.node.core.waiting()).isZero();
    }

    private @Nullable HandshakeMessage handshakeOf(IncomingRequest request) {
        try {
            return request.command() == Command.PEER_HANDSHAKE && request.value() != null
                    ? HandshakeMessage.CODEC.decode(request.value())
                    : null;
        } catch (DecodeException e) {
            throw new AssertionError(e);
        }
    }

    /** Lets the raw peer answer as the server would, with a payload of the test's choice. */
    private void playServer(NoisePayload payload, @Nullable PeerAddress serverAddress) {
        raw.handler = request -> {
            HandshakeMessage message = handshakeOf(request);
            if (message == null) {
                return;
            }
            HandshakeState state =
                    HandshakeState.responder(HandshakePattern.IK, Namespaces.PEER_HANDSHAKE, SERVER, new Random(3));
            try {
                state.readMessage(message.noise());
                Bytes noise = state.writeMessage(NoisePayloadCodec.INSTANCE.encode(payload));
                reply(request, new HandshakeMessage(Mode.REPLY, noise, serverAddress, null));
            } catch (NoiseException e) {
                throw new AssertionError(e);
            }
        };
    }

    private void reply(IncomingRequest request, HandshakeMessage message) {
        raw.rpc.reply(request, HandshakeMessage.CODEC.encode(message), ReplyOptions.BARE);
    }

    private static NoisePayload payload(int version, int error, Firewall firewall, boolean udx) {
        return new NoisePayload(
                version,
                error,
                firewall,
                new NoisePayload.Holepunch(0, List.of(new NoisePayload.RelayInfo(NOWHERE, NOWHERE))),
                List.of(),
                List.of(),
                udx ? new NoisePayload.Udx(1, false, 5, 0) : null,
                1,
                null,
                null);
    }

    @Test
    void deadCandidatesDoNotKeepTheWalkFromFindingTheServer() {
        listen();
        Connection connection = connectBy(NOWHERE, NOWHERE.withPort(10), NOWHERE.withPort(11));
        awaitEnd(connection);
        assertThat(connection.isOpen()).isTrue();
        assertThat(client.node.core.relayAddresses.of(SERVER.publicKey())).contains(server.address(SocketId.SERVER));
    }

    @Test
    void nodesThatWorkedAreTriedAtOnce() {
        listen();
        Connection first = connectBy();
        awaitEnd(first);
        net.nodes.forEach(SimPeer::kill); // the server told its own address, too
        Connection second = connectBy();
        awaitEnd(second);
        assertThat(second.isOpen()).isTrue();
        assertThat(second.remoteAddress()).isEqualTo(server.address(SocketId.SERVER));
    }

    @Test
    void theServerItselfMayBeAsked() {
        Listener listener = listen();
        assertThat(listener.announcedNodes()).isPositive();
        Connection connection = connectBy(server.address(SocketId.SERVER));
        awaitEnd(connection);
        assertThat(connection.isOpen()).isTrue();
        client.send(connection, "hello");
        assertThat(net.network.runUntil(() -> client.messages(connection).contains("hello"), SimTestnet.seconds(5)))
                .isTrue();
    }

    @Test
    void aForgedAnswerSpoilsNothing() {
        listen();
        raw.handler = request -> {
            HandshakeMessage message = handshakeOf(request);
            if (message != null) {
                reply(request, new HandshakeMessage(Mode.REPLY, Bytes.wrap(new byte[150]), NOWHERE, null));
            }
        };
        Connection connection = connectBy(raw.address);
        awaitEnd(connection);
        assertThat(connection.isOpen()).isTrue();
        client.send(connection, "hello");
        assertThat(net.network.runUntil(() -> client.messages(connection).contains("hello"), SimTestnet.seconds(5)))
                .isTrue();
    }

    @Test
    void anAnswerOfAnotherModeOrWithoutValueIsAFailedAttempt() {
        raw.handler = request -> {
            HandshakeMessage message = handshakeOf(request);
            if (message != null) {
                reply(request, HandshakeMessage.of(Mode.FROM_SERVER, message.noise()));
            }
        };
        Connection connection = connectBy(raw.address);
        awaitEnd(connection);
        assertThat(client.failure(connection)).isEqualTo(ConnectFailure.PEER_NOT_FOUND);
        assertClean();
    }

    @Test
    void anAnswerFromElsewhereIsAFailedAttempt() {
        RawPeer other = new RawPeer(net.network, "7.7.7.9", 1000, 8);
        other.handler = request -> {
            HandshakeMessage message = handshakeOf(request);
            if (message != null) {
                other.rpc.reply(
                        request,
                        HandshakeMessage.CODEC.encode(HandshakeMessage.of(Mode.REPLY, message.noise())),
                        ReplyOptions.BARE.withTo(client.address(SocketId.SERVER)));
            }
        };
        raw.handler = request -> raw.rpc.relay(request, request.value(), other.address, null);
        Connection connection = connectBy(raw.address);
        awaitEnd(connection);
        assertThat(client.failure(connection)).isEqualTo(ConnectFailure.PEER_NOT_FOUND);
        assertClean();
    }

    @Test
    void aServerOfAnotherVersionIsIncompatible() {
        playServer(payload(2, 0, Firewall.OPEN, true), null);
        Connection connection = connectBy(raw.address);
        awaitEnd(connection);
        assertThat(client.failure(connection)).isEqualTo(ConnectFailure.SERVER_INCOMPATIBLE);
        assertClean();
    }

    @Test
    void anErrorOfTheServerEndsTheAttempt() {
        playServer(payload(1, PayloadError.ABORTED, Firewall.OPEN, true), null);
        Connection refused = connectBy(raw.address);
        awaitEnd(refused);
        assertThat(client.failure(refused)).isEqualTo(ConnectFailure.SERVER_ERROR);
        playServer(payload(1, 0, Firewall.OPEN, false), null);
        Connection withoutStream = connectBy(raw.address);
        awaitEnd(withoutStream);
        assertThat(client.failure(withoutStream)).isEqualTo(ConnectFailure.SERVER_ERROR);
        assertClean();
    }

    @Test
    void aServerThatDoesNotComeIsGivenUpAfterTenSeconds() {
        playServer(payload(1, 0, Firewall.CONSISTENT, true), NOWHERE);
        long began = net.network.now();
        Connection connection = connectBy(raw.address);
        awaitEnd(connection);
        assertThat(client.failure(connection)).isEqualTo(ConnectFailure.HOLEPUNCH_ABORTED);
        assertThat(net.network.now() - began).isBetween(SimTestnet.seconds(10), SimTestnet.seconds(11));
        assertClean();
    }

    @Test
    void aServerWithoutPortIsNotSentTo() {
        playServer(payload(1, 0, Firewall.OPEN, true), NOWHERE.withPort(0));
        Connection connection = connectBy(raw.address);
        awaitEnd(connection);
        assertThat(client.failure(connection)).isEqualTo(ConnectFailure.SERVER_ERROR);
        assertClean();
    }

    @Test
    void aServerThatSendsBeforeItsAnswerArrivesIsHeard() {
        Listener listener = listen();
        assertThat(listener.announcedNodes()).isPositive();
        for (SimPeer node : net.nodes) { // answers crawl, packets of the server run
            net.network.link(
                    node.address(SocketId.SERVER),
                    client.address(SocketId.SERVER),
                    SimLink.PERFECT.withDelayMillis(200));
        }
        Connection connection = connectBy(net.nodes.get(1).address(SocketId.SERVER));
        net.network.runUntil(() -> !server.accepted.isEmpty(), SimTestnet.seconds(2));
        server.send(server.accepted.get(0), "first");
        net.network.runFor(TimeUnit.MILLISECONDS.toNanos(50));
        assertThat(connection.isOpen()).isFalse();
        awaitEnd(connection);
        net.network.runFor(TimeUnit.MILLISECONDS.toNanos(10));
        assertThat(client.messages(connection)).containsExactly("first");
        assertThat(connection.remoteAddress()).isEqualTo(server.address(SocketId.SERVER));
    }

    /** An open client lets the server send first, and what it sends first may be that it wants no more of it. */
    @Test
    void aServerThatBreaksTheConnectionWhileItsAnswerArrivesIsGivenUp() {
        listen();
        PeerAddress relay = net.nodes.get(1).address(SocketId.SERVER);
        net.network.link(
                server.address(SocketId.SERVER),
                client.address(SocketId.SERVER),
                SimLink.PERFECT.withDelayMillis(2)); // as long as the answer takes by the relay
        Connection connection = connectBy(relay);
        net.network.runUntil(() -> !server.accepted.isEmpty(), SimTestnet.seconds(2));
        server.accepted.get(0).destroy();
        net.network.touch(server);
        awaitEnd(connection);
        assertThat(client.failure(connection)).isEqualTo(ConnectFailure.PEER_CONNECTION_FAILED);
        assertClean();
    }

    @Test
    void aConnectionMayBeGivenUpAtAnyTime() {
        for (int millis = 0; millis < 30; millis++) {
            Connection connection = connectBy(raw.address);
            net.network.runFor(TimeUnit.MILLISECONDS.toNanos(millis));
            connection.destroy();
            net.network.touch(client);
            net.network.runFor(1);
            assertThat(client.isClosed(connection)).isTrue();
        }
        assertClean();
    }

    @Test
    void aKeyThatNobodyCanOwnIsRefused() {
        playServer(payload(1, 0, Firewall.OPEN, true), null);
        byte[] nobody = new byte[32];
        nobody[0] = 1; // the neutral element
        Connection connection = client.node.connect(
                PublicKey.of(nobody),
                ConnectOptions.DEFAULT.withRelayAddresses(List.of(raw.address)),
                net.network.now());
        net.network.touch(client);
        awaitEnd(connection);
        assertThat(client.failure(connection)).isEqualTo(ConnectFailure.INVALID_KEY);
        assertClean();
    }

    @Test
    void aClosedNodeConnectsNoMore() {
        Connection pending = connectBy(raw.address);
        client.node.close(net.network.now());
        net.network.touch(client);
        net.network.runFor(1);
        assertThat(client.failure(pending)).isEqualTo(ConnectFailure.NODE_CLOSED);
        Connection late = connectBy(raw.address);
        net.network.runFor(1);
        assertThat(client.failure(late)).isEqualTo(ConnectFailure.NODE_CLOSED);
    }
}
