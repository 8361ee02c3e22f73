package org.aliasrpc.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.interop.JavaAliasServer.JavaServer;
import org.aliasrpc.testing.RequiresTool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * A server of ours stays findable where one of the reference disappears for minutes (docs/protocol, hyperdht.md §8, the two
 * defects). The DHT and whoever looks for the server are the reference's.
 */
@RequiresTool("node")
@Timeout(180)
class FindabilityInteropIT {
    /** Of a server that only announces itself again from time to time nothing is seen for ten minutes. */
    private static final Duration SOON = Duration.ofSeconds(60);

    private NodePeer node;

    @BeforeEach
    void start() {
        node = NodePeer.start();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void aServerThatWasThereBeforeItsBootstrapNodesIsFound() throws IOException {
        int port = freePort();
        List<BootstrapNode> bootstrap = List.of(new BootstrapNode(JavaUdx.LOOPBACK, port));
        try (JavaServer server = server(bootstrap, keyPair())) {
            server.startListening();
            // Long enough for the first attempts to join and to announce to have failed.
            await().during(Duration.ofSeconds(8))
                    .atMost(SOON)
                    .until(() -> server.events().isEmpty());

            node.call("testnet", Map.of("nodes", 3, "port", port));

            awaitFound(bootstrap, server.publicKey(), SOON);
            assertThat(registers(bootstrap, server.publicKey())).isTrue();
        }
    }

    @Test
    void aRelayThatRestartsKnowsTheServerAgain() throws IOException {
        List<BootstrapNode> bootstrap =
                NodePeer.addresses(node.call("testnet", Map.of("nodes", 2)).path("bootstrap"));
        // With three persistent nodes each of them is a relay of the server.
        Map<String, ?> third = Map.of(
                "bootstrap",
                NodePeer.addresses(bootstrap),
                "port",
                freePort(),
                "ephemeral",
                false,
                "firewalled",
                false);
        JsonNode relay = node.call("node", third);
        JsonNode asking = node.call("node", Map.of("bootstrap", NodePeer.addresses(bootstrap)));
        try (JavaServer server = server(bootstrap, keyPair())) {
            server.listen();
            assertThat(knows(asking, relay, server.publicKey())).isTrue();

            node.call("close", Map.of("ref", relay.path("ref")));
            JsonNode restarted = node.call("node", third);

            assertThat(restarted.path("port")).isEqualTo(relay.path("port"));
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> knows(asking, restarted, server.publicKey()));
        }
    }

    @Test
    void aServerIsFoundAfterAnotherOfOursWithItsKeyStops() {
        List<BootstrapNode> bootstrap = testnet();
        KeyPair shared = keyPair();
        try (JavaServer staying = server(bootstrap, shared)) {
            staying.listen();
            try (JavaServer leaving = server(bootstrap, shared)) {
                leaving.listen();
            }

            awaitFound(bootstrap, staying.publicKey(), SOON);
            assertThat(registers(bootstrap, staying.publicKey())).isTrue();
            assertThat(staying.events()).isNotEmpty();
        }
    }

    @Test
    void aServerIsFoundAfterOneOfTheReferenceWithItsKeyStops() {
        List<BootstrapNode> bootstrap = testnet();
        byte[] seed = new byte[KeyPair.SEED_LENGTH];
        new SecureRandom().nextBytes(seed);
        KeyPair shared = KeyPair.fromSeed(SecretBytes.copyOf(seed));
        try (JavaServer staying = server(bootstrap, shared)) {
            staying.listen();
            Map<String, Object> arguments = new HashMap<>();
            arguments.put("version", "2.1.0");
            arguments.put("secret", AliasCell.SECRET);
            arguments.put("seed", HexFormat.of().formatHex(seed));
            arguments.put("bootstrap", NodePeer.addresses(bootstrap));
            JsonNode leaving = node.call("alias-server", arguments);
            assertThat(leaving.path("publicKey").asString())
                    .isEqualTo(shared.publicKey().bytes().toHex());
            node.call("close", Map.of("ref", leaving.path("ref")));

            awaitFound(bootstrap, staying.publicKey(), SOON);
            assertThat(registers(bootstrap, staying.publicKey())).isTrue();
            assertThat(staying.events()).isNotEmpty();
        }
    }

    @Test
    void aServerThatStopsIsNoLongerFound() {
        List<BootstrapNode> bootstrap = testnet();
        JavaServer server = server(bootstrap, keyPair());
        server.listen();
        assertThat(isFound(bootstrap, server.publicKey())).isTrue();

        server.close();

        assertThat(isFound(bootstrap, server.publicKey())).isFalse();
    }

    private void awaitFound(List<BootstrapNode> bootstrap, PublicKey key, Duration patience) {
        await().atMost(patience).pollInterval(Duration.ofMillis(200)).until(() -> isFound(bootstrap, key));
    }

    private boolean knows(JsonNode asking, JsonNode asked, PublicKey key) {
        return node.call(
                        "ask-peer",
                        Map.of(
                                "ref", asking.path("ref"),
                                "publicKey", key.bytes().toHex(),
                                "host", asked.path("host"),
                                "port", asked.path("port")))
                .path("known")
                .asBoolean();
    }

    /** Asked by a node that has never heard of anybody. */
    private boolean isFound(List<BootstrapNode> bootstrap, PublicKey key) {
        JsonNode asking = node.call("node", Map.of("bootstrap", NodePeer.addresses(bootstrap)));
        JsonNode answer = node.call(
                "find-peer",
                Map.of("ref", asking.path("ref"), "publicKey", key.bytes().toHex()));
        node.call("close", Map.of("ref", asking.path("ref")));
        return !answer.path("peers").isEmpty();
    }

    private boolean registers(List<BootstrapNode> bootstrap, PublicKey server) {
        var settings = new AliasClientSide.Settings(bootstrap, server, AliasCell.SECRET, NodePeer.PATIENCE);
        var registration = new AliasRegistration("alias", keyPair().publicKey(), "host", "service");
        try (AliasClientSide.Running client = new NodeAliasClient(node, "2.1.0").start(settings)) {
            return client.register(new Attempt(registration)).equals(new Outcome.Registered(true));
        }
    }

    private List<BootstrapNode> testnet() {
        return NodePeer.addresses(node.call("testnet", Map.of("nodes", 3)).path("bootstrap"));
    }

    private static JavaServer server(List<BootstrapNode> bootstrap, KeyPair keyPair) {
        return new JavaServer(bootstrap, AliasCell.SECRET, keyPair);
    }

    private static KeyPair keyPair() {
        return KeyPair.generate(new SecureRandom());
    }

    private static int freePort() throws IOException {
        try (var socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return socket.getLocalPort();
        }
    }
}
