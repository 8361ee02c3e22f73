package org.aliasrpc.hyperdht;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.dht.NodeId;
import org.aliasrpc.dht.Reply;
import org.aliasrpc.dht.RpcConfig;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.noise.HandshakePattern;
import org.aliasrpc.noise.HandshakeState;
import org.aliasrpc.noise.NoiseException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Handshakes at a server, one datagram at a time: hyperdht.md §6.2 to §6.6. */
class HandshakeServerTest {
    private static final KeyPair SERVER = SimPeer.keyPair(500);
    private static final KeyPair CLIENT = SimPeer.keyPair(501);
    private static final NodeId TARGET = new NodeId(SERVER.publicKey().target());
    private static final PeerAddress CLIENT_ADDRESS = PeerAddress.of("9.9.9.9", 99);

    private static final int MAX_UNPROVEN = 10;

    private final SimTestnet net = new SimTestnet(1, 0);
    private final RawPeer relay = new RawPeer(net.network, "7.7.7.7", 1000, 5);
    private final RawPeer otherRelay = new RawPeer(net.network, "7.7.7.8", 1000, 6);
    private final Random random = new Random(1);
    private SimPeer server = start(HandshakeFilter.ACCEPT_ALL, false, 100, 10);

    private SimPeer start(HandshakeFilter filter, boolean offload, int maxHandshakes, int maxPending) {
        HyperDhtConfig config = HyperDhtConfig.builder(SimPeer.keyPair(1))
                .rpc(RpcConfig.builder().firewalled(false).build())
                .offloadHandshakes(offload)
                .maxHandshakes(maxHandshakes)
                .maxPendingHandshakes(maxPending)
                .maxUnprovenConnections(MAX_UNPROVEN)
                .build();
        SimPeer started = new SimPeer(net.network, "5.5.5.5", config, 1);
        started.start();
        net.network.runFor(1);
        started.listen(ListenOptions.of(SERVER).withFilter(filter));
        return started;
    }

    private void restart(HandshakeFilter filter, boolean offload, int maxHandshakes, int maxPending) {
        server.kill();
        server = start(filter, offload, maxHandshakes, maxPending);
    }

    @BeforeEach
    void settle() {
        net.network.runFor(TimeUnit.MILLISECONDS.toNanos(10));
    }

    private NodeCore core() {
        return server.node.core;
    }

    private static NoisePayload payload(long version, Firewall firewall, int streamId) {
        return new NoisePayload(
                version,
                0,
                firewall,
                null,
                List.of(),
                List.of(),
                streamId < 0 ? null : new NoisePayload.Udx(1, false, streamId, 0),
                1,
                null,
                null);
    }

    private HandshakeState client() {
        try {
            return HandshakeState.initiator(
                    HandshakePattern.IK, Namespaces.PEER_HANDSHAKE, CLIENT, SERVER.publicKey(), random);
        } catch (NoiseException e) {
            throw new AssertionError(e);
        }
    }

    private static Bytes write(HandshakeState client, NoisePayload payload) {
        try {
            return client.writeMessage(NoisePayloadCodec.INSTANCE.encode(payload));
        } catch (NoiseException e) {
            throw new AssertionError(e);
        }
    }

    private static NoisePayload read(HandshakeState client, Bytes message) {
        try {
            return NoisePayloadCodec.INSTANCE.decode(client.readMessage(message));
        } catch (NoiseException | DecodeException e) {
            throw new AssertionError(e);
        }
    }

    private void send(RawPeer by, Bytes noise) {
        Bytes value = HandshakeMessage.CODEC.encode(new HandshakeMessage(Mode.FROM_RELAY, noise, CLIENT_ADDRESS, null));
        by.send(server.address(SocketId.SERVER), Command.PEER_HANDSHAKE, TARGET, value, null);
        net.network.runFor(TimeUnit.MILLISECONDS.toNanos(10));
    }

    private void sendUdx(PeerAddress from, long streamId) {
        ByteBuffer packet = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
        packet.put((byte) 0xff).put((byte) 1).put((byte) 4).put((byte) 0).putInt((int) streamId);
        server.onDatagram(SocketId.SERVER, from, packet.position(20).flip(), net.network.now());
        net.network.touch(server);
        net.network.runFor(1);
    }

    @Test
    void copiesByAnyWayHaveOneAnswerAndOneConnection() {
        HandshakeState client = client();
        Bytes noise = write(client, payload(1, Firewall.OPEN, 77));
        for (int i = 0; i < 3; i++) {
            send(relay, noise);
            send(otherRelay, noise);
        }
        assertThat(server.accepted).hasSize(1);
        List<HandshakeMessage> answers = new ArrayList<>(relay.handshakes());
        answers.addAll(otherRelay.handshakes());
        assertThat(answers).hasSize(6);
        assertThat(answers).allSatisfy(answer -> assertThat(answer).isEqualTo(answers.get(0)));
        assertThat(answers.get(0).mode()).isEqualTo(Mode.FROM_SERVER);
        assertThat(answers.get(0).peerAddress()).isEqualTo(CLIENT_ADDRESS);
        NoisePayload told = read(client, answers.get(0).noise());
        assertThat(told.error()).isZero();
        assertThat(told.secretStream()).isEqualTo(1);
        Connection accepted = server.accepted.get(0);
        assertThat(accepted.remotePublicKey()).isEqualTo(CLIENT.publicKey());
        assertThat(accepted.remoteAddress()).isEqualTo(CLIENT_ADDRESS);
        assertThat(accepted.handshakeHash()).isEqualTo(client.split().hash());
    }

    @Test
    void anAnswerIsRememberedForTenSeconds() {
        Bytes noise = write(client(), payload(1, Firewall.OPEN, 77));
        send(relay, noise);
        net.network.runFor(TimeUnit.MILLISECONDS.toNanos(9_900));
        send(relay, noise);
        assertThat(server.accepted).hasSize(1);
        assertThat(relay.handshakes()).hasSize(2);
        net.network.runFor(TimeUnit.MILLISECONDS.toNanos(200));
        assertThat(core().handshakes).isZero();
    }

    @Test
    void aClientThatIsNotOpenIsAwaitedForTenSeconds() {
        HandshakeState client = client();
        send(relay, write(client, payload(1, Firewall.UNKNOWN, 77)));
        assertThat(server.accepted).isEmpty();
        NoisePayload told = read(client, relay.handshakes().get(0).noise());
        long streamId = Objects.requireNonNull(told.udx()).id();
        assertThat(core().udx.streamCount()).isEqualTo(1);
        sendUdx(CLIENT_ADDRESS.withPort(1234), streamId);
        assertThat(server.accepted).hasSize(1);
        assertThat(server.accepted.get(0).remoteAddress()).isEqualTo(CLIENT_ADDRESS.withPort(1234));
        sendUdx(CLIENT_ADDRESS.withPort(1235), streamId);
        assertThat(server.accepted).hasSize(1);
    }

    @Test
    void aClientThatDoesNotComeIsForgotten() {
        HandshakeState client = client();
        send(relay, write(client, payload(1, Firewall.UNKNOWN, 77)));
        long streamId = Objects.requireNonNull(
                        read(client, relay.handshakes().get(0).noise()).udx())
                .id();
        net.network.runFor(SimTestnet.seconds(11));
        assertThat(core().udx.streamCount()).isZero();
        sendUdx(CLIENT_ADDRESS, streamId);
        assertThat(server.accepted).isEmpty();
        net.network.runFor(SimTestnet.seconds(11));
        assertThat(core().handshakes).isZero();
    }

    @Test
    void aClientThatAsksTheServerItselfIsConnectedToWhereItAskedFrom() throws DecodeException {
        HandshakeState client = client();
        Bytes noise = write(client, payload(1, Firewall.UNKNOWN, 77));
        Reply reply = relay.mustAsk(
                server.address(SocketId.CLIENT),
                Command.PEER_HANDSHAKE,
                TARGET,
                HandshakeMessage.CODEC.encode(HandshakeMessage.of(Mode.FROM_CLIENT, noise)),
                null);
        HandshakeMessage answer = HandshakeMessage.CODEC.decode(RawPeer.value(reply));
        assertThat(answer.mode()).isEqualTo(Mode.REPLY);
        assertThat(answer.peerAddress()).isNull();
        assertThat(read(client, answer.noise()).error()).isZero();
        assertThat(server.accepted).singleElement().satisfies(accepted -> {
            assertThat(accepted.remoteAddress()).isEqualTo(relay.address);
            assertThat(accepted.socket()).isEqualTo(SocketId.CLIENT);
        });
        assertThat(relay.others).isNotEmpty(); // the header of the secret stream, sent at once
    }

    @Test
    void aSecondRelayIsAnsweredByTheFirst() {
        Bytes noise = write(client(), payload(1, Firewall.OPEN, 77));
        Bytes value = HandshakeMessage.CODEC.encode(
                new HandshakeMessage(Mode.FROM_SECOND_RELAY, noise, CLIENT_ADDRESS, otherRelay.address));
        relay.send(server.address(SocketId.SERVER), Command.PEER_HANDSHAKE, TARGET, value, null);
        net.network.runFor(TimeUnit.MILLISECONDS.toNanos(10));
        assertThat(relay.handshakes()).isEmpty();
        assertThat(otherRelay.handshakes()).hasSize(1);
    }

    @Test
    void anotherVersionIsToldSo() {
        HandshakeState client = client();
        send(relay, write(client, payload(2, Firewall.OPEN, 77)));
        assertThat(read(client, relay.handshakes().get(0).noise()).error()).isEqualTo(PayloadError.VERSION_MISMATCH);
        assertThat(server.accepted).isEmpty();
        assertThat(core().udx.streamCount()).isZero();
    }

    @Test
    void aClientWithoutStreamIsToldSo() {
        HandshakeState client = client();
        send(relay, write(client, payload(1, Firewall.OPEN, -1)));
        assertThat(read(client, relay.handshakes().get(0).noise()).error()).isEqualTo(PayloadError.ABORTED);
        assertThat(server.accepted).isEmpty();
    }

    @Test
    void whatIsNoMessage1IsAnsweredWithSilence() {
        Bytes good = write(client(), payload(1, Firewall.OPEN, 77));
        byte[] damaged = good.toByteArray();
        damaged[damaged.length - 1] ^= 1;
        send(relay, Bytes.wrap(damaged));
        send(relay, good.slice(0, 95));
        send(relay, Bytes.EMPTY);
        send(relay, Bytes.wrap(new byte[200]));
        assertThat(relay.handshakes()).isEmpty();
        assertThat(server.accepted).isEmpty();
        assertThat(core().pendingHandshakes).isZero();
        send(relay, good); // nobody can spoil it for others
        assertThat(server.accepted).hasSize(1);
    }

    @Test
    void handshakesInExcessAreIgnored() {
        restart(HandshakeFilter.ACCEPT_ALL, false, 5, 10);
        for (int i = 0; i < 8; i++) {
            send(relay, write(client(), payload(1, Firewall.UNKNOWN, i)));
        }
        assertThat(relay.handshakes()).hasSize(5);
        assertThat(core().handshakes).isEqualTo(5);
        net.network.runFor(SimTestnet.seconds(21));
        assertThat(core().handshakes).isZero();
        send(relay, write(client(), payload(1, Firewall.OPEN, 9)));
        assertThat(server.accepted).hasSize(1);
    }

    @Test
    void clientsThatAreNeverHeardOfTakeNoRoomForLong() {
        for (int i = 0; i < 15; i++) {
            send(relay, write(client(), payload(1, Firewall.OPEN, i))); // nobody is at their address
        }
        assertThat(core().unproven.size()).isEqualTo(MAX_UNPROVEN);
        assertThat(core().udx.streamCount()).isEqualTo(MAX_UNPROVEN);
        net.network.runFor(Connection.PROOF_NANOS);
        assertThat(server.accepted)
                .allSatisfy(accepted -> assertThat(server.events(accepted))
                        .containsExactly(new ConnectionEvent.Closed(ConnectionEvent.CloseReason.TIMED_OUT)));
        assertThat(core().udx.streamCount()).isZero();
        assertThat(core().unproven.size()).isZero();
        send(relay, write(client(), payload(1, Firewall.OPEN, 99)));
        assertThat(server.accepted).hasSize(16);
    }

    /** Who takes 20 s for nothing must not be able to fill the table for 20 s. */
    @Test
    void clientsThatAreNeverHeardOfKeepNobodyOut() {
        for (int i = 0; i < 2 * MAX_UNPROVEN; i++) {
            send(relay, write(client(), payload(1, Firewall.OPEN, i)));
        }
        send(relay, write(client(), payload(1, Firewall.OPEN, 77)));
        Connection honest = server.accepted.get(2 * MAX_UNPROVEN);
        acknowledgeHeader(honest);
        for (int i = 0; i < 2 * MAX_UNPROVEN; i++) {
            send(relay, write(client(), payload(1, Firewall.OPEN, 100 + i)));
        }
        assertThat(server.accepted.stream().filter(Connection::isOpen)).hasSize(MAX_UNPROVEN + 1);
        assertThat(honest.isOpen()).isTrue();
        net.network.runFor(Connection.PROOF_NANOS - SimTestnet.seconds(10));
        assertThat(honest.isOpen()).isTrue();
    }

    private void acknowledgeHeader(Connection connection) {
        int id = Objects.requireNonNull(connection.stream()).localId();
        ByteBuffer packet = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
        packet.put((byte) 0xff).put((byte) 1).putShort((short) 0).putInt(id).putInt(1 << 20);
        packet.putInt(0).putInt(1).flip();
        server.onDatagram(SocketId.SERVER, CLIENT_ADDRESS, packet, net.network.now());
        net.network.touch(server);
        net.network.runFor(1);
    }

    @Test
    void verdictsInExcessAreNotAskedFor() {
        restart((key, payload, from) -> HandshakeFilter.Verdict.ASK, false, 100, 3);
        Bytes first = write(client(), payload(1, Firewall.OPEN, 1));
        for (int i = 0; i < 50; i++) {
            send(relay, first); // copies wait, but not all
        }
        for (int i = 0; i < 8; i++) {
            send(relay, write(client(), payload(1, Firewall.OPEN, i)));
        }
        List<HyperDhtEvent.VerdictRequested> asked = server.events(HyperDhtEvent.VerdictRequested.class);
        assertThat(asked).hasSize(3);
        assertThat(core().pendingHandshakes).isEqualTo(3);
        server.node.onVerdict(asked.get(0).handshake(), true, net.network.now());
        server.node.onVerdict(asked.get(0).handshake(), true, net.network.now());
        server.node.onVerdict(asked.get(1).handshake(), false, net.network.now());
        net.network.touch(server);
        net.network.runFor(TimeUnit.MILLISECONDS.toNanos(10));
        assertThat(server.accepted).hasSize(1);
        assertThat(relay.handshakes()).hasSize(IncomingHandshake.MAX_WAITING);
        net.network.runFor(SimTestnet.seconds(25));
        server.node.onVerdict(asked.get(2).handshake(), true, net.network.now());
        assertThat(server.accepted).hasSize(1);
        assertThat(core().handshakes).isZero();
        assertThat(core().pendingHandshakes).isZero();
    }

    @Test
    void workersMayTakeTheirTime() {
        restart(HandshakeFilter.ACCEPT_ALL, true, 100, 3);
        server.holdWork = true;
        Bytes noise = write(client(), payload(1, Firewall.OPEN, 77));
        send(relay, noise);
        send(otherRelay, noise);
        assertThat(server.work).hasSize(1);
        for (int i = 0; i < 5; i++) {
            send(relay, write(client(), payload(1, Firewall.OPEN, i)));
        }
        assertThat(server.work).hasSize(3);
        server.finishWork();
        server.finishWork();
        assertThat(server.accepted).hasSize(3);
        net.network.runFor(TimeUnit.MILLISECONDS.toNanos(10));
        assertThat(relay.handshakes()).hasSize(3);
        assertThat(otherRelay.handshakes()).hasSize(1);
    }

    @Test
    void closingDropsWhatIsNotConnected() {
        restart(HandshakeFilter.ACCEPT_ALL, true, 100, 10);
        send(relay, write(client(), payload(1, Firewall.UNKNOWN, 1)));
        send(relay, write(client(), payload(1, Firewall.OPEN, 2)));
        server.holdWork = true;
        send(relay, write(client(), payload(1, Firewall.UNKNOWN, 3)));
        assertThat(core().handshakes).isEqualTo(3);
        server.close(server.node.listeners().get(0));
        server.finishWork();
        net.network.runFor(SimTestnet.seconds(3));
        assertThat(core().handshakes).isZero();
        assertThat(core().pendingHandshakes).isZero();
        assertThat(server.accepted).hasSize(1); // it stays
        assertThat(core().udx.streamCount()).isEqualTo(1);
        send(relay, write(client(), payload(1, Firewall.OPEN, 4)));
        assertThat(server.accepted).hasSize(1);
    }
}
