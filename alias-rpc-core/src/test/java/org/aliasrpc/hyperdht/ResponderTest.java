package org.aliasrpc.hyperdht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.crypto.Blake2b;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.dht.NodeId;
import org.aliasrpc.dht.Reply;
import org.aliasrpc.dht.RpcError;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node stores and answers: hyperdht.md §5.2, §12. */
class ResponderTest {
    private static final KeyPair OWNER = SimPeer.keyPair(500);
    private static final NodeId SELF = new NodeId(OWNER.publicKey().target());
    private static final NodeId TOPIC = new NodeId(Blake2b.hash(Bytes.utf8("topic")));
    private static final PeerAddress NODE = SimTestnet.BOOTSTRAP;
    private static final NodeId NODE_ID = NodeId.of(NODE);
    private static final long START_MILLIS = 1_000_000;

    private final SimTestnet net = new SimTestnet(1, 0);
    private final RawPeer peer = new RawPeer(net.network, "7.7.7.7", 1000, 5);

    @BeforeEach
    void start() {
        net.start(1);
    }

    private Reply ask(int command, @Nullable NodeId target, @Nullable Bytes value, @Nullable Bytes token) {
        return peer.mustAsk(NODE, command, target, value, token);
    }

    private Bytes token() {
        return RawPeer.token(ask(Command.FIND_PEER, SELF, null, null));
    }

    private static Bytes signed(
            Bytes namespace,
            NodeId target,
            KeyPair owner,
            Bytes token,
            List<PeerAddress> relays,
            @Nullable Bytes refresh,
            long bump) {
        PeerRecord record = new PeerRecord(owner.publicKey(), relays);
        Bytes signature = owner.sign(
                AnnounceSignature.signable(namespace, target.bytes(), NODE_ID.bytes(), token, record, refresh));
        return AnnounceMessage.CODEC.encode(new AnnounceMessage(record, refresh, signature, bump));
    }

    private Reply announce(NodeId target, KeyPair owner, List<PeerAddress> relays) {
        Bytes token = token();
        Bytes value = signed(Namespaces.ANNOUNCE, target, owner, token, relays, null, 0);
        return ask(Command.ANNOUNCE, target, value, token);
    }

    private LookupReply lookup() {
        Bytes value = ask(Command.LOOKUP, TOPIC, null, null).value();
        try {
            return value == null ? new LookupReply(List.of(), 0) : LookupReply.CODEC.decode(value);
        } catch (DecodeException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aServerThatAnnouncedItselfIsFound() throws DecodeException {
        Reply stored = announce(SELF, OWNER, List.of());
        assertThat(stored.isSuccess()).isTrue();
        assertThat(stored.token()).isNull();
        assertThat(stored.closerNodes()).isEmpty();
        assertThat(stored.value()).isNull();
        Reply found = ask(Command.FIND_PEER, SELF, null, null);
        assertThat(found.token()).isNotNull();
        assertThat(PeerRecord.CODEC.decode(RawPeer.value(found))).isEqualTo(PeerRecord.of(OWNER.publicKey()));
    }

    @Test
    void anUnannouncedServerIsForgotten() {
        announce(SELF, OWNER, List.of());
        Bytes token = token();
        Bytes value = signed(Namespaces.UNANNOUNCE, SELF, OWNER, token, List.of(), null, 0);
        assertThat(ask(Command.UNANNOUNCE, SELF, value, token).isSuccess()).isTrue();
        assertThat(ask(Command.FIND_PEER, SELF, null, null).value()).isNull();
    }

    @Test
    void aSignatureForAnotherPurposeIsIgnored() {
        Bytes token = token();
        Bytes wrong = signed(Namespaces.UNANNOUNCE, SELF, OWNER, token, List.of(), null, 0);
        assertThat(peer.ask(NODE, Command.ANNOUNCE, SELF, wrong, token)).isNull();
        announce(SELF, OWNER, List.of());
        Bytes again = token();
        wrong = signed(Namespaces.ANNOUNCE, SELF, OWNER, again, List.of(), null, 0);
        assertThat(peer.ask(NODE, Command.UNANNOUNCE, SELF, wrong, again)).isNull();
        assertThat(ask(Command.FIND_PEER, SELF, null, null).value()).isNotNull();
    }

    @Test
    void nothingIsStoredWithoutAToken() {
        Bytes token = token();
        Bytes value = signed(Namespaces.ANNOUNCE, SELF, OWNER, token, List.of(), null, 0);
        assertThat(peer.ask(NODE, Command.ANNOUNCE, SELF, value, null)).isNull();
        Reply wrong = ask(Command.ANNOUNCE, SELF, value, Bytes.wrap(new byte[32]));
        assertThat(wrong.error()).isEqualTo(RpcError.INVALID_TOKEN);
        assertThat(ask(Command.FIND_PEER, SELF, null, null).value()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ff", "05", "00", "01", "0200"})
    void damagedAnnouncesAreIgnored(String hex) {
        Bytes token = token();
        assertThat(peer.ask(NODE, Command.ANNOUNCE, SELF, Bytes.fromHex(hex), token))
                .isNull();
        assertThat(peer.ask(NODE, Command.UNANNOUNCE, SELF, Bytes.fromHex(hex), token))
                .isNull();
    }

    @Test
    void threeRelaysAreKept() {
        List<PeerAddress> relays = new ArrayList<>();
        for (int i = 1; i <= 9; i++) {
            relays.add(PeerAddress.of("8.8.8.8", i));
        }
        announce(TOPIC, OWNER, relays);
        assertThat(lookup().peers()).containsExactly(new PeerRecord(OWNER.publicKey(), relays.subList(0, 3)));
    }

    @Test
    void aLookupGivesTwentyOfManyPeers() {
        for (int i = 0; i < 30; i++) {
            announce(TOPIC, SimPeer.keyPair(600 + i), List.of());
        }
        assertThat(lookup().peers()).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void theHighestBumpOfThePresentIsTold() {
        Bytes token = token();
        long[] bumps = {5, 3, START_MILLIS * 1000};
        for (int i = 0; i < bumps.length; i++) {
            KeyPair owner = SimPeer.keyPair(600 + i);
            ask(
                    Command.ANNOUNCE,
                    TOPIC,
                    signed(Namespaces.ANNOUNCE, TOPIC, owner, token, List.of(), null, bumps[i]),
                    token);
        }
        assertThat(lookup().bump()).isEqualTo(5);
        assertThat(lookup().peers()).hasSize(3);
    }

    @Test
    void aChainOfHashesRefreshesARecord() {
        Bytes last = Blake2b.hash(Bytes.utf8("secret"));
        Bytes middle = Blake2b.hash(last);
        Bytes token = token();
        ask(
                Command.ANNOUNCE,
                TOPIC,
                signed(Namespaces.ANNOUNCE, TOPIC, OWNER, token, List.of(), Blake2b.hash(middle), 0),
                token);
        for (Bytes link : List.of(middle, last)) {
            net.network.runFor(TimeUnit.MINUTES.toNanos(15));
            Bytes refresh = AnnounceMessage.CODEC.encode(new AnnounceMessage(null, link, null, 0));
            assertThat(ask(Command.ANNOUNCE, TOPIC, refresh, token()).isSuccess())
                    .isTrue();
        }
        assertThat(lookup().peers()).containsExactly(PeerRecord.of(OWNER.publicKey()));
        Bytes used = AnnounceMessage.CODEC.encode(new AnnounceMessage(null, middle, null, 0));
        assertThat(peer.ask(NODE, Command.ANNOUNCE, TOPIC, used, token())).isNull();
    }

    @Test
    void valuesAreAnsweredAsByAnEmptyNode() {
        Reply mutable = ask(Command.MUTABLE_GET, SELF, new Writer().uint(0).toBytes(), null);
        assertThat(mutable.isSuccess()).isTrue();
        assertThat(mutable.value()).isNull();
        assertThat(mutable.token()).isNotNull();
        assertThat(ask(Command.IMMUTABLE_GET, TOPIC, null, null).value()).isNull();
        assertThat(peer.ask(NODE, Command.MUTABLE_GET, SELF, null, null)).isNull();
        assertThat(ask(Command.IMMUTABLE_PUT, TOPIC, Bytes.utf8("value"), token())
                        .error())
                .isEqualTo(RpcError.UNKNOWN_COMMAND);
        assertThat(ask(Command.MUTABLE_PUT, SELF, Bytes.utf8("value"), token()).error())
                .isEqualTo(RpcError.UNKNOWN_COMMAND);
    }

    @Test
    void requestsWithoutTargetAreIgnoredAndUnknownOnesDeclined() {
        for (int command = Command.FIND_PEER; command <= Command.PLUGIN; command++) {
            assertThat(peer.ask(NODE, command, null, Bytes.EMPTY, null)).isNull();
        }
        assertThat(ask(Command.PLUGIN + 1, SELF, null, null).error()).isEqualTo(RpcError.UNKNOWN_COMMAND);
        assertThat(peer.ask(NODE, Command.PLUGIN, SELF, Bytes.fromHex("0474657374010700"), null))
                .isNull();
    }

    @Test
    void anEphemeralNodeStoresNothing() {
        SimPeer ephemeral = net.startFirewalled();
        net.network.runUntil(ephemeral::isReady, SimTestnet.seconds(10));
        PeerAddress address = ephemeral.address(SocketId.SERVER);
        for (int command = Command.FIND_PEER; command <= Command.PLUGIN; command++) {
            Reply reply = peer.mustAsk(address, command, SELF, null, null);
            assertThat(reply.error()).isEqualTo(RpcError.UNKNOWN_COMMAND);
        }
    }
}
