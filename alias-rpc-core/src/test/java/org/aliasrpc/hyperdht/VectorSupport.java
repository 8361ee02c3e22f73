package org.aliasrpc.hyperdht;

import java.util.List;
import java.util.stream.Stream;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.testing.Vectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the values of {@code hyperdht.json}. */
final class VectorSupport {
    private VectorSupport() {}

    static @Nullable Bytes optionalBytes(JsonNode object, String name) {
        Vectors.field(object, name);
        return Vectors.has(object, name) ? Vectors.bytes(object, name) : null;
    }

    static @Nullable PeerAddress optionalAddress(JsonNode object, String name) {
        JsonNode value = Vectors.field(object, name);
        return value.isNull() ? null : address(value);
    }

    static PeerAddress address(JsonNode value) {
        if (value.isString()) {
            String text = value.stringValue();
            int colon = text.indexOf(':');
            return PeerAddress.of(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
        }
        return PeerAddress.of(Vectors.text(value, "host"), (int) Vectors.integer(value, "port"));
    }

    static @Nullable List<PeerAddress> optionalAddresses(JsonNode object, String name) {
        JsonNode value = Vectors.field(object, name);
        return value.isNull() ? null : addresses(value);
    }

    static List<PeerAddress> addresses(JsonNode values) {
        return values.valueStream().map(VectorSupport::address).toList();
    }

    static PublicKey key(JsonNode object, String name) {
        return PublicKey.of(Vectors.bytes(object, name));
    }

    static KeyPair keyPair(String name) {
        return keyPair(Vectors.field(Vectors.field(Vectors.load("hyperdht"), "keys"), name));
    }

    static KeyPair keyPair(JsonNode keys) {
        return KeyPair.fromSeed(SecretBytes.copyOf(Vectors.hex(keys, "seed")));
    }

    static PeerRecord record(JsonNode value) {
        return new PeerRecord(key(value, "publicKey"), addresses(Vectors.field(value, "relayAddresses")));
    }

    private static Mode mode(JsonNode value) {
        long code = Vectors.integer(value, "mode");
        return Stream.of(Mode.values())
                .filter(mode -> mode.code() == code)
                .findFirst()
                .orElseThrow();
    }

    static HandshakeMessage handshake(JsonNode value) {
        return new HandshakeMessage(
                mode(value),
                Vectors.bytes(value, "noise"),
                optionalAddress(value, "peerAddress"),
                optionalAddress(value, "relayAddress"));
    }

    static HolepunchMessage holepunch(JsonNode value) {
        return new HolepunchMessage(
                mode(value),
                Vectors.integer(value, "id"),
                Vectors.bytes(value, "payload"),
                optionalAddress(value, "peerAddress"));
    }

    static HolepunchPayload holepunchPayload(JsonNode value) {
        return new HolepunchPayload(
                Vectors.integer(value, "error"),
                Firewall.of(Vectors.integer(value, "firewall")),
                Vectors.integer(value, "round"),
                Vectors.bool(value, "connected"),
                Vectors.bool(value, "punching"),
                optionalAddresses(value, "addresses"),
                optionalAddress(value, "remoteAddress"),
                optionalBytes(value, "token"),
                optionalBytes(value, "remoteToken"));
    }

    static AnnounceMessage announce(JsonNode value) {
        JsonNode peer = Vectors.field(value, "peer");
        return new AnnounceMessage(
                peer.isNull() ? null : record(peer),
                optionalBytes(value, "refresh"),
                optionalBytes(value, "signature"),
                Vectors.integer(value, "bump"));
    }

    /** The decoded form: what the reference makes of the bytes. */
    static NoisePayload noisePayload(JsonNode value) {
        JsonNode holepunch = Vectors.field(value, "holepunch");
        JsonNode udx = Vectors.field(value, "udx");
        JsonNode secretStream = Vectors.field(value, "secretStream");
        JsonNode relayThrough = Vectors.field(value, "relayThrough");
        return new NoisePayload(
                Vectors.integer(value, "version"),
                Vectors.integer(value, "error"),
                Firewall.of(Vectors.integer(value, "firewall")),
                holepunch.isNull()
                        ? null
                        : new NoisePayload.Holepunch(
                                Vectors.integer(holepunch, "id"),
                                Vectors.field(holepunch, "relays")
                                        .valueStream()
                                        .map(relay -> new NoisePayload.RelayInfo(
                                                address(Vectors.field(relay, "relayAddress")),
                                                address(Vectors.field(relay, "peerAddress"))))
                                        .toList()),
                addresses(Vectors.field(value, "addresses4")),
                addresses(Vectors.field(value, "addresses6")),
                udx.isNull()
                        ? null
                        : new NoisePayload.Udx(
                                Vectors.integer(udx, "version"),
                                Vectors.bool(udx, "reusableSocket"),
                                Vectors.integer(udx, "id"),
                                Vectors.integer(udx, "seq")),
                secretStream.isNull() ? 0 : Vectors.integer(secretStream, "version"),
                relayThrough.isNull()
                        ? null
                        : new NoisePayload.RelayThrough(
                                key(relayThrough, "publicKey"), Vectors.bytes(relayThrough, "token")),
                optionalAddresses(value, "relayAddresses"));
    }
}
