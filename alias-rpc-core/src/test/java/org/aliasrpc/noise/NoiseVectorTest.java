package org.aliasrpc.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.aliasrpc.crypto.Blake2b;
import org.aliasrpc.crypto.HmacBlake2b;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.testing.ScriptedRandom;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Handshakes as recorded from the reference (noise.json), each side against the recorded bytes of the other. */
class NoiseVectorTest {
    private static JsonNode common;

    static Stream<JsonNode> handshakes() {
        return Vectors.cases("noise", "handshakes");
    }

    static Stream<JsonNode> negative() {
        return Vectors.cases("noise", "negative");
    }

    static Stream<JsonNode> hmacs() {
        return Vectors.cases("noise", "hmac");
    }

    static Stream<JsonNode> hkdfs() {
        return Vectors.cases("noise", "hkdf");
    }

    @BeforeAll
    static void load() {
        common = Vectors.field(Vectors.load("noise"), "negativeCommon");
    }

    @ParameterizedTest
    @MethodSource("handshakes")
    void bothSidesWriteAndReadTheRecordedBytes(JsonNode vector) throws NoiseException {
        HandshakePattern pattern = HandshakePattern.valueOf(Vectors.text(vector, "pattern"));
        if (vector.has("protocolName")) {
            assertThat(pattern.protocolName()).isEqualTo(Vectors.text(vector, "protocolName"));
        }
        HandshakeState initiator = initiator(vector, pattern);
        HandshakeState responder = responder(vector, pattern);
        assertThat(responder.remoteStatic()).isNull();
        assertState(initiator, Vectors.field(vector, "afterInitialise"));
        assertState(responder, Vectors.field(vector, "afterInitialise"));

        for (JsonNode step : Vectors.elements(Vectors.field(vector, "messages"))) {
            boolean first = Vectors.text(step, "from").equals("initiator");
            HandshakeState writer = first ? initiator : responder;
            HandshakeState reader = first ? responder : initiator;
            Bytes payload = Vectors.bytes(step, "payload");
            Bytes message = Vectors.bytes(step, "message");
            assertThat(writer.isMyTurn()).isTrue();
            assertThat(reader.isMyTurn()).isFalse();
            assertThat(writer.writeMessage(payload)).isEqualTo(message);
            assertThat(message.length()).isEqualTo((int) Vectors.integer(step, "size"));
            assertThat(reader.readMessage(message)).isEqualTo(payload);
            if (Vectors.has(step, "after")) {
                assertState(writer, Vectors.field(step, "after"));
                assertState(reader, Vectors.field(step, "after"));
            }
        }
        assertResult(initiator, vector, true);
        assertResult(responder, vector, false);
    }

    @ParameterizedTest
    @MethodSource("negative")
    void refusesWhatTheReferenceRefuses(JsonNode vector) throws NoiseException {
        String note = Vectors.text(vector, "note");
        if (note.startsWith("payload of ")) {
            HandshakeState writer = initiator(common, HandshakePattern.IK);
            Bytes payload = Bytes.wrap(new byte[Integer.parseInt(note.split(" ", -1)[2])]);
            if (Vectors.has(vector, "error")) {
                assertThatThrownBy(() -> writer.writeMessage(payload))
                        .isInstanceOf(NoiseException.class)
                        .hasMessage(Vectors.text(vector, "error"));
            } else {
                assertThat(writer.writeMessage(payload).length()).isEqualTo(payload.length() + 96);
            }
        } else if (note.startsWith("initiator ")) {
            PublicKey remote = vector.has("remote") ? PublicKey.of(Vectors.bytes(vector, "remote")) : null;
            assertThatThrownBy(() -> HandshakeState.initiator(
                            HandshakePattern.IK,
                            Bytes.EMPTY,
                            pair(common, "initiatorSeed"),
                            remote,
                            new ScriptedRandom()))
                    .isInstanceOf(NoiseException.class)
                    .hasMessage(remote == null ? Vectors.text(vector, "error") : "unusable public key");
        } else if (note.startsWith("reply ")) {
            HandshakeState initiator = initiator(common, HandshakePattern.IK);
            assertThat(initiator.writeMessage(Vectors.bytes(common, "payload")))
                    .isEqualTo(Vectors.bytes(common, "goodMessage"));
            if (vector.has("reply")) {
                HandshakeState responder = responder(common, HandshakePattern.IK);
                responder.readMessage(Vectors.bytes(common, "goodMessage"));
                assertThat(responder.writeMessage(Bytes.EMPTY)).isEqualTo(Vectors.bytes(vector, "reply"));
            }
            assertRefused(initiator, Vectors.bytes(vector, "message"));
        } else {
            JsonNode seeds = vector.has("responderSeed") ? vector : common;
            Bytes prologue = Vectors.bytes(vector.has("prologue") ? vector : common, "prologue");
            HandshakeState responder = HandshakeState.responder(
                    HandshakePattern.IK, prologue, pair(seeds, "responderSeed"), new ScriptedRandom());
            assertRefused(responder, Vectors.bytes(vector, "message"));
        }
    }

    @Test
    void acceptsTheMessageThatTheRefusedOnesWereMadeFrom() throws NoiseException {
        HandshakeState responder = responder(common, HandshakePattern.IK);
        assertThat(responder.readMessage(Vectors.bytes(common, "goodMessage")))
                .isEqualTo(Vectors.bytes(common, "payload"));
    }

    @ParameterizedTest
    @MethodSource("hmacs")
    void hmacIsTheGenericConstruction(JsonNode vector) {
        assertThat(HmacBlake2b.mac(Vectors.hex(vector, "key"), Vectors.hex(vector, "data")))
                .isEqualTo(Vectors.hex(vector, "hmac"));
    }

    @ParameterizedTest
    @MethodSource("hkdfs")
    void hkdfGivesTwoOutputs(JsonNode vector) {
        byte[] chainingKey = Vectors.hex(vector, "chainingKey");
        byte[][] outputs = SymmetricState.hkdf(chainingKey, Vectors.hex(vector, "input"));
        List<String> two = texts(vector, "outputs");
        assertThat(outputs).hasNumberOfRows(2);
        assertThat(two).hasSize(2);
        assertThat(Vectors.hex(outputs[0])).isEqualTo(two.get(0));
        assertThat(Vectors.hex(outputs[1])).isEqualTo(two.get(1));
        // Nothing here uses a third output; the recorded one follows from the other two (Noise §4.3).
        List<String> three = texts(vector, "threeOutputs");
        assertThat(three.subList(0, 2)).isEqualTo(two);
        byte[] temporary = HmacBlake2b.mac(chainingKey, Vectors.hex(vector, "input"));
        assertThat(Vectors.hex(HmacBlake2b.mac(temporary, outputs[1], new byte[] {3})))
                .isEqualTo(three.get(2));
    }

    private static void assertRefused(HandshakeState reader, Bytes message) {
        assertThatThrownBy(() -> reader.readMessage(message)).isInstanceOf(NoiseException.class);
        assertThatThrownBy(() -> reader.readMessage(message)).isInstanceOf(IllegalStateException.class);
    }

    private static void assertResult(HandshakeState state, JsonNode vector, boolean initiator) {
        assertThat(state.isComplete()).isTrue();
        HandshakeResult result = state.split();
        assertThat(result.initiator()).isEqualTo(initiator);
        assertThat(result.hash()).isEqualTo(Vectors.bytes(vector, "hash"));
        assertThat(result.tx()).isEqualTo(secret(vector, initiator ? "initiatorTx" : "initiatorRx"));
        assertThat(result.rx()).isEqualTo(secret(vector, initiator ? "initiatorRx" : "initiatorTx"));
        Bytes initiatorStatic = Vectors.bytes(vector, "initiatorStatic");
        Bytes responderStatic = Vectors.bytes(vector, "responderStatic");
        assertThat(result.local().bytes()).isEqualTo(initiator ? initiatorStatic : responderStatic);
        assertThat(result.remote().bytes()).isEqualTo(initiator ? responderStatic : initiatorStatic);
        assertThat(Blake2b.keyed(result.hash(), Blake2b.namespace("hyperswarm/dht", 1)))
                .isEqualTo(Vectors.bytes(vector, "holepunchSecret"));
        assertThat(Blake2b.keyed(result.hash(), Blake2b.namespace("hyperswarm/secret-stream", 0)))
                .isEqualTo(Vectors.bytes(vector, "initiatorStreamId"));
        assertThat(Blake2b.keyed(result.hash(), Blake2b.namespace("hyperswarm/secret-stream", 1)))
                .isEqualTo(Vectors.bytes(vector, "responderStreamId"));
    }

    private static void assertState(HandshakeState state, JsonNode recorded) {
        SymmetricState symmetric = state.symmetric();
        assertThat(symmetric.hash()).isEqualTo(Vectors.bytes(recorded, "h"));
        assertThat(symmetric.chainingKey()).isEqualTo(Vectors.bytes(recorded, "ck"));
        assertThat(symmetric.number()).isEqualTo(Vectors.integer(recorded, "n"));
        if (Vectors.has(recorded, "k")) {
            assertThat(symmetric.key()).isEqualTo(secret(recorded, "k"));
        } else {
            assertThat(symmetric.key()).isNull();
        }
    }

    private static HandshakeState initiator(JsonNode vector, HandshakePattern pattern) throws NoiseException {
        PublicKey remote =
                pattern.knowsResponder() ? pair(vector, "responderSeed").publicKey() : null;
        return HandshakeState.initiator(
                pattern,
                Vectors.bytes(vector, "prologue"),
                pair(vector, "initiatorSeed"),
                remote,
                new ScriptedRandom(Vectors.bytes(vector, "initiatorEphemeralSeed")));
    }

    private static HandshakeState responder(JsonNode vector, HandshakePattern pattern) {
        return HandshakeState.responder(
                pattern,
                Vectors.bytes(vector, "prologue"),
                pair(vector, "responderSeed"),
                new ScriptedRandom(Vectors.bytes(vector, "responderEphemeralSeed")));
    }

    private static KeyPair pair(JsonNode vector, String field) {
        return KeyPair.fromSeed(secret(vector, field));
    }

    private static SecretBytes secret(JsonNode vector, String field) {
        return SecretBytes.copyOf(Vectors.hex(vector, field));
    }

    private static List<String> texts(JsonNode vector, String field) {
        return Vectors.elements(Vectors.field(vector, field)).stream()
                .map(JsonNode::stringValue)
                .toList();
    }
}
