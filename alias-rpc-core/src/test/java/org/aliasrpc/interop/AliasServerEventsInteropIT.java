package org.aliasrpc.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.AliasServerEvent;
import org.aliasrpc.AliasServerEvent.AliasError;
import org.aliasrpc.AliasServerEvent.AliasRequest;
import org.aliasrpc.AliasServerEvent.AliasSuccess;
import org.aliasrpc.AliasServerEvent.AliasUnauthorised;
import org.aliasrpc.AliasServerEvent.ConnectionClose;
import org.aliasrpc.AliasServerEvent.ConnectionError;
import org.aliasrpc.AliasServerEvent.ConnectionOpen;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.testing.RequiresTool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What our server reports while the reference's clients do what they do (docs/protocol, alias-rpc.md §4). */
@RequiresTool("node")
@Timeout(120)
class AliasServerEventsInteropIT {
    private static final PublicKey TARGET = PublicKey.parse("09".repeat(32));
    private static final AliasRegistration REGISTRATION =
            new AliasRegistration("alias", TARGET, "some host", "some service");
    private static final String WRONG_SECRET = "aa".repeat(32);
    private static final int TIMEOUT_MILLIS = 30_000;

    private static NodePeer node;
    private static List<BootstrapNode> bootstrap;
    private JavaAliasServer.JavaServer server;

    @BeforeAll
    static void startNetwork() {
        node = NodePeer.start();
        bootstrap = NodePeer.addresses(node.call("testnet", Map.of("nodes", 3)).path("bootstrap"));
    }

    @AfterAll
    static void stopNetwork() {
        node.close();
    }

    @BeforeEach
    void startServer() {
        server = new JavaAliasServer().start(bootstrap, AliasCell.SECRET);
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void aRegistrationOfItsOwnConnection() {
        JsonNode client = client("1.0.3", AliasCell.SECRET);

        assertThat(register(client, new Attempt(REGISTRATION))).isEqualTo(new Outcome.Registered(true));

        ConnectionOpen open = awaitClosed();
        UUID uid = open.uid();
        PublicKey remote = key(client);
        assertThat(open.remotePublicKey()).isEqualTo(remote);
        assertThat(open.remoteAddress().getAddress().isLoopbackAddress()).isTrue();
        // Every client of the reference ends by destroying its stream: an error, and a fault of nobody.
        assertThat(server.events(uid))
                .containsExactly(
                        open,
                        new AliasRequest(uid, remote, TARGET, "alias", "some host", "some service"),
                        new AliasSuccess(uid, remote, "alias", TARGET, true),
                        new ConnectionError(uid, remote, "connection reset by peer"),
                        new ConnectionClose(uid, remote));
    }

    @Test
    void aWrongSecret() {
        JsonNode client = client("1.0.3", WRONG_SECRET);

        register(client, new Attempt(REGISTRATION));

        ConnectionOpen open = awaitClosed();
        UUID uid = open.uid();
        assertThat(server.events(uid))
                .containsExactly(
                        open,
                        new AliasUnauthorised(uid, key(client), TARGET, "alias", open.remoteAddress()),
                        new ConnectionError(uid, key(client), "connection reset by peer"),
                        new ConnectionClose(uid, key(client)));
    }

    @Test
    void aRegistrarThatFails() {
        JsonNode client = client("1.0.3", AliasCell.SECRET);
        var refused = new AliasRegistration("alias", TARGET, "host", AliasServerSide.REFUSE);

        Outcome outcome = register(client, new Attempt(refused));

        UUID uid = awaitClosed().uid();
        assertThat(outcome).isEqualTo(new Outcome.Refused("Failed to register alias (uid " + uid + ")"));
        assertThat(server.events(uid))
                .extracting(Object::getClass)
                .containsExactly(
                        ConnectionOpen.class,
                        AliasRequest.class,
                        AliasError.class,
                        ConnectionError.class,
                        ConnectionClose.class);
        assertThat(server.events(uid).get(2)).isInstanceOfSatisfying(AliasError.class, failed -> {
            assertThat(failed.remotePublicKey()).isEqualTo(key(client));
            assertThat(failed.error()).hasMessage("The registrar does not want this");
        });
    }

    @Test
    void aRequestOfAnotherVersionRaisesNoEventOfItsOwn() {
        JsonNode client = client("1.0.3", AliasCell.SECRET);

        assertThat(register(client, new Attempt(REGISTRATION, 2, 0))).isInstanceOf(Outcome.Incompatible.class);

        assertThat(server.events(awaitClosed().uid()))
                .extracting(Object::getClass)
                .containsExactly(ConnectionOpen.class, ConnectionError.class, ConnectionClose.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1.0", "2.2.1"})
    void severalRequestsOfOnePooledConnection(String version) {
        JsonNode client = client(version, AliasCell.SECRET);

        register(client, new Attempt(REGISTRATION));
        register(client, new Attempt(REGISTRATION, 2, 1)); // is answered, and leaves the connection as it is
        register(client, new Attempt(REGISTRATION));
        // The answer may be here before the event has been delivered.
        server.awaitEvent(event -> event instanceof AliasSuccess success && !success.updated());
        UUID uid = server.events().get(0).uid();
        assertThat(server.events())
                .extracting(event -> (Object) event.getClass())
                .containsExactly(
                        ConnectionOpen.class,
                        AliasRequest.class,
                        AliasSuccess.class,
                        AliasRequest.class,
                        AliasSuccess.class);
        assertThat(server.events().get(4)).isEqualTo(new AliasSuccess(uid, key(client), "alias", TARGET, false));
        node.call("close", Map.of("ref", client.path("ref")));

        awaitClosed();
        assertThat(server.events(uid)).hasSize(7).last().isEqualTo(new ConnectionClose(uid, key(client)));
    }

    @Test
    void aRegistrarThatIsLateFinishesAfterTheConnection() {
        JsonNode client = client("1.0.3", AliasCell.SECRET, Duration.ofSeconds(1));
        var slow = new AliasRegistration("alias", TARGET, "host", AliasServerSide.slow(3500));

        assertThat(register(client, new Attempt(slow))).isEqualTo(new Outcome.TimedOut());

        AliasServerEvent success = server.awaitEvent(AliasSuccess.class::isInstance);
        assertThat(server.events(success.uid()))
                .extracting(Object::getClass)
                .containsExactly(
                        ConnectionOpen.class,
                        AliasRequest.class,
                        ConnectionError.class,
                        ConnectionClose.class,
                        AliasSuccess.class);
    }

    @Test
    void registrationsOfOneKeyAtOnceAllSucceed() {
        JsonNode client = client("1.0.3", AliasCell.SECRET);

        List<CompletableFuture<Boolean>> answers = IntStream.range(0, 5)
                .mapToObj(i -> new Attempt(new AliasRegistration("alias " + i, TARGET, "host", "service")))
                .map(attempt -> node.callAsync("register", attempt.arguments(ref(client)))
                        .thenApply(answer -> answer.path("updated").asBoolean()))
                .toList();

        assertThat(answers)
                .allSatisfy(answer ->
                        assertThat(answer).succeedsWithin(NodePeer.PATIENCE).isEqualTo(true));
    }

    /** The first connection, once it is gone and all of its events have come. */
    private ConnectionOpen awaitClosed() {
        server.awaitEvent(ConnectionClose.class::isInstance);
        return (ConnectionOpen) server.awaitEvent(ConnectionOpen.class::isInstance);
    }

    private static Outcome register(JsonNode client, Attempt attempt) {
        try {
            JsonNode answer = node.call("register", attempt.arguments(ref(client)));
            return new Outcome.Registered(answer.path("updated").asBoolean());
        } catch (NodePeerException e) {
            return Outcome.of(e);
        }
    }

    private JsonNode client(String version, String secret) {
        return client(version, secret, Duration.ofMillis(TIMEOUT_MILLIS));
    }

    private JsonNode client(String version, String secret, Duration timeout) {
        return node.call(
                "alias-client",
                Map.of(
                        "version", version,
                        "bootstrap", NodePeer.addresses(bootstrap),
                        "serverPublicKey", server.publicKey().bytes().toHex(),
                        "secret", secret,
                        "requestTimeoutMs", timeout.toMillis()));
    }

    private static String ref(JsonNode object) {
        return object.path("ref").asString();
    }

    private static PublicKey key(JsonNode client) {
        return PublicKey.parse(client.path("publicKey").asString());
    }
}
