package org.aliasrpc.hyperdht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.aliasrpc.crypto.Blake2b;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.dht.NodeId;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every message of the reference, in both directions. */
class MessagesVectorTest {
    private static final String FILE = "hyperdht";

    static Stream<JsonNode> announceSignatures() {
        return Vectors.cases(FILE, "announceSignatures");
    }

    static Stream<JsonNode> mutable() {
        return Vectors.cases(FILE, "mutable");
    }

    static Stream<JsonNode> holepunchBox() {
        return Vectors.cases(FILE, "holepunchBox");
    }

    static Stream<JsonNode> matchAddress() {
        return Vectors.cases(FILE, "matchAddress");
    }

    /** A codec's tests over a section whose cases have {@code hex} and {@code decoded}. */
    private static <T> Stream<DynamicTest> bothWays(String section, Codec<T> codec, Function<JsonNode, T> read) {
        return Vectors.cases(FILE, section)
                .map(value -> dynamicTest(section + ": " + Vectors.text(value, "name"), () -> {
                    Bytes encoded = Vectors.bytes(value, "hex");
                    T decoded = read.apply(Vectors.field(value, "decoded"));
                    assertThat(codec.decode(encoded)).isEqualTo(decoded);
                    if (Vectors.has(value, "input")) {
                        assertThat(codec.encode(decoded)).isEqualTo(encoded);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> messages() {
        return Stream.of(
                        bothWays("handshake", HandshakeMessage.CODEC, VectorSupport::handshake),
                        bothWays("noisePayload", NoisePayloadCodec.INSTANCE, VectorSupport::noisePayload),
                        bothWays("holepunch", HolepunchMessage.CODEC, VectorSupport::holepunch),
                        bothWays("holepunchPayload", HolepunchPayload.CODEC, VectorSupport::holepunchPayload),
                        bothWays("peer", PeerRecord.CODEC, VectorSupport::record),
                        bothWays("announce", AnnounceMessage.CODEC, VectorSupport::announce),
                        bothWays("lookupReply", LookupReply.CODEC, MessagesVectorTest::lookupReply),
                        bothWays("plugin", PluginRequest.CODEC, MessagesVectorTest::pluginRequest))
                .flatMap(tests -> tests);
    }

    @Test
    void numbersAreThoseOfTheReference() {
        JsonNode constants = Vectors.field(Vectors.load(FILE), "constants");
        JsonNode commands = Vectors.field(constants, "commands");
        assertThat(List.of(
                                "PEER_HANDSHAKE",
                                "PEER_HOLEPUNCH",
                                "FIND_PEER",
                                "LOOKUP",
                                "ANNOUNCE",
                                "UNANNOUNCE",
                                "MUTABLE_PUT",
                                "MUTABLE_GET",
                                "IMMUTABLE_PUT",
                                "IMMUTABLE_GET",
                                "PLUGIN")
                        .stream()
                        .map(name -> (int) Vectors.integer(commands, name)))
                .containsExactly(
                        Command.PEER_HANDSHAKE,
                        Command.PEER_HOLEPUNCH,
                        Command.FIND_PEER,
                        Command.LOOKUP,
                        Command.ANNOUNCE,
                        Command.UNANNOUNCE,
                        Command.MUTABLE_PUT,
                        Command.MUTABLE_GET,
                        Command.IMMUTABLE_PUT,
                        Command.IMMUTABLE_GET,
                        Command.PLUGIN);
        JsonNode firewalls = Vectors.field(constants, "firewall");
        assertThat(Firewall.values())
                .allSatisfy(firewall ->
                        assertThat(Vectors.integer(firewalls, firewall.name())).isEqualTo(firewall.code()))
                .hasSize(firewalls.size());
        JsonNode modes = Vectors.field(constants, "modes");
        assertThat(Mode.values())
                .allSatisfy(
                        mode -> assertThat(Vectors.integer(modes, mode.name())).isEqualTo(mode.code()))
                .hasSize(modes.size());
        JsonNode errors = Vectors.field(constants, "errors");
        assertThat(Stream.of("NONE", "ABORTED", "VERSION_MISMATCH", "TRY_LATER", "SEQ_REUSED", "SEQ_TOO_LOW")
                        .map(name -> (int) Vectors.integer(errors, name)))
                .containsExactly(
                        PayloadError.NONE,
                        PayloadError.ABORTED,
                        PayloadError.VERSION_MISMATCH,
                        PayloadError.TRY_LATER,
                        Command.ERROR_SEQ_REUSED,
                        Command.ERROR_SEQ_TOO_LOW);
    }

    @Test
    void namespacesAreThoseOfTheReference() {
        JsonNode namespaces = Vectors.field(Vectors.field(Vectors.load(FILE), "constants"), "namespaces");
        assertThat(Namespaces.ANNOUNCE).isEqualTo(Vectors.bytes(namespaces, "ANNOUNCE"));
        assertThat(Namespaces.UNANNOUNCE).isEqualTo(Vectors.bytes(namespaces, "UNANNOUNCE"));
        assertThat(Namespaces.MUTABLE_PUT).isEqualTo(Vectors.bytes(namespaces, "MUTABLE_PUT"));
        assertThat(Namespaces.PEER_HANDSHAKE).isEqualTo(Vectors.bytes(namespaces, "PEER_HANDSHAKE"));
        assertThat(Namespaces.PEER_HOLEPUNCH).isEqualTo(Vectors.bytes(namespaces, "PEER_HOLEPUNCH"));
        assertThat(Namespaces.PLUGIN).isEqualTo(Vectors.bytes(namespaces, "PLUGIN"));
    }

    @Test
    void keysHaveTheTargetsOfTheReference() {
        JsonNode keys = Vectors.field(Vectors.load(FILE), "keys");
        assertThat(keys.properties()).isNotEmpty().allSatisfy(entry -> {
            JsonNode value = entry.getValue();
            KeyPair pair = VectorSupport.keyPair(value);
            assertThat(pair.publicKey()).isEqualTo(VectorSupport.key(value, "publicKey"));
            assertThat(Bytes.concat(
                            Vectors.bytes(value, "seed"), pair.publicKey().bytes()))
                    .isEqualTo(Vectors.bytes(value, "secretKey"));
            assertThat(pair.publicKey().target()).isEqualTo(Vectors.bytes(value, "target"));
        });
    }

    @Test
    void nodesHaveTheIdsOfTheReference() {
        assertThat(Vectors.cases(FILE, "nodeIds"))
                .allSatisfy(value -> assertThat(
                                NodeId.of(VectorSupport.address(value)).bytes())
                        .isEqualTo(Vectors.bytes(value, "id")));
    }

    @Test
    void valuesHaveTheTargetsOfTheReference() {
        assertThat(Vectors.cases(FILE, "immutable"))
                .allSatisfy(value -> assertThat(Blake2b.hash(Vectors.bytes(value, "value")))
                        .isEqualTo(Vectors.bytes(value, "target")));
    }

    @ParameterizedTest
    @MethodSource("announceSignatures")
    void announcesAreSignedForOneNode(JsonNode value) throws DecodeException {
        Bytes namespace = Vectors.text(value, "kind").equals("announce") ? Namespaces.ANNOUNCE : Namespaces.UNANNOUNCE;
        Bytes target = Vectors.bytes(value, "target");
        Bytes node = Vectors.bytes(value, "storingNodeId");
        Bytes token = Vectors.bytes(value, "token");
        Bytes refresh = VectorSupport.optionalBytes(value, "refresh");
        PeerRecord peer = PeerRecord.CODEC.decode(Vectors.bytes(value, "peer"));

        Bytes signable = AnnounceSignature.signable(namespace, target, node, token, peer, refresh);
        assertThat(signable).isEqualTo(Vectors.bytes(value, "signable"));
        Bytes signature = VectorSupport.keyPair(Vectors.text(value, "signer")).sign(signable);
        assertThat(signature).isEqualTo(Vectors.bytes(value, "signature"));

        AnnounceMessage message = new AnnounceMessage(peer, refresh, signature, 0);
        assertThat(AnnounceMessage.CODEC.encode(message)).isEqualTo(Vectors.bytes(value, "message"));
        assertThat(AnnounceMessage.CODEC.decode(Vectors.bytes(value, "message")))
                .isEqualTo(message);
        assertThat(AnnounceSignature.isValid(namespace, target, node, token, message))
                .isTrue();
        assertThat(AnnounceSignature.isValid(namespace, target, target, token, message))
                .isFalse();
        assertThat(AnnounceSignature.isValid(namespace, target, node, target, message))
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("mutable")
    void mutableValuesAreSignedByTheirOwner(JsonNode value) throws DecodeException {
        KeyPair signer = VectorSupport.keyPair(Vectors.text(value, "signer"));
        long seq = Vectors.integer(value, "seq");
        Bytes content = Vectors.bytes(value, "value");
        assertThat(signer.publicKey().target()).isEqualTo(Vectors.bytes(value, "target"));
        Bytes signable = MutableValue.signable(seq, content);
        assertThat(signable).isEqualTo(Vectors.bytes(value, "signable"));
        assertThat(signable.slice(32, 64)).isEqualTo(Blake2b.hash(Vectors.bytes(value, "hashInput")));
        MutableValue stored = new MutableValue(seq, content, signer.sign(signable));
        assertThat(stored.signature()).isEqualTo(Vectors.bytes(value, "signature"));
        assertThat(stored.isSignedBy(signer.publicKey())).isTrue();

        MutableValue.Put put = new MutableValue.Put(signer.publicKey(), stored);
        assertThat(MutableValue.Put.CODEC.encode(put)).isEqualTo(Vectors.bytes(value, "putRequest"));
        assertThat(MutableValue.Put.CODEC.decode(Vectors.bytes(value, "putRequest")))
                .isEqualTo(put);
        assertThat(MutableValue.CODEC.encode(stored)).isEqualTo(Vectors.bytes(value, "getResponse"));
        assertThat(MutableValue.CODEC.decode(Vectors.bytes(value, "getResponse")))
                .isEqualTo(stored);
        assertThat(new Writer().uint(seq).toBytes()).isEqualTo(Vectors.bytes(value, "getRequest"));
        assertThat(new Reader(Vectors.bytes(value, "getRequest")).uint()).isEqualTo(seq);
    }

    @ParameterizedTest
    @MethodSource("holepunchBox")
    void roundsOfHolePunchingAreSealed(JsonNode value) throws DecodeException {
        SecretBytes secret = SecretBytes.copyOf(Vectors.hex(value, "holepunchSecret"));
        Bytes sealed = Vectors.bytes(value, "hex");
        if (Vectors.has(value, "rejected")) {
            assertThatThrownBy(() -> HolepunchBox.open(secret, sealed)).isInstanceOf(DecodeException.class);
            return;
        }
        Bytes plaintext = Vectors.bytes(value, "plaintext");
        assertThat(HolepunchBox.open(secret, sealed)).isEqualTo(HolepunchPayload.CODEC.decode(plaintext));
        assertThat(HolepunchBox.seal(secret, Vectors.bytes(value, "nonce"), plaintext))
                .isEqualTo(sealed);
    }

    @Test
    void tokensOfHolePunchingNameAHost() {
        assertThat(Vectors.cases(FILE, "holepunchTokens"))
                .allSatisfy(value -> assertThat(HolepunchBox.token(
                                SecretBytes.copyOf(Vectors.hex(value, "localSecret")),
                                PeerAddress.of(Vectors.text(value, "host"), 1)))
                        .isEqualTo(Vectors.bytes(value, "token")));
    }

    @Test
    void locationsOfPeersAreThoseOfTheReference() throws DecodeException {
        for (JsonNode value : Vectors.elements(Vectors.field(Vectors.load(FILE), "address"))) {
            List<PeerAddress> nodes = VectorSupport.optionalAddresses(value, "nodes");
            PeerLocation location =
                    new PeerLocation(VectorSupport.key(value, "key"), nodes == null ? List.of() : nodes);
            assertThat(PeerLocation.CODEC.decode(Vectors.bytes(value, "hex"))).isEqualTo(location);
            if (!Vectors.has(value, "decoded")) { // a case of decoding alone
                assertThat(PeerLocation.CODEC.encode(location)).isEqualTo(Vectors.bytes(value, "hex"));
            }
        }
    }

    @Test
    void blindRelaysAreSpokenToAsByTheReference() throws DecodeException {
        for (JsonNode value : Vectors.cases(FILE, "blindRelay", "pair").toList()) {
            JsonNode input = Vectors.field(value, "input");
            BlindRelayMessage.Pair pair = new BlindRelayMessage.Pair(
                    Vectors.bool(input, "isInitiator"),
                    Vectors.bytes(input, "token"),
                    Vectors.integer(input, "id"),
                    Vectors.integer(input, "seq"));
            assertThat(BlindRelayMessage.Pair.CODEC.encode(pair)).isEqualTo(Vectors.bytes(value, "hex"));
            assertThat(BlindRelayMessage.Pair.CODEC.decode(Vectors.bytes(value, "hex")))
                    .isEqualTo(pair);
        }
        for (JsonNode value : Vectors.cases(FILE, "blindRelay", "unpair").toList()) {
            BlindRelayMessage.Unpair unpair =
                    new BlindRelayMessage.Unpair(Vectors.bytes(Vectors.field(value, "input"), "token"));
            assertThat(BlindRelayMessage.Unpair.CODEC.encode(unpair)).isEqualTo(Vectors.bytes(value, "hex"));
            assertThat(BlindRelayMessage.Unpair.CODEC.decode(Vectors.bytes(value, "hex")))
                    .isEqualTo(unpair);
        }
    }

    @ParameterizedTest
    @MethodSource("matchAddress")
    void theNearestLocalAddressIsChosen(JsonNode value) {
        PeerAddress match = LocalAddresses.match(hosts(value, "mine"), hosts(value, "theirs"));
        assertThat(match == null ? null : match.host())
                .isEqualTo(Vectors.has(value, "match") ? Vectors.text(value, "match") : null);
    }

    private static List<PeerAddress> hosts(JsonNode value, String name) {
        return Vectors.field(value, name)
                .valueStream()
                .map(host -> PeerAddress.of(host.stringValue(), 1))
                .toList();
    }

    private static LookupReply lookupReply(JsonNode value) {
        return new LookupReply(
                Vectors.field(value, "peers")
                        .valueStream()
                        .map(VectorSupport::record)
                        .toList(),
                Vectors.integer(value, "bump"));
    }

    private static PluginRequest pluginRequest(JsonNode value) {
        return new PluginRequest(
                Vectors.text(value, "plugin"),
                Vectors.integer(value, "version"),
                Vectors.integer(value, "command"),
                VectorSupport.optionalBytes(value, "value"));
    }
}
