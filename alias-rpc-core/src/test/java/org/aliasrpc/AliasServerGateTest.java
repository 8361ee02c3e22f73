package org.aliasrpc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.aliasrpc.testing.Waiting.PATIENCE;
import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.aliasrpc.AliasServerGate.Limit;
import org.aliasrpc.AliasServerGate.Verdict;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.testing.Testnets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Secrets, gates and limits of an alias server, over real connections. */
@Timeout(120)
class AliasServerGateTest {
    private static final int MANY = 200;
    private static final Random RANDOM = new Random(23);
    private static final SecretBytes SECRET = SecretBytes.random(RANDOM, 32);
    private static final SecretBytes OTHER = SecretBytes.random(RANDOM, 32);
    private static final PublicKey TARGET = KeyPair.generate(RANDOM).publicKey();

    @AutoClose
    private static final LocalTestnet testnet = Testnets.start(3);

    private final Table table = new Table();
    private final Queue<AliasServerEvent> events = new ConcurrentLinkedQueue<>();
    private final Queue<Limit> limits = new ConcurrentLinkedQueue<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T closed(T resource) {
        open.add(resource);
        return resource;
    }

    private Hyperswarm swarm(int maxConnections) {
        return closed(Hyperswarm.builder(closed(testnet.newNode()), KeyPair.generate(RANDOM))
                .connectionsPerPeer(AliasRpcServer.CONNECTIONS_PER_PEER)
                .maxConnections(maxConnections)
                .build());
    }

    private AliasRpcServer.Builder builder(Hyperswarm swarm, AliasServerGate gate) {
        return AliasRpcServer.builder(swarm, Map.of("one", SECRET), table)
                .gate(new AliasServerGate() {
                    @Override
                    public Verdict decide(Request request) {
                        return gate.decide(request);
                    }

                    @Override
                    public boolean admits(PublicKey remotePublicKey) {
                        return gate.admits(remotePublicKey);
                    }

                    @Override
                    public void onLimit(Limit limit) {
                        limits.add(limit);
                    }
                })
                .listener(events::add);
    }

    private AliasRpcServer listening(AliasRpcServer.Builder builder) throws InterruptedException {
        AliasRpcServer server = closed(builder.build());
        server.listen();
        return server;
    }

    private AliasRpcClient client(AliasRpcServer server, SecretBytes secret) {
        return closed(AliasRpcClient.builder(server.publicKey(), secret, closed(testnet.newNode()))
                .timeout(PATIENCE)
                .build());
    }

    @Test
    void secretsAreReplacedWhileTheServerRuns() throws Exception {
        AliasRpcServer server = listening(builder(swarm(100), request -> Verdict.pass()));
        AliasRpcClient old = client(server, SECRET);
        assertThat(old.registerAlias(alias("a"))).isTrue();
        assertThat(secretOf("a")).isEqualTo("one");

        try (SecretBytes same = SecretBytes.copyOf(bytes(SECRET));
                SecretBytes fresh = SecretBytes.copyOf(bytes(OTHER))) {
            server.replaceSecrets(Map.of("old", same, "new", fresh));
        }
        assertThat(client(server, OTHER).registerAlias(alias("b"))).isTrue();
        assertThat(secretOf("b")).isEqualTo("new");
        assertThat(old.registerAlias(alias("a"))).isFalse();
        assertThat(secretOf("a")).isEqualTo("old");

        server.replaceSecrets(Map.of("new", OTHER));
        assertThatThrownBy(() -> old.registerAlias(alias("a"))).hasMessage("Unauthorised");
        assertThatThrownBy(() -> server.replaceSecrets(Map.of())).isInstanceOf(IllegalArgumentException.class);
        server.close();
        server.replaceSecrets(Map.of("late", SECRET));
    }

    @Test
    void anAnswerThatWaitsHoldsUpNothing() throws Exception {
        AliasRpcServer server = listening(builder(
                swarm(100),
                request -> request.secretName() == null
                        ? Verdict.unauthorised(Duration.ofMillis(700), false)
                        : Verdict.pass()));
        AliasRpcClient stranger = client(server, OTHER);
        long before = System.nanoTime();
        CompletableFuture<Boolean> late = register(stranger, "a");
        assertThat(client(server, SECRET).registerAlias(alias("b"))).isTrue();
        assertThat(reason(late)).contains("Unauthorised");
        assertThat(System.nanoTime() - before)
                .isGreaterThan(Duration.ofMillis(650).toNanos());
        assertThat(server.connectionCount()).isEqualTo(2);
    }

    @Test
    void theLastAnswerArrivesBeforeTheConnectionEnds() throws Exception {
        AliasRpcServer server =
                listening(builder(swarm(100), request -> Verdict.unauthorised(Duration.ofMillis(50), true)));
        assertThat(reason(register(client(server, OTHER), "a"))).contains("Unauthorised");
        await().until(() -> server.connectionCount() == 0);
    }

    @Test
    void whoIsCutOffLosesTheConnection() throws Exception {
        AliasRpcServer server = listening(builder(swarm(100), request -> Verdict.cutOff("enough")));
        assertThat(reason(register(client(server, OTHER), "a"))).contains("ConnectionLost");
        await().until(() -> events.stream()
                .anyMatch(event -> event instanceof AliasServerEvent.ConnectionError error
                        && error.error().equals("enough")));
        assertThat(events).noneMatch(AliasServerEvent.AliasUnauthorised.class::isInstance);
    }

    @Test
    void aGateThatThrowsRefuses() throws Exception {
        AliasRpcServer server = listening(builder(swarm(100), request -> {
            throw new IllegalStateException("thrown by a test");
        }));
        assertThat(reason(register(client(server, SECRET), "a"))).contains("could not be checked");
        assertThat(table.registrations).isEmpty();
    }

    @Test
    void whoIsNotAdmittedIsNotAnswered() throws Exception {
        AliasServerGate closed = new AliasServerGate() {
            @Override
            public Verdict decide(Request request) {
                return Verdict.pass();
            }

            @Override
            public boolean admits(PublicKey remotePublicKey) {
                return false;
            }
        };
        AliasRpcServer server = listening(builder(swarm(100), closed));
        AliasRpcClient client = closed(AliasRpcClient.builder(server.publicKey(), SECRET, closed(testnet.newNode()))
                .timeout(Duration.ofSeconds(1))
                .build());
        assertThat(reason(register(client, "a"))).contains("AliasRpcException");
        assertThat(server.connectionCount()).isZero();
        assertThat(events).isEmpty();
    }

    @Test
    void limitsOfRequestsAreToldToTheGate() throws Exception {
        AliasRpcServer server = listening(builder(swarm(100), request -> Verdict.pass())
                .maxRequestBytes(200)
                .maxConcurrentRequests(1));
        AliasRpcClient client = client(server, SECRET);
        assertThat(reason(register(client, "a".repeat(200)))).contains("too large");
        CompletableFuture<Boolean> first = client.registerAliasAsync(
                        new AliasRegistration("b", TARGET, "host", "never"))
                .toCompletableFuture();
        assertThat(reason(register(client, "c"))).contains("Too many registrations");
        table.answerAll(true);
        assertThat(first.get(PATIENCE_SECONDS, SECONDS)).isTrue();
        assertThat(limits).containsExactly(Limit.REQUEST_SIZE, Limit.CONCURRENT_REQUESTS);
    }

    @Test
    void aStrangerWhoseTimeIsOverIsToldToTheGate() throws Exception {
        AliasRpcServer server =
                listening(builder(swarm(100), request -> Verdict.pass()).firstRequestTimeout(Duration.ofMillis(300)));
        assertThat(closed(testnet.newNode())
                        .connect(server.publicKey())
                        .closed()
                        .toCompletableFuture())
                .failsWithin(PATIENCE);
        assertThat(limits).containsExactly(Limit.FIRST_REQUEST_TIMEOUT);
    }

    @Test
    void anIdleConnectionIsToldToTheGate() throws Exception {
        AliasRpcServer server =
                listening(builder(swarm(100), request -> Verdict.pass()).idleTimeout(Duration.ofMillis(300)));
        assertThat(closed(testnet.newNode())
                        .connect(server.publicKey())
                        .closed()
                        .toCompletableFuture())
                .failsWithin(PATIENCE);
        assertThat(limits).containsExactly(Limit.IDLE_TIMEOUT);
    }

    @Test
    void manySilentStrangersMakeRoomForWhoKnowsTheSecret() throws Exception {
        AliasRpcServer server =
                listening(builder(swarm(MANY), request -> Verdict.pass()).firstRequestTimeout(Duration.ofHours(1)));
        AliasRpcClient known = client(server, SECRET);
        assertThat(known.registerAlias(alias("known"))).isTrue();
        HyperDht stranger = closed(testnet.newNode());
        for (int i = 1; i <= MANY; i++) {
            stranger.connectAsync(server.publicKey(), closed(KeyPair.generate(RANDOM)));
            if (i % 50 == 0) { // as fast as the handshakes are done
                int open = Math.min(i, MANY - 1);
                await().until(() -> server.connectionCount() > open);
            }
        }
        await().until(() -> limits.contains(Limit.CONNECTIONS));
        AliasRpcClient newcomer = client(server, SECRET);
        assertThat(newcomer.registerAlias(alias("newcomer"))).isTrue();
        assertThat(known.registerAlias(alias("known"))).isFalse();
        assertThat(server.connectionCount()).isEqualTo(MANY);
    }

    private String secretOf(String alias) {
        return Objects.requireNonNull(table.origins.get(alias)).secretName();
    }

    private static AliasRegistration alias(String alias) {
        return new AliasRegistration(alias, TARGET, "host", "service");
    }

    private static CompletableFuture<Boolean> register(AliasRpcClient client, String alias) {
        return client.registerAliasAsync(alias(alias)).toCompletableFuture();
    }

    private static String reason(CompletableFuture<Boolean> result) throws Exception {
        try {
            return "registered, updated: " + result.get(PATIENCE_SECONDS, SECONDS);
        } catch (ExecutionException e) {
            return e.toString();
        }
    }

    private static byte[] bytes(SecretBytes secret) {
        byte[] content = new byte[secret.length()];
        secret.copyTo(content, 0);
        return content;
    }
}
