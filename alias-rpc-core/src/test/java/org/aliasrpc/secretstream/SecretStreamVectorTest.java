package org.aliasrpc.secretstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.noise.HandshakePattern;
import org.aliasrpc.noise.HandshakeResult;
import org.aliasrpc.noise.HandshakeState;
import org.aliasrpc.noise.NoiseException;
import org.aliasrpc.testing.ScriptedRandom;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Whole streams as recorded from the reference (secretstream.json, namespaces, streamIds and transcripts). */
class SecretStreamVectorTest {
    private static final int HEADER_FRAME = 59;
    private static final int HEADER = 24;

    static Stream<JsonNode> streamIds() {
        return Vectors.cases("secretstream", "streamIds");
    }

    static Stream<JsonNode> transcripts() {
        return Vectors.cases("secretstream", "transcripts");
    }

    @Test
    void namespacesFollowFromTheName() {
        JsonNode recorded = Vectors.field(Vectors.load("secretstream"), "namespaces");
        assertThat(Ids.NS_INITIATOR).isEqualTo(Vectors.bytes(recorded, "initiator"));
        assertThat(Ids.NS_RESPONDER).isEqualTo(Vectors.bytes(recorded, "responder"));
        assertThat(Ids.NS_SEND).isEqualTo(Vectors.bytes(recorded, "send"));
    }

    @ParameterizedTest
    @MethodSource("streamIds")
    void idsAndKeysFollowFromTheHandshakeHash(JsonNode vector) {
        Bytes hash = Vectors.bytes(vector, "handshakeHash");
        assertThat(Ids.streamId(hash, true)).isEqualTo(Vectors.bytes(vector, "initiatorId"));
        assertThat(Ids.streamId(hash, false)).isEqualTo(Vectors.bytes(vector, "responderId"));
        assertThat(Ids.sendKey(hash, true)).isEqualTo(secret(vector, "initiatorSendKey"));
        assertThat(Ids.sendKey(hash, false)).isEqualTo(secret(vector, "responderSendKey"));
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void bothSidesWriteTheRecordedBytesAndReadTheRecordedMessages(JsonNode vector)
            throws NoiseException, SecretStreamException {
        SecretStream initiator = stream(vector, true);
        SecretStream responder = stream(vector, false);
        for (JsonNode step : Vectors.elements(Vectors.field(vector, "steps"))) {
            (isInitiators(step) ? initiator : responder).write(Vectors.bytes(step, "write"), 0);
        }
        List<Bytes> fromInitiator = new ArrayList<>();
        List<Bytes> fromResponder = new ArrayList<>();
        boolean busy = true;
        while (busy) {
            busy = carry(initiator, responder, fromInitiator);
            busy |= carry(responder, initiator, fromResponder);
        }
        assertThat(fromInitiator).isEqualTo(wire(vector, true));
        assertThat(fromResponder).isEqualTo(wire(vector, false));
        assertThat(drain(initiator)).isEqualTo(received(vector, "receivedByInitiator"));
        assertThat(drain(responder)).isEqualTo(received(vector, "receivedByResponder"));
        assertKeys(initiator, vector, "initiator");
        assertKeys(responder, vector, "responder");

        for (JsonNode recorded : Vectors.elements(Vectors.field(vector, "unordered"))) {
            SecretStream from = isInitiators(recorded) ? initiator : responder;
            SecretStream to = isInitiators(recorded) ? responder : initiator;
            ByteBuffer datagram = Vectors.bytes(recorded, "bytes").asByteBuffer();
            ByteBuffer message = Vectors.bytes(recorded, "message").asByteBuffer();
            assertThat(from.sealDatagram(message)).isEqualTo(datagram);
            assertThat(to.openDatagram(datagram)).isEqualTo(message);
            assertThat(to.openDatagram(datagram)).as("repeated").isEqualTo(message);
            assertThat(from.openDatagram(datagram)).as("reflected").isNull();
        }
    }

    private static void assertKeys(SecretStream stream, JsonNode vector, String side) {
        HandshakeResult result = Objects.requireNonNull(stream.handshake());
        JsonNode keys = Vectors.field(vector, side);
        assertThat(result.hash()).isEqualTo(Vectors.bytes(vector, "handshakeHash"));
        assertThat(result.local().bytes()).isEqualTo(Vectors.bytes(keys, "publicKey"));
        assertThat(result.remote().bytes()).isEqualTo(Vectors.bytes(keys, "remotePublicKey"));
        assertThat(result.initiator()).isEqualTo(side.equals("initiator"));
    }

    private static SecretStream stream(JsonNode vector, boolean initiator) throws NoiseException {
        ScriptedRandom random = new ScriptedRandom(header(vector, initiator), counterStart(vector, initiator));
        String name = Vectors.text(vector, "name");
        JsonNode keys = Vectors.field(vector, initiator ? "initiator" : "responder");
        PublicKey remote = PublicKey.of(Vectors.bytes(keys, "remotePublicKey"));
        if (name.equals("handshake done before")) {
            HandshakeResult result = new HandshakeResult(
                    initiator,
                    secret(vector, initiator ? "initiatorTx" : "initiatorRx"),
                    secret(vector, initiator ? "initiatorRx" : "initiatorTx"),
                    Vectors.bytes(vector, "handshakeHash"),
                    PublicKey.of(Vectors.bytes(keys, "publicKey")),
                    remote);
            return SecretStream.established(result, random, SecretStreamOptions.PLAIN, 0);
        }
        HandshakePattern pattern = HandshakePattern.valueOf(name);
        KeyPair own = KeyPair.fromSeed(secret(vector, initiator ? "initiatorSeed" : "responderSeed"));
        ScriptedRandom ephemeral = new ScriptedRandom(
                Vectors.bytes(vector, initiator ? "initiatorEphemeralSeed" : "responderEphemeralSeed"));
        HandshakeState handshake = initiator
                ? HandshakeState.initiator(pattern, Bytes.EMPTY, own, remote, ephemeral)
                : HandshakeState.responder(pattern, Bytes.EMPTY, own, ephemeral);
        return SecretStream.negotiating(handshake, random, SecretStreamOptions.PLAIN, 0);
    }

    private static Bytes header(JsonNode vector, boolean initiator) {
        Bytes frame = wire(vector, initiator).stream()
                .filter(bytes -> bytes.length() == HEADER_FRAME)
                .findFirst()
                .orElseThrow();
        return frame.slice(HEADER_FRAME - HEADER, HEADER_FRAME);
    }

    /** One less than the counter of the first datagram. */
    private static Bytes counterStart(JsonNode vector, boolean initiator) {
        Bytes first = Vectors.elements(Vectors.field(vector, "unordered")).stream()
                .filter(recorded -> isInitiators(recorded) == initiator)
                .map(recorded -> Vectors.bytes(recorded, "bytes"))
                .findFirst()
                .orElseThrow();
        long counter = first.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getLong() - 1;
        return Bytes.copyOf(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(counter)
                .flip());
    }

    private static boolean carry(SecretStream from, SecretStream to, List<Bytes> log) throws SecretStreamException {
        ByteBuffer frame = from.pollOutput();
        if (frame == null) {
            return false;
        }
        log.add(Bytes.copyOf(frame));
        to.onBytes(frame, 0);
        return true;
    }

    private static List<Bytes> drain(SecretStream stream) {
        List<Bytes> messages = new ArrayList<>();
        for (ByteBuffer next = stream.pollMessage(); next != null; next = stream.pollMessage()) {
            messages.add(Bytes.copyOf(next));
        }
        return messages;
    }

    private static List<Bytes> wire(JsonNode vector, boolean initiator) {
        return Vectors.elements(Vectors.field(vector, "wire")).stream()
                .filter(recorded -> isInitiators(recorded) == initiator)
                .map(recorded -> Vectors.bytes(recorded, "bytes"))
                .toList();
    }

    private static List<Bytes> received(JsonNode vector, String field) {
        return Vectors.elements(Vectors.field(vector, field)).stream()
                .map(message -> Bytes.fromHex(message.stringValue()))
                .toList();
    }

    private static boolean isInitiators(JsonNode recorded) {
        return Vectors.text(recorded, "from").equals("initiator");
    }

    private static SecretBytes secret(JsonNode vector, String field) {
        return SecretBytes.copyOf(Vectors.hex(vector, field));
    }
}
