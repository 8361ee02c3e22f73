package org.aliasrpc.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Key pairs, signatures, hashes and what is derived from them, as recorded from the reference (keys.json). */
class KeysVectorTest {
    private static final Bytes DISCOVERY = Bytes.utf8("hypercore");

    static Stream<JsonNode> keyPairs() {
        return Vectors.cases("keys", "keyPairs");
    }

    static Stream<JsonNode> signatures() {
        return Vectors.cases("keys", "signatures");
    }

    static Stream<JsonNode> verify() {
        return Vectors.cases("keys", "verify");
    }

    static Stream<JsonNode> hashes() {
        return Vectors.cases("keys", "hashes");
    }

    static Stream<JsonNode> namespaces() {
        return Vectors.cases("keys", "namespaces");
    }

    static Stream<JsonNode> capabilities() {
        return Vectors.cases("keys", "capability");
    }

    static Stream<JsonNode> secretBoxes() {
        return Vectors.cases("keys", "secretbox");
    }

    static Stream<JsonNode> nodeIds() {
        return Vectors.cases("keys", "nodeIds");
    }

    static Stream<JsonNode> tokens() {
        return Vectors.cases("keys", "tokens");
    }

    static Stream<JsonNode> signables() {
        return Vectors.cases("keys", "signables");
    }

    @ParameterizedTest
    @MethodSource("keyPairs")
    void keyPairFollowsFromItsSeed(JsonNode vector) {
        KeyPair pair = KeyPair.fromSeed(SecretBytes.copyOf(Vectors.hex(vector, "seed")));
        Bytes publicKey = Vectors.bytes(vector, "publicKey");
        assertThat(pair.publicKey().bytes()).isEqualTo(publicKey);
        assertThat(Vectors.bytes(vector, "secretKey"))
                .isEqualTo(Bytes.concat(Vectors.bytes(vector, "seed"), publicKey));
        assertThat(pair.scalar()).isEqualTo(Vectors.hex(vector, "clampedScalar"));
        assertThat(Blake2b.keyed(publicKey, DISCOVERY)).isEqualTo(Vectors.bytes(vector, "discoveryKey"));
        assertThat(pair.publicKey().target()).isEqualTo(Vectors.bytes(vector, "publicKeyHash"));
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void signsAndVerifies(JsonNode vector) {
        KeyPair pair = ownerOf(vector);
        Bytes message = Vectors.bytes(vector, "message");
        Bytes signature = Vectors.bytes(vector, "signature");
        if (Vectors.has(vector, "note")) {
            // A secret key with a foreign second half: ours are made from seeds, so the halves always match and the
            // inner hash has the true key (crypto.md §2, rule 1).
            assertThat(pair.sign(message)).isNotEqualTo(signature);
        } else {
            assertThat(pair.sign(message)).isEqualTo(signature);
        }
        assertThat(Signatures.verify(PublicKey.of(Vectors.bytes(vector, "publicKey")), message, signature))
                .isEqualTo(Vectors.bool(vector, "valid"));
    }

    @ParameterizedTest
    @MethodSource("verify")
    void verifiesByTheRulesOfTheReference(JsonNode vector) {
        Bytes key = Vectors.bytes(vector, "publicKey");
        Bytes message = Vectors.bytes(vector, "message");
        Bytes signature = Vectors.bytes(vector, "signature");
        // A key of another length cannot even be made here.
        boolean valid = key.length() == PublicKey.LENGTH && Signatures.verify(PublicKey.of(key), message, signature);
        assertThat(valid).isEqualTo(Vectors.bool(vector, "valid"));
    }

    @ParameterizedTest
    @MethodSource("hashes")
    void hashesWithAndWithoutKey(JsonNode vector) {
        Bytes[] parts = Vectors.elements(Vectors.field(vector, "parts")).stream()
                .map(part -> Bytes.fromHex(part.stringValue()))
                .toArray(Bytes[]::new);
        int size = (int) Vectors.integer(vector, "size");
        Bytes expected = Vectors.bytes(vector, "hash");
        byte[] key = Vectors.has(vector, "key") ? Vectors.hex(vector, "key") : null;
        assertThat(Bytes.wrap(Blake2b.digest(size, key, parts))).isEqualTo(expected);
        if (key != null && size == Blake2b.LENGTH) {
            assertThat(Blake2b.keyed(Bytes.copyOf(key), parts)).isEqualTo(expected);
            assertThat(Blake2b.keyed(SecretBytes.copyOf(key), parts)).isEqualTo(expected);
        } else if (key == null && size == Blake2b.LENGTH) {
            assertThat(Blake2b.hash(parts)).isEqualTo(expected);
        } else if (key == null && size == 64) {
            assertThat(Blake2b.hash512(parts)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("namespaces")
    void namespacesFollowFromNameAndId(JsonNode vector) {
        String name = Vectors.text(vector, "name");
        List<JsonNode> ids = Vectors.elements(Vectors.field(vector, "ids"));
        List<JsonNode> values = Vectors.elements(Vectors.field(vector, "values"));
        assertThat(Blake2b.hash(Bytes.utf8(name))).isEqualTo(Vectors.bytes(vector, "nameHash"));
        assertThat(values).hasSameSizeAs(ids);
        for (int i = 0; i < ids.size(); i++) {
            assertThat(Blake2b.namespace(name, ids.get(i).intValue()))
                    .isEqualTo(Bytes.fromHex(values.get(i).stringValue()));
        }
    }

    @Test
    void namespacesOfTheDht() {
        JsonNode vector = Vectors.field(Vectors.load("keys"), "dhtNamespaces");
        Map<String, Integer> ids = Map.of(
                "ANNOUNCE",
                4,
                "UNANNOUNCE",
                5,
                "MUTABLE_PUT",
                6,
                "PEER_HANDSHAKE",
                0,
                "PEER_HOLEPUNCH",
                1,
                "PLUGIN",
                10);
        assertThat(vector.propertyNames()).containsExactlyInAnyOrderElementsOf(ids.keySet());
        ids.forEach((name, id) ->
                assertThat(Blake2b.namespace("hyperswarm/dht", id)).as(name).isEqualTo(Vectors.bytes(vector, name)));
    }

    @ParameterizedTest
    @MethodSource("capabilities")
    void capabilityBindsAKeyToAHandshake(JsonNode vector) {
        Bytes role = Bytes.copyOf((byte) (Vectors.bool(vector, "isInitiator") ? 1 : 0));
        assertThat(Blake2b.keyed(
                        Vectors.bytes(vector, "handshakeHash"),
                        Blake2b.namespace("hyperswarm-capability", 0),
                        role,
                        Vectors.bytes(vector, "key")))
                .isEqualTo(Vectors.bytes(vector, "capability"));
    }

    @ParameterizedTest
    @MethodSource("secretBoxes")
    void sealsAndOpensBoxes(JsonNode vector) {
        SecretBytes key = SecretBytes.copyOf(Vectors.hex(vector, "key"));
        Bytes nonce = Vectors.bytes(vector, "nonce");
        Bytes message = Vectors.bytes(vector, "message");
        Bytes box = Vectors.bytes(vector, "box");
        assertThat(SecretBox.seal(key, nonce, message)).isEqualTo(box);
        assertThat(SecretBox.open(key, nonce, box)).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("nodeIds")
    void nodeIdsAreHashesOfAddresses(JsonNode vector) {
        Writer address = new Writer();
        Arrays.stream(Vectors.text(vector, "host").split("\\.", -1))
                .forEach(part -> address.uint8(Integer.parseInt(part)));
        address.uint16((int) Vectors.integer(vector, "port"));
        assertThat(Blake2b.hash(address.toBytes())).isEqualTo(Vectors.bytes(vector, "id"));
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void tokensAreKeyedHashesOfHosts(JsonNode vector) {
        SecretBytes secret = SecretBytes.copyOf(Vectors.hex(vector, "secret"));
        assertThat(Blake2b.keyed(secret, Bytes.utf8(Vectors.text(vector, "host"))))
                .isEqualTo(Vectors.bytes(vector, "token"));
    }

    @ParameterizedTest
    @MethodSource("signables")
    void recordsAreSignedOverTheirHash(JsonNode vector) {
        KeyPair pair = ownerOf(vector);
        Bytes signable = signable(vector);
        assertThat(signable).isEqualTo(Vectors.bytes(vector, "signable"));
        assertThat(pair.publicKey().bytes()).isEqualTo(Vectors.bytes(vector, "publicKey"));
        assertThat(pair.sign(signable)).isEqualTo(Vectors.bytes(vector, "signature"));
        assertThat(Signatures.verify(pair.publicKey(), signable, Vectors.bytes(vector, "signature")))
                .isEqualTo(Vectors.bool(vector, "valid"));
    }

    @Test
    void treeHashesAreLeafParentAndRoots() {
        JsonNode tree = Vectors.field(Vectors.load("keys"), "tree");
        for (JsonNode leaf : Vectors.elements(Vectors.field(tree, "leaf"))) {
            Bytes data = Vectors.bytes(leaf, "data");
            assertThat(Blake2b.hash(new Writer()
                            .uint8(0)
                            .uint64(data.length())
                            .fixed(data)
                            .toBytes()))
                    .isEqualTo(Vectors.bytes(leaf, "hash"));
        }
        JsonNode parent = Vectors.field(tree, "parent");
        JsonNode left = Vectors.field(parent, "left");
        JsonNode right = Vectors.field(parent, "right");
        long size = Vectors.integer(left, "size") + Vectors.integer(right, "size");
        assertThat(Blake2b.hash(new Writer()
                        .uint8(1)
                        .uint64(size)
                        .fixed(Vectors.bytes(left, "hash"))
                        .fixed(Vectors.bytes(right, "hash"))
                        .toBytes()))
                .isEqualTo(Vectors.bytes(parent, "hash"));
        JsonNode roots = Vectors.field(tree, "tree");
        Writer all = new Writer().uint8(2);
        for (JsonNode root : Vectors.elements(Vectors.field(roots, "roots"))) {
            all.fixed(Vectors.bytes(root, "hash"))
                    .uint64(Vectors.integer(root, "index"))
                    .uint64(Vectors.integer(root, "size"));
        }
        assertThat(Blake2b.hash(all.toBytes())).isEqualTo(Vectors.bytes(roots, "hash"));
    }

    private static Bytes signable(JsonNode vector) {
        String kind = Vectors.text(vector, "kind");
        if (kind.equals("mutable")) {
            Bytes encoded = new Writer()
                    .uint(Vectors.integer(vector, "seq"))
                    .buffer(Vectors.bytes(vector, "value"))
                    .toBytes();
            assertThat(encoded).isEqualTo(Vectors.bytes(vector, "encoded"));
            return Bytes.concat(Blake2b.namespace("hyperswarm/dht", 6), Blake2b.hash(encoded));
        }
        Bytes refresh = Vectors.has(vector, "refresh") ? Vectors.bytes(vector, "refresh") : Bytes.EMPTY;
        return Bytes.concat(
                Blake2b.namespace("hyperswarm/dht", kind.equals("announce") ? 4 : 5),
                Blake2b.hash(
                        Vectors.bytes(vector, "target"),
                        Vectors.bytes(vector, "id"),
                        Vectors.bytes(vector, "token"),
                        Vectors.bytes(vector, "peer"),
                        refresh));
    }

    /** The pair whose 64-byte secret key, seed and public key, a vector holds. */
    private static KeyPair ownerOf(JsonNode vector) {
        return KeyPair.fromSeed(SecretBytes.copyOf(Vectors.hex(vector, "secretKey"), 0, KeyPair.SEED_LENGTH));
    }
}
