package org.aliasrpc.interop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.aliasrpc.testing.Waiting.PATIENCE;
import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.aliasrpc.testing.Waiting.await;
import static org.aliasrpc.testing.Waiting.awaitQuietly;
import static org.aliasrpc.testing.Waiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.HyperDht;
import org.aliasrpc.Hyperswarm;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.PeerConnection;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.testing.Inbox;
import org.aliasrpc.testing.ListeningSwarm;
import org.aliasrpc.testing.RequiresTool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Plain connections and swarms with the reference at the other end (docs/protocol, hyperdht.md and hyperswarm.md). */
@RequiresTool("node")
@Timeout(120)
class PeerConnectionInteropIT {
    private static final int MIB = 1 << 20;
    private static final Random RANDOM = new Random(17);

    private static LocalTestnet testnet;
    private static HyperDht dht;
    private static NodePeer node;

    @BeforeAll
    static void start() throws Exception {
        testnet = LocalTestnet.start(3);
        dht = testnet.newNode();
        node = NodePeer.start();
    }

    @AfterAll
    static void stop() {
        node.close();
        dht.close();
        testnet.close();
    }

    /** The reference's end of a connection. */
    private record NodeEnd(String ref, String connection) {
        /** Of a client: it is the connection. */
        static NodeEnd connect(PublicKey server, Map<String, ?> options) {
            String ref = command("stream-client", with(options, "publicKey", hex(server)))
                    .path("ref")
                    .asString();
            return new NodeEnd(ref, ref);
        }

        /** Of a server: the connection that it has accepted. */
        static NodeEnd accepted(JsonNode server) {
            String ref = server.path("ref").asString();
            return new NodeEnd(ref, node.awaitEvent(ref, "connection").text("connection"));
        }

        void send(Bytes message) {
            node.call("send", Map.of("ref", connection, "data", message.toHex()));
        }

        void tell(String what) {
            node.call(what, Map.of("ref", connection));
        }

        void awaitMessage(Bytes message) {
            // Compared before it is described: it may be long.
            node.awaitEvent(
                    ref,
                    event -> event.name().equals("data") && event.text("data").equals(message.toHex()),
                    NodePeer.PATIENCE);
        }

        PeerEvent await(String event) {
            return node.awaitEvent(ref, event);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1200, 65_536, MIB, 5 * MIB})
    void messagesGoToAServerOfTheReferenceAndBack(int length) throws Exception {
        JsonNode server = command("stream-server", Map.of("mode", "echo"));
        try (PeerConnection ours = dht.connect(key(server))) {
            Inbox inbox = Inbox.of(ours);
            Bytes message = random(length);

            send(ours, message);
            send(ours, Bytes.utf8("and another one"));

            assertThat(next(inbox).equals(message)).isTrue();
            assertThat(next(inbox)).isEqualTo(Bytes.utf8("and another one"));
            ours.end();
            assertThat(ours.closed()).succeedsWithin(PATIENCE);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1200, 65_536, MIB})
    void messagesGoToAClientOfTheReferenceAndBack(int length) throws Exception {
        try (ListeningSwarm service = listening()) {
            NodeEnd theirs = NodeEnd.connect(service.publicKey(), Map.of());
            PeerConnection ours = service.next();
            Inbox inbox = Inbox.of(ours);
            Bytes message = random(length);

            theirs.send(message);
            assertThat(next(inbox).equals(message)).isTrue();
            send(ours, message);
            theirs.awaitMessage(message);

            assertThat(ours.isInitiator()).isFalse();
            theirs.tell("end");
            theirs.await("close");
            assertThat(ours.closed()).succeedsWithin(PATIENCE);
        }
    }

    @Test
    void weEndAndTheReferenceGoesOnSending() throws Exception {
        JsonNode server = command("stream-server", Map.of("mode", "manual"));
        try (PeerConnection ours = dht.connect(key(server))) {
            Inbox inbox = Inbox.of(ours);
            NodeEnd theirs = NodeEnd.accepted(server);
            send(ours, Bytes.utf8("my last words"));
            ours.end();
            theirs.awaitMessage(Bytes.utf8("my last words"));
            theirs.await("end");

            theirs.send(Bytes.utf8("still here"));
            theirs.send(random(MIB));

            assertThat(next(inbox)).isEqualTo(Bytes.utf8("still here"));
            assertThat(next(inbox).length()).isEqualTo(MIB);
            assertThat(ours.closed().toCompletableFuture()).isNotDone();
            theirs.tell("end");
            assertThat(ours.closed()).succeedsWithin(PATIENCE);
            theirs.await("close");
        }
    }

    @Test
    void theReferenceEndsAndWeGoOnSending() throws Exception {
        JsonNode server = command("stream-server", Map.of("mode", "manual"));
        try (PeerConnection ours = dht.connect(key(server))) {
            Inbox inbox = Inbox.halfOpen(ours);
            NodeEnd theirs = NodeEnd.accepted(server);
            theirs.send(Bytes.utf8("my last words"));
            theirs.tell("end");
            assertThat(next(inbox)).isEqualTo(Bytes.utf8("my last words"));
            assertThat(inbox.ended.await(PATIENCE_SECONDS, SECONDS)).isTrue();

            send(ours, Bytes.utf8("still here"));
            Bytes large = random(MIB);
            send(ours, large);

            theirs.awaitMessage(Bytes.utf8("still here"));
            theirs.awaitMessage(large);
            assertThat(ours.closed().toCompletableFuture()).isNotDone();
            ours.end();
            assertThat(ours.closed()).succeedsWithin(PATIENCE);
            theirs.await("close");
        }
    }

    @Test
    void whatWeBreakIsBrokenForTheReference() throws Exception {
        JsonNode server = command("stream-server", Map.of("mode", "manual"));
        PeerConnection ours = dht.connect(key(server));
        Inbox inbox = Inbox.of(ours);
        NodeEnd theirs = NodeEnd.accepted(server);
        theirs.send(Bytes.utf8("hello"));
        next(inbox);

        ours.close();

        assertThat(theirs.await("error").fields().path("error").path("code").asString())
                .isEqualTo("ECONNRESET");
        theirs.await("close");
    }

    @Test
    void whatTheReferenceBreaksIsBrokenForUs() throws Exception {
        try (ListeningSwarm service = listening()) {
            NodeEnd theirs = NodeEnd.connect(service.publicKey(), Map.of());
            PeerConnection ours = service.next();
            Inbox.of(ours);

            theirs.tell("destroy");

            assertThat(failureOf(ours.closed().toCompletableFuture()))
                    .isInstanceOf(AliasRpcException.ConnectionLost.class)
                    .hasMessage("connection reset by peer");
            await().until(() -> service.swarm.connectionCount() == 0);
        }
    }

    @Test
    void theReferenceWaitsForAReceiverOfOursThatBlocks() throws Exception {
        try (ListeningSwarm service = listening()) {
            NodeEnd theirs = NodeEnd.connect(service.publicKey(), Map.of());
            PeerConnection ours = service.next();
            CountDownLatch release = new CountDownLatch(1);
            CompletableFuture<Long> received = new CompletableFuture<>();
            ours.receive(new PeerConnection.Receiver() {
                private long bytes;

                @Override
                public void onMessage(ByteBuffer message) {
                    awaitQuietly(release);
                    bytes += message.remaining();
                }

                @Override
                public void onEnd(PeerConnection connection) {
                    received.complete(bytes);
                    connection.end();
                }
            });

            CompletableFuture<JsonNode> poured =
                    node.callAsync("pour", Map.of("ref", theirs.ref(), "bytes", 32 * MIB, "hashed", false));

            assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> poured.get(2, SECONDS));
            release.countDown();
            assertThat(poured).succeedsWithin(PATIENCE);
            assertThat(received).succeedsWithin(PATIENCE).isEqualTo(32L * MIB);
        }
    }

    /** It stops nobody: the reference offers its whole window always (udx.md §9, 2), and keeps what its reader does not take. */
    @Test
    void aReaderOfTheReferenceThatPausesLosesNothing() throws Exception {
        JsonNode server = command("stream-server", Map.of("mode", "count"));
        try (PeerConnection ours = dht.connect(key(server))) {
            Inbox.of(ours);
            NodeEnd theirs = NodeEnd.accepted(server);
            theirs.tell("pause");
            for (int i = 0; i < 16; i++) {
                send(ours, Bytes.wrap(new byte[MIB]));
            }

            theirs.tell("resume");
            ours.end();
            assertThat(theirs.await("received").fields().path("bytes").asLong()).isEqualTo(16L * MIB);
        }
    }

    @Test
    void aSecondConnectionOfOneKeyOfTheReferenceReplacesTheFirst() throws Exception {
        String seed = random(32).toHex();
        try (ListeningSwarm service = listening()) {
            NodeEnd first = NodeEnd.connect(service.publicKey(), Map.of("seed", seed));
            PeerConnection firstHere = service.next();
            exchange(firstHere, first);

            NodeEnd second = NodeEnd.connect(service.publicKey(), Map.of("seed", seed));

            assertThat(failureOf(firstHere.closed().toCompletableFuture())).hasMessage("Duplicate connection");
            first.await("close");
            exchange(service.next(), second);
            assertThat(service.swarm.connectionCount()).isEqualTo(1);
        }
    }

    @Test
    void aSecondConnectionOfOneKeyOfOursReplacesTheFirstInASwarmOfTheReference() throws Exception {
        JsonNode swarm = command("swarm", Map.of());
        String ref = swarm.path("ref").asString();
        node.call("listen", Map.of("ref", ref));
        KeyPair keyPair = keyPair();
        try (PeerConnection first = dht.connect(key(swarm), keyPair)) {
            Inbox inbox = Inbox.of(first);
            send(first, Bytes.utf8("ours"));
            assertThat(next(inbox)).isEqualTo(greeting(swarm));
            node.awaitEvent(ref, "data");

            try (PeerConnection second = dht.connect(key(swarm), keyPair)) {
                assertThat(failureOf(first.closed().toCompletableFuture()))
                        .isInstanceOf(AliasRpcException.ConnectionLost.class);
                assertThat(next(Inbox.of(second))).isEqualTo(greeting(swarm));
            }
        }
    }

    @Test
    void aSwarmOfTheReferenceJoinsOursAsAPeer() throws Exception {
        JsonNode swarm = command("swarm", Map.of());
        String ref = swarm.path("ref").asString();
        try (ListeningSwarm service = listening()) {
            node.call("join-peer", Map.of("ref", ref, "publicKey", hex(service.publicKey())));
            PeerConnection ours = service.next();
            assertThat(ours.remotePublicKey()).isEqualTo(key(swarm));
            assertThat(next(Inbox.of(ours))).isEqualTo(greeting(swarm));
            send(ours, Bytes.utf8("welcome"));
            assertThat(node.awaitEvent(ref, "data").text("text")).isEqualTo("welcome");
            node.call("close", Map.of("ref", ref));
            assertThat(ours.closed().toCompletableFuture()).failsWithin(PATIENCE);
            await().until(() -> service.swarm.connectionCount() == 0);
        }
    }

    @Test
    void ourFirewallLetsOneClientOfTheReferenceInAndNoOther() throws Exception {
        String seed = random(32).toHex();
        PublicKey friend = key(node.call("key-pair", Map.of("seed", seed)));
        Hyperswarm guarded = Hyperswarm.builder(dht, keyPair())
                .firewall(remote -> !remote.equals(friend))
                .build();
        try (ListeningSwarm service = new ListeningSwarm(guarded)) {
            CompletableFuture<JsonNode> stranger =
                    node.callAsync("stream-client", onTestnet(Map.of("publicKey", hex(guarded.publicKey()))));
            NodeEnd welcome = NodeEnd.connect(guarded.publicKey(), Map.of("seed", seed));

            PeerConnection ours = service.next();
            assertThat(ours.remotePublicKey()).isEqualTo(friend);
            exchange(ours, welcome);
            assertThat(failureOf(stranger)).isInstanceOf(NodePeerException.class);
            assertThat(service.connections).isEmpty();
        }
    }

    @Test
    void theReferencesFirewallLetsOneClientOfOursInAndNoOther() throws Exception {
        KeyPair friend = keyPair();
        JsonNode server = command("stream-server", Map.of("mode", "echo", "allow", List.of(hex(friend.publicKey()))));
        CompletableFuture<PeerConnection> stranger =
                dht.connectAsync(key(server)).toCompletableFuture();
        try (PeerConnection ours = dht.connect(key(server), friend)) {
            Inbox inbox = Inbox.of(ours);
            send(ours, Bytes.utf8("hello"));
            assertThat(next(inbox)).isEqualTo(Bytes.utf8("hello"));
        }
        assertThat(failureOf(stranger))
                .isInstanceOf(AliasRpcException.ConnectionFailed.class)
                .hasMessageStartingWith("PEER_CONNECTION_FAILED");
    }

    private static void exchange(PeerConnection ours, NodeEnd theirs) throws Exception {
        Inbox inbox = Inbox.of(ours);
        theirs.send(Bytes.utf8("ping"));
        assertThat(next(inbox)).isEqualTo(Bytes.utf8("ping"));
        send(ours, Bytes.utf8("pong to " + theirs.ref()));
        theirs.awaitMessage(Bytes.utf8("pong to " + theirs.ref()));
    }

    private static Bytes greeting(JsonNode swarm) {
        return Bytes.utf8("hello " + swarm.path("publicKey").asString());
    }

    /** Runs a command that makes something on our network. */
    private static JsonNode command(String name, Map<String, ?> options) {
        return node.call(name, onTestnet(options));
    }

    private static Map<String, Object> onTestnet(Map<String, ?> options) {
        return with(options, "bootstrap", NodePeer.addresses(testnet.bootstrap()));
    }

    private static Map<String, Object> with(Map<String, ?> options, String name, Object value) {
        Map<String, Object> all = new HashMap<>(options);
        all.put(name, value);
        return all;
    }

    private static PublicKey key(JsonNode told) {
        return PublicKey.parse(told.path("publicKey").asString());
    }

    private static String hex(PublicKey key) {
        return key.bytes().toHex();
    }

    private static KeyPair keyPair() {
        return KeyPair.generate(RANDOM);
    }

    private static Bytes random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private static Bytes next(Inbox inbox) throws InterruptedException {
        return Objects.requireNonNull(inbox.messages.poll(PATIENCE_SECONDS, SECONDS), "no message");
    }

    private static void send(PeerConnection connection, Bytes message) throws Exception {
        connection.send(message.asByteBuffer()).toCompletableFuture().get(PATIENCE_SECONDS, SECONDS);
    }

    private static ListeningSwarm listening() throws InterruptedException {
        return new ListeningSwarm(Hyperswarm.create(dht, keyPair()));
    }
}
