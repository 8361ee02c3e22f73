package org.aliasrpc.interop;

import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.AliasClientEvent;
import org.aliasrpc.AliasClientEvent.AliasAttempt;
import org.aliasrpc.AliasClientEvent.AliasFailed;
import org.aliasrpc.AliasClientEvent.AliasRegistered;
import org.aliasrpc.AliasClientEvent.ConnectionError;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.AliasRpcClient;
import org.aliasrpc.AliasRpcClient.LifeCycle;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.AliasRpcException.TimedOut.Step;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.HyperDht;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.testing.RequiresTool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * Our client with servers of the reference that are away, do not speak its protocol or stop in the middle: each ends in its
 * own way and within the deadline (docs/protocol, alias-rpc.md §5), with the events of the client.
 */
@RequiresTool("node")
@Timeout(120)
class OddServersInteropIT {
    private static final AliasRegistration REGISTRATION =
            new AliasRegistration("alias", PublicKey.parse("0a".repeat(32)), "host", "service");
    private static final PublicKey NOBODY = PublicKey.parse("0b".repeat(32));
    /** Enough to get as far as the step that a test is about. */
    private static final Duration TIMEOUT = Duration.ofMillis(2500);

    /** Where nothing waits for it: so short that a pooled client does not try a second time. */
    private static final Duration UNHURRIED = Duration.ofSeconds(4);

    private static NodePeer node;
    private static List<BootstrapNode> bootstrap;
    private static HyperDht dht;
    private final List<AliasClientEvent> events = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void start() {
        node = NodePeer.start();
        bootstrap = NodePeer.addresses(node.call("testnet", Map.of("nodes", 3)).path("bootstrap"));
        dht = HyperDht.create(JavaAliasClient.options(bootstrap));
    }

    @AfterAll
    static void stop() {
        dht.close();
        node.close();
    }

    @AfterEach
    void closeClients() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @ParameterizedTest
    @EnumSource(LifeCycle.class)
    void aSuccess(LifeCycle lifeCycle) {
        PublicKey server = aliasServer();

        assertThat(outcome(client(server, lifeCycle))).isNull();

        assertEvents(AliasAttempt.class, AliasRegistered.class);
        assertThat(events.get(0)).isEqualTo(new AliasAttempt(events.get(0).uid(), REGISTRATION));
        assertThat(events.get(1)).isEqualTo(new AliasRegistered(events.get(0).uid(), REGISTRATION, true));
    }

    @ParameterizedTest
    @EnumSource(LifeCycle.class)
    void aRefusal(LifeCycle lifeCycle) {
        AliasRpcClient client = client(aliasServer(), lifeCycle, "0c".repeat(32));

        assertThat(outcome(client))
                .isInstanceOf(AliasRpcException.Refused.class)
                .hasMessage("Unauthorised");

        assertEvents(AliasAttempt.class, AliasFailed.class);
    }

    @Test
    void aServerThatNobodyKnows() {
        assertThat(outcome(client(NOBODY, LifeCycle.PER_CALL))).isInstanceOf(AliasRpcException.PeerNotFound.class);

        assertEvents(AliasAttempt.class, ConnectionError.class, AliasFailed.class);
    }

    @Test
    void aPooledClientThatCannotTryAgainInTimeTellsWhy() {
        assertThat(outcome(client(NOBODY, LifeCycle.POOLED))).isInstanceOf(AliasRpcException.PeerNotFound.class);

        assertEvents(AliasAttempt.class, AliasFailed.class);
    }

    @ParameterizedTest
    @CsvSource({
        "silent, PER_CALL, OPEN",
        "silent, POOLED, OPEN",
        "never-answering, PER_CALL, REQUEST",
        "never-answering, POOLED, REQUEST"
    })
    void aServerThatSaysNothing(String kind, LifeCycle lifeCycle, Step step) {
        assertTimedOut(outcome(impatient(oddServer(kind), lifeCycle)), step);
    }

    @Test
    void aServerWithAnotherProtocol() {
        assertThat(outcome(client(oddServer("rejecting"), LifeCycle.PER_CALL)))
                .isInstanceOf(AliasRpcException.ChannelRejected.class);
    }

    @ParameterizedTest
    @EnumSource(LifeCycle.class)
    void aServerThatLeavesInTheMiddle(LifeCycle lifeCycle) {
        assertThat(outcome(client(oddServer("leaving-on-request"), lifeCycle)))
                .isInstanceOf(AliasRpcException.ConnectionLost.class);
    }

    @Test
    void aServerThatLeavesAtOnce() {
        assertThat(outcome(client(oddServer("leaving-at-once"), LifeCycle.PER_CALL)))
                .isInstanceOfAny(AliasRpcException.ConnectionLost.class, AliasRpcException.ConnectionFailed.class);
    }

    @ParameterizedTest
    @EnumSource(LifeCycle.class)
    void aServerWithoutTheMethod(LifeCycle lifeCycle) {
        assertThat(outcome(client(oddServer("without-method"), lifeCycle)))
                .isInstanceOf(AliasRpcException.Refused.class)
                .hasMessageContaining("UNKNOWN_METHOD");
    }

    @ParameterizedTest
    @EnumSource(LifeCycle.class)
    void anAnswerOfAnotherMajorVersion(LifeCycle lifeCycle) {
        assertThat(outcome(client(oddServer("replying", "02010101"), lifeCycle)))
                .isInstanceOf(AliasRpcException.IncompatibleVersion.class);
    }

    @Test
    void anAnswerOfAnyMinorVersionCounts() {
        assertThat(outcome(client(oddServer("replying", "01630101"), LifeCycle.POOLED)))
                .isNull();
    }

    @Test
    void aServerThatDoesNotTakeOurVersion() {
        assertThat(outcome(client(oddServer("of-version-2"), LifeCycle.POOLED)))
                .isInstanceOf(AliasRpcException.IncompatibleVersion.class)
                .hasMessageContaining("own major: 2");
    }

    @Test
    void anAnswerThatIsCutShort() {
        // The reference calls whatever it cannot decode DECODE_ERROR, and so does our client.
        assertThat(outcome(client(oddServer("replying", "010101"), LifeCycle.POOLED)))
                .isInstanceOf(AliasRpcException.IncompatibleVersion.class)
                .hasMessage("Out of bounds");
    }

    @Test
    void aServerThatTurnsUsAway() {
        JsonNode server = node.call(
                "odd-server",
                Map.of("kind", "silent", "firewallAll", true, "bootstrap", NodePeer.addresses(bootstrap)));

        AliasRpcException failure = outcome(impatient(key(server), LifeCycle.PER_CALL));

        // It does not say so: requests go unanswered until the time is over (hyperdht.md §6.3).
        assertTimedOut(failure, Step.CONNECT);
    }

    @ParameterizedTest
    @EnumSource(LifeCycle.class)
    void aServerWhoseProcessDies(LifeCycle lifeCycle) {
        try (NodePeer dying = NodePeer.start()) {
            JsonNode server = dying.call(
                    "alias-server",
                    Map.of("version", "2.1.0", "secret", AliasCell.SECRET, "bootstrap", NodePeer.addresses(bootstrap)));
            AliasRpcClient client = impatient(key(server), lifeCycle);
            var slow = new AliasRegistration("alias", NOBODY, "host", AliasServerSide.slow(60_000));
            CompletableFuture<Boolean> answer = client.registerAliasAsync(slow).toCompletableFuture();
            dying.awaitEvent(server.path("ref").asString(), "alias-request");

            dying.kill();

            assertTimedOut(failure(answer), Step.REQUEST);
        }
    }

    @ParameterizedTest
    @EnumSource(LifeCycle.class)
    void aRequestThatFitsIntoNoFrame(LifeCycle lifeCycle) {
        AliasRpcClient client = client(aliasServer(), lifeCycle);
        var tooLong = new AliasRegistration("x".repeat(1 << 24), NOBODY, "host", "service");

        AliasRpcException failure = failure(client.registerAliasAsync(tooLong).toCompletableFuture());

        assertThat(failure).isInstanceOf(AliasRpcException.ProtocolViolation.class);
        assertThat(outcome(client)).as("a request after it").isNull();
    }

    /** Events and the outcome of the call reach their listeners by different ways. */
    private void assertEvents(Class<?>... types) {
        await().untilAsserted(() -> assertThat(events)
                .extracting(event -> (Object) event.getClass())
                .containsExactly((Object[]) types));
    }

    private void assertTimedOut(@Nullable AliasRpcException failure, Step step) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        AliasRpcException.TimedOut.class,
                        timedOut -> assertThat(timedOut.step()).isEqualTo(step));
    }

    /** Registers; null is success. Ends whatever the server does. */
    private static @Nullable AliasRpcException outcome(AliasRpcClient client) {
        return failure(client.registerAliasAsync(REGISTRATION).toCompletableFuture());
    }

    private static @Nullable AliasRpcException failure(CompletableFuture<Boolean> answer) {
        return answer.handle((updated, failure) ->
                        (AliasRpcException) (failure instanceof CompletionException ? failure.getCause() : failure))
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    private AliasRpcClient client(PublicKey server, LifeCycle lifeCycle) {
        return client(server, lifeCycle, AliasCell.SECRET);
    }

    private AliasRpcClient client(PublicKey server, LifeCycle lifeCycle, String secret) {
        return client(server, lifeCycle, secret, UNHURRIED);
    }

    /** Of which a test expects that its time runs out. */
    private AliasRpcClient impatient(PublicKey server, LifeCycle lifeCycle) {
        return client(server, lifeCycle, AliasCell.SECRET, TIMEOUT);
    }

    private AliasRpcClient client(PublicKey server, LifeCycle lifeCycle, String secret, Duration timeout) {
        AliasRpcClient client = AliasRpcClient.builder(server, SecretBytes.parse(secret, "secret"), dht)
                .lifeCycle(lifeCycle)
                .timeout(timeout)
                .listener(events::add)
                .build();
        opened.add(client);
        return client;
    }

    private static PublicKey aliasServer() {
        return key(node.call(
                "alias-server",
                Map.of("version", "2.1.0", "secret", AliasCell.SECRET, "bootstrap", NodePeer.addresses(bootstrap))));
    }

    private static PublicKey oddServer(String kind) {
        return oddServer(kind, "");
    }

    private static PublicKey oddServer(String kind, String reply) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("kind", kind);
        arguments.put("reply", reply);
        arguments.put("bootstrap", NodePeer.addresses(bootstrap));
        return key(node.call("odd-server", arguments));
    }

    private static PublicKey key(JsonNode server) {
        return PublicKey.parse(server.path("publicKey").asString());
    }
}
