package org.aliasrpc.hyperdht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.dht.NodeId;
import org.aliasrpc.dht.Reply;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node forwards: hyperdht.md §11.3, §11.4. */
class RouterTest {
    private static final KeyPair OWNER = SimPeer.keyPair(500);
    private static final NodeId TARGET = new NodeId(OWNER.publicKey().target());
    private static final PeerAddress NODE = SimTestnet.BOOTSTRAP;
    private static final Bytes NOISE = Bytes.utf8("noise");
    private static final Bytes PAYLOAD = Bytes.utf8("payload");

    private final SimTestnet net = new SimTestnet(1, 0);
    private final RawPeer client = new RawPeer(net.network, "7.7.7.7", 1000, 5);
    private final RawPeer server = new RawPeer(net.network, "8.8.8.8", 2000, 6);

    @BeforeEach
    void start() {
        net.start(1);
    }

    private void announceServer() {
        Bytes token = RawPeer.token(server.mustAsk(NODE, Command.FIND_PEER, TARGET, null, null));
        PeerRecord record = PeerRecord.of(OWNER.publicKey());
        AnnounceMessage message = AnnounceSignature.sign(
                Namespaces.ANNOUNCE, TARGET.bytes(), NodeId.of(NODE).bytes(), token, record, OWNER);
        assertThat(server.ask(NODE, Command.ANNOUNCE, TARGET, AnnounceMessage.CODEC.encode(message), token))
                .isNotNull();
    }

    private static Bytes handshake(Mode mode, @Nullable PeerAddress peer, @Nullable PeerAddress relay) {
        return HandshakeMessage.CODEC.encode(new HandshakeMessage(mode, NOISE, peer, relay));
    }

    private static Bytes handshake(Mode mode) {
        return HandshakeMessage.CODEC.encode(HandshakeMessage.of(mode, NOISE));
    }

    @Test
    void aHandshakeForNobodyIsAnsweredWithoutValue() {
        Reply reply = client.mustAsk(NODE, Command.PEER_HANDSHAKE, TARGET, handshake(Mode.FROM_CLIENT), null);
        assertThat(reply.isSuccess()).isTrue();
        assertThat(reply.value()).isNull();
        assertThat(reply.token()).isNull();
    }

    @Test
    void aHandshakeGoesToTheServerAndItsAnswerBack() throws DecodeException {
        announceServer();
        long request = client.send(NODE, Command.PEER_HANDSHAKE, TARGET, handshake(Mode.FROM_CLIENT), null);
        net.network.runFor(10_000_000);
        assertThat(server.handshakes())
                .containsExactly(new HandshakeMessage(Mode.FROM_RELAY, NOISE, client.address, null));
        assertThat(server.requests.get(0).from().address()).isEqualTo(NODE);

        // The server answers with a request of its own that has the same number; the node turns it into the reply.
        server.relay(NODE, server.requests.get(0), handshake(Mode.FROM_SERVER, client.address, null));
        Reply reply = client.reply(request);
        assertThat(HandshakeMessage.CODEC.decode(RawPeer.value(reply)))
                .isEqualTo(new HandshakeMessage(Mode.REPLY, NOISE, server.address, null));
        assertThat(reply.from().address()).isEqualTo(NODE);
    }

    @Test
    void aClientMayNameTheNextHop() {
        client.send(NODE, Command.PEER_HANDSHAKE, TARGET, handshake(Mode.FROM_CLIENT, null, server.address), null);
        net.network.runFor(10_000_000);
        assertThat(server.handshakes())
                .containsExactly(new HandshakeMessage(Mode.FROM_RELAY, NOISE, client.address, null));
    }

    @Test
    void aSecondRelayTellsTheFirstOne() {
        announceServer();
        PeerAddress origin = PeerAddress.of("9.9.9.9", 9);
        client.send(NODE, Command.PEER_HANDSHAKE, TARGET, handshake(Mode.FROM_RELAY, origin, null), null);
        net.network.runFor(10_000_000);
        assertThat(server.handshakes())
                .containsExactly(new HandshakeMessage(Mode.FROM_SECOND_RELAY, NOISE, origin, client.address));
    }

    @Test
    void roundsOfHolePunchingAreForwardedWithoutAnEntry() throws DecodeException {
        Bytes round = HolepunchMessage.CODEC.encode(new HolepunchMessage(Mode.FROM_CLIENT, 7, PAYLOAD, server.address));
        long request = client.send(NODE, Command.PEER_HOLEPUNCH, TARGET, round, null);
        net.network.runFor(10_000_000);
        assertThat(server.requests).hasSize(1);
        Bytes forwarded = Objects.requireNonNull(server.requests.get(0).value());
        assertThat(HolepunchMessage.CODEC.decode(forwarded))
                .isEqualTo(new HolepunchMessage(Mode.FROM_RELAY, 7, PAYLOAD, client.address));

        Bytes answer =
                HolepunchMessage.CODEC.encode(new HolepunchMessage(Mode.FROM_SERVER, 0, PAYLOAD, client.address));
        server.relay(NODE, server.requests.get(0), answer);
        Reply reply = client.reply(request);
        assertThat(HolepunchMessage.CODEC.decode(RawPeer.value(reply)))
                .isEqualTo(new HolepunchMessage(Mode.REPLY, 0, PAYLOAD, server.address));
    }

    @Test
    void roundsOfHolePunchingFollowAnEntry() {
        announceServer();
        Bytes round = HolepunchMessage.CODEC.encode(new HolepunchMessage(Mode.FROM_CLIENT, 7, PAYLOAD, null));
        client.send(NODE, Command.PEER_HOLEPUNCH, TARGET, round, null);
        net.network.runFor(10_000_000);
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void whatCannotBeForwardedIsIgnored() {
        PeerAddress nowhere = PeerAddress.of("9.9.9.9", 0);
        for (Bytes value : new Bytes[] {
            Bytes.EMPTY,
            Bytes.fromHex("0009"),
            handshake(Mode.FROM_SERVER),
            handshake(Mode.FROM_SERVER, nowhere, null),
            handshake(Mode.REPLY, client.address, null),
            handshake(Mode.FROM_SECOND_RELAY, client.address, server.address),
            handshake(Mode.FROM_RELAY, client.address, null),
            handshake(Mode.FROM_CLIENT, null, nowhere)
        }) {
            assertThat(client.ask(NODE, Command.PEER_HANDSHAKE, TARGET, value, null))
                    .isNull();
            assertThat(client.ask(NODE, Command.PEER_HOLEPUNCH, TARGET, value, null))
                    .isNull();
        }
        assertThat(client.ask(NODE, Command.PEER_HANDSHAKE, null, handshake(Mode.FROM_CLIENT), null))
                .isNull();
        assertThat(client.ask(NODE, Command.PEER_HANDSHAKE, TARGET, null, null)).isNull();
        assertThat(server.requests).isEmpty();
    }

    @Test
    void aRouteIsForgottenWhenTheServerIsSilentForHalfAnHour() {
        announceServer();
        net.network.runFor(SimTestnet.seconds(27 * 60));
        Reply reply = client.mustAsk(NODE, Command.PEER_HANDSHAKE, TARGET, handshake(Mode.FROM_CLIENT), null);
        assertThat(reply.value()).isNull();
    }
}
