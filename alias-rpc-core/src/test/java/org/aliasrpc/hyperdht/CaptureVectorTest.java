package org.aliasrpc.hyperdht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.noise.HandshakePattern;
import org.aliasrpc.noise.HandshakeResult;
import org.aliasrpc.noise.HandshakeState;
import org.aliasrpc.noise.NoiseException;
import org.aliasrpc.testing.Vectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** Real traffic of the reference: every value in it, and every handshake computed anew from its seeds. */
class CaptureVectorTest {
    private static final String FILE = "hyperdht";

    /** A value of HyperDHT within a datagram of dht-rpc. */
    private record Value(String command, boolean request, Bytes bytes) {}

    @TestFactory
    Stream<DynamicContainer> captures() {
        return Vectors.cases(FILE, "captures").map(capture -> {
            List<DynamicTest> tests = new ArrayList<>();
            tests.add(dynamicTest("handshake", () -> handshake(capture)));
            for (JsonNode event : Vectors.elements(Vectors.field(capture, "events"))) {
                if (Vectors.has(event, "hex")) {
                    Value value = value(event);
                    if (value != null) {
                        tests.add(dynamicTest(
                                Vectors.field(event, "ms") + " " + value.command, () -> check(capture, event, value)));
                    }
                }
            }
            assertThat(tests).hasSizeGreaterThan(10);
            return dynamicContainer(Vectors.text(capture, "name"), tests);
        });
    }

    private static void check(JsonNode capture, JsonNode event, Value value) throws DecodeException {
        switch (value.command) {
            case "PEER_HANDSHAKE" -> {
                HandshakeMessage message = bothWays(HandshakeMessage.CODEC, value);
                JsonNode decoded = Vectors.field(Vectors.field(event, "decoded"), "value");
                assertThat(message.mode().name()).isEqualTo(Vectors.text(decoded, "mode"));
                assertThat(message.peerAddress()).isEqualTo(VectorSupport.optionalAddress(decoded, "peerAddress"));
                assertThat(message.noise()).isEqualTo(noise(capture, Vectors.text(decoded, "noise")));
            }
            case "PEER_HOLEPUNCH" -> {
                HolepunchMessage message = bothWays(HolepunchMessage.CODEC, value);
                JsonNode decoded = Vectors.field(Vectors.field(event, "decoded"), "value");
                assertThat(message.mode().name()).isEqualTo(Vectors.text(decoded, "mode"));
                assertThat(message.payload().length()).isEqualTo((int) Vectors.integer(decoded, "payloadBytes"));
                SecretBytes secret = SecretBytes.copyOf(Vectors.hex(Vectors.field(capture, "keys"), "holepunchSecret"));
                HolepunchPayload payload = HolepunchBox.open(secret, message.payload());
                assertThat(payload).isEqualTo(VectorSupport.holepunchPayload(Vectors.field(decoded, "decrypted")));
                assertThat(HolepunchBox.seal(
                                secret, message.payload().slice(0, 24), HolepunchPayload.CODEC.encode(payload)))
                        .isEqualTo(message.payload());
            }
            case "FIND_PEER" -> {
                assertThat(value.request).isFalse();
                assertThat(bothWays(PeerRecord.CODEC, value).publicKey())
                        .isEqualTo(VectorSupport.key(
                                Vectors.field(Vectors.field(capture, "keys"), "server"), "publicKey"));
            }
            case "ANNOUNCE", "UNANNOUNCE" -> bothWays(AnnounceMessage.CODEC, value);
            case "PING", "PING_NAT" -> assertThat(value.request).isTrue();
            default -> throw new AssertionError("nobody knows the value of " + value.command);
        }
    }

    private static <T> T bothWays(Codec<T> codec, Value value) throws DecodeException {
        T decoded = codec.decode(value.bytes);
        assertThat(codec.encode(decoded)).isEqualTo(value.bytes);
        return decoded;
    }

    private static Bytes noise(JsonNode capture, String name) {
        return Vectors.bytes(Vectors.field(Vectors.field(capture, "noiseMessages"), name), "hex");
    }

    /** Takes the envelope of dht-rpc off (dht-rpc.md §2); null when the datagram is not of dht-rpc or has no value. */
    private static @Nullable Value value(JsonNode event) {
        JsonNode decoded = Vectors.field(event, "decoded");
        Reader in = new Reader(Vectors.bytes(event, "hex"));
        try {
            int type = in.uint8();
            if (type != 0x03 && type != 0x13) {
                return null;
            }
            boolean request = type == 0x03;
            long flags = in.uint();
            in.uint16();
            PeerAddress.IPV4_CODEC.decode(in);
            if ((flags & 1) != 0) {
                in.fixed(32);
            }
            if ((flags & 2) != 0) {
                in.fixed(32);
            }
            if (request) {
                in.uint();
                if ((flags & 8) != 0) {
                    in.fixed(32);
                }
            } else {
                if ((flags & 4) != 0) {
                    in.array(PeerAddress.IPV4_CODEC);
                }
                if ((flags & 8) != 0) {
                    in.uint();
                }
            }
            String command = Vectors.text(decoded, request ? "command" : "inReplyTo");
            return (flags & 16) == 0 ? null : new Value(command, request, in.buffer());
        } catch (DecodeException e) {
            throw new AssertionError(e);
        }
    }

    private static void handshake(JsonNode capture) throws NoiseException, DecodeException {
        JsonNode keys = Vectors.field(capture, "keys");
        JsonNode server = Vectors.field(keys, "server");
        JsonNode client = Vectors.field(keys, "client");
        JsonNode messages = Vectors.field(capture, "noiseMessages");
        JsonNode first = Vectors.field(messages, "message1");
        JsonNode second = Vectors.field(messages, "message2");
        for (JsonNode message : List.of(first, second)) {
            Bytes payload = Vectors.bytes(message, "payload");
            NoisePayload decoded = NoisePayloadCodec.INSTANCE.decode(payload);
            assertThat(decoded).isEqualTo(VectorSupport.noisePayload(Vectors.field(message, "decoded")));
            assertThat(NoisePayloadCodec.INSTANCE.encode(decoded)).isEqualTo(payload);
        }
        HandshakeResult result = handshake(
                VectorSupport.keyPair(client),
                Vectors.bytes(client, "ephemeralSeed"),
                VectorSupport.keyPair(server),
                Vectors.bytes(server, "ephemeralSeed"),
                List.of(Vectors.bytes(first, "payload"), Vectors.bytes(second, "payload")),
                List.of(Vectors.bytes(first, "hex"), Vectors.bytes(second, "hex")));
        assertThat(result.hash()).isEqualTo(Vectors.bytes(keys, "handshakeHash"));
        assertThat(result.tx().contentEquals(Vectors.bytes(keys, "clientTx"))).isTrue();
        assertThat(result.rx().contentEquals(Vectors.bytes(keys, "clientRx"))).isTrue();
        assertThat(HolepunchBox.secret(result.hash()).contentEquals(Vectors.bytes(keys, "holepunchSecret")))
                .isTrue();
    }

    @Test
    void theHandshakeIsThatOfTheReference() throws NoiseException, DecodeException {
        JsonNode value = Vectors.field(Vectors.load(FILE), "noiseHandshake");
        assertThat(Namespaces.PEER_HANDSHAKE).isEqualTo(Vectors.bytes(value, "prologue"));
        Bytes first = Vectors.bytes(value, "message1");
        Bytes second = Vectors.bytes(value, "message2");
        HandshakeResult result = handshake(
                VectorSupport.keyPair(Vectors.text(value, "initiator")),
                Vectors.bytes(value, "initiatorEphemeralSeed"),
                VectorSupport.keyPair(Vectors.text(value, "responder")),
                Vectors.bytes(value, "responderEphemeralSeed"),
                List.of(Vectors.bytes(value, "payload1"), Vectors.bytes(value, "payload2")),
                List.of(first, second));
        assertThat(result.hash()).isEqualTo(Vectors.bytes(value, "handshakeHash"));
        assertThat(result.tx().contentEquals(Vectors.bytes(value, "initiatorTx")))
                .isTrue();
        assertThat(result.rx().contentEquals(Vectors.bytes(value, "initiatorRx")))
                .isTrue();
        assertThat(HolepunchBox.secret(result.hash()).contentEquals(Vectors.bytes(value, "holepunchSecret")))
                .isTrue();
        assertThat(first.slice(0, 32)).isEqualTo(Vectors.bytes(value, "initiatorEphemeralPublicKey"));
        assertThat(second.slice(0, 32)).isEqualTo(Vectors.bytes(value, "responderEphemeralPublicKey"));
        assertThat(HandshakeMessage.CODEC.encode(HandshakeMessage.of(Mode.FROM_CLIENT, first)))
                .isEqualTo(Vectors.bytes(value, "peerHandshakeRequestValue"));
        HandshakeMessage reply = HandshakeMessage.CODEC.decode(Vectors.bytes(value, "peerHandshakeReplyValue"));
        assertThat(reply.mode()).isEqualTo(Mode.REPLY);
        assertThat(reply.noise()).isEqualTo(second);
        assertThat(HandshakeMessage.CODEC.encode(reply)).isEqualTo(Vectors.bytes(value, "peerHandshakeReplyValue"));
    }

    /** Both sides with fixed ephemeral keys; returns what the client is left with. */
    private static HandshakeResult handshake(
            KeyPair client,
            Bytes clientEphemeral,
            KeyPair server,
            Bytes serverEphemeral,
            List<Bytes> payloads,
            List<Bytes> messages)
            throws NoiseException {
        HandshakeState initiator = HandshakeState.initiator(
                HandshakePattern.IK, Namespaces.PEER_HANDSHAKE, client, server.publicKey(), fixed(clientEphemeral));
        HandshakeState responder = HandshakeState.responder(
                HandshakePattern.IK, Namespaces.PEER_HANDSHAKE, server, fixed(serverEphemeral));
        assertThat(initiator.writeMessage(payloads.get(0))).isEqualTo(messages.get(0));
        assertThat(responder.readMessage(messages.get(0))).isEqualTo(payloads.get(0));
        assertThat(responder.remoteStatic()).isEqualTo(client.publicKey());
        assertThat(responder.writeMessage(payloads.get(1))).isEqualTo(messages.get(1));
        assertThat(initiator.readMessage(messages.get(1))).isEqualTo(payloads.get(1));
        HandshakeResult atServer = responder.split();
        HandshakeResult atClient = initiator.split();
        assertThat(atServer.hash()).isEqualTo(atClient.hash());
        assertThat(atServer.tx()).isEqualTo(atClient.rx());
        return atClient;
    }

    /** Gives out one seed, as if by chance. */
    private static RandomGenerator fixed(Bytes seed) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new AssertionError("only the ephemeral key is drawn");
            }

            @Override
            public void nextBytes(byte[] bytes) {
                seed.copyTo(bytes, 0);
            }
        };
    }
}
