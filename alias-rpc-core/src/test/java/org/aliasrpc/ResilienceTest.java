package org.aliasrpc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.aliasrpc.testing.Waiting.PATIENCE;
import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.aliasrpc.testing.Waiting.await;
import static org.aliasrpc.testing.Waiting.awaitQuietly;
import static org.aliasrpc.testing.Waiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.testing.Testnets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens when one end closes, users' code misbehaves, or something is used wrongly. */
@Timeout(120)
class ResilienceTest {
    private static final Random RANDOM = new Random(11);
    private static final SecretBytes SECRET = SecretBytes.random(RANDOM, 32);
    private static final PublicKey TARGET = KeyPair.generate(RANDOM).publicKey();

    @AutoClose
    private static final LocalTestnet testnet = Testnets.start(3);

    /** A server with a node of its own. */
    private record Service(HyperDht node, Hyperswarm swarm, AliasRpcServer server, Table table)
            implements AutoCloseable {
        static Service start(AliasServerEvent.Listener listener) throws InterruptedException {
            HyperDht node = testnet.newNode();
            Table table = new Table();
            Hyperswarm swarm = Hyperswarm.builder(node, KeyPair.generate(RANDOM))
                    .connectionsPerPeer(AliasRpcServer.CONNECTIONS_PER_PEER)
                    .build();
            AliasRpcServer server = AliasRpcServer.builder(swarm, SECRET, table)
                    .listener(listener)
                    .build();
            server.listen();
            return new Service(node, swarm, server, table);
        }

        @Override
        public void close() {
            server.close();
            swarm.close();
            node.close();
        }
    }

    @Test
    void aServerThatGoesAwayDuringARequestIsALostConnection() throws Exception {
        Service service = Service.start(event -> {});
        try (HyperDht node = testnet.newNode();
                AliasRpcClient client = AliasRpcClient.create(service.server().publicKey(), SECRET, node)) {
            CompletableFuture<Boolean> result = register(client, "lost", "never");
            await().until(() -> service.table().registrations.containsKey("lost"));

            service.close();

            assertThat(failureOf(result)).isInstanceOf(AliasRpcException.ConnectionLost.class);
        }
    }

    @Test
    void aClientThatIsClosedFailsWhatItDoesAndLeavesTheNodeAlone() throws Exception {
        try (Service service = Service.start(event -> {});
                HyperDht node = testnet.newNode()) {
            AliasRpcClient client = AliasRpcClient.create(service.server().publicKey(), SECRET, node);
            CompletableFuture<Boolean> result = register(client, "closed", "never");
            await().until(() -> service.table().registrations.containsKey("closed"));

            client.close();
            client.close();

            assertThat(failureOf(result)).isInstanceOf(AliasRpcException.Closed.class);
            assertThat(failureOf(register(client, "later", "service"))).isInstanceOf(AliasRpcException.Closed.class);
            try (AliasRpcClient second = AliasRpcClient.create(service.server().publicKey(), SECRET, node)) {
                assertThat(register(second, "second", "service")).succeedsWithin(PATIENCE);
            }
            await().until(() -> service.server().connectionCount() == 0);
        }
    }

    @Test
    void aNodeThatIsClosedFailsWhatItsClientsDo() throws Exception {
        try (Service service = Service.start(event -> {})) {
            HyperDht node = testnet.newNode();
            AliasRpcClient client = AliasRpcClient.create(service.server().publicKey(), SECRET, node);
            CompletableFuture<Boolean> result = register(client, "node closed", "never");
            await().until(() -> service.table().registrations.containsKey("node closed"));

            node.close();
            node.close();

            assertThat(failureOf(result)).isInstanceOf(AliasRpcException.Closed.class);
            assertThat(failureOf(register(client, "later", "service"))).isInstanceOf(AliasRpcException.Closed.class);
            assertThat(failureOf(node.connectAsync(TARGET).toCompletableFuture()))
                    .isInstanceOf(AliasRpcException.Closed.class);
            assertThat(node.stats().packetsSent()).isPositive();
            client.close();
        }
    }

    @Test
    void aServerThatIsClosedServesNoMoreAndItsSwarmCanServeAnother() throws Exception {
        try (Service service = Service.start(event -> {});
                HyperDht node = testnet.newNode();
                AliasRpcClient client = AliasRpcClient.builder(service.server().publicKey(), SECRET, node)
                        .timeout(Duration.ofSeconds(4)) // less than the pause after an attempt that failed
                        .build()) {
            assertThat(register(client, "before", "service")).succeedsWithin(PATIENCE);

            service.server().close();
            await().until(() -> service.server().connectionCount() == 0);
            assertThat(failureOf(register(client, "between", "service"))).isInstanceOf(AliasRpcException.class);

            try (AliasRpcServer second = AliasRpcServer.create(service.swarm(), SECRET, new Table());
                    AliasRpcClient fresh = AliasRpcClient.create(second.publicKey(), SECRET, node)) {
                assertThat(register(fresh, "again", "service")).succeedsWithin(PATIENCE);
            }
        }
    }

    @Test
    void listenersThatBlockOrThrowDisturbNobody() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        AliasServerEvent.Listener blocking = event -> {
            calls.incrementAndGet();
            if (event instanceof AliasServerEvent.AliasSuccess) {
                awaitQuietly(release);
            }
            throw new IllegalStateException("thrown by a test");
        };
        AliasClientEvent.Listener throwing = event -> {
            throw new IllegalStateException("thrown by a test");
        };
        try (Service service = Service.start(blocking);
                HyperDht node = testnet.newNode()) {
            for (int i = 0; i < 6; i++) { // each blocks a thread of a pool of four until the end
                try (AliasRpcClient client = AliasRpcClient.builder(
                                service.server().publicKey(), SECRET, node)
                        .listener(throwing)
                        .build()) {
                    assertThat(register(client, "blocked " + i, "service"))
                            .as("registration %d", i)
                            .succeedsWithin(PATIENCE);
                    assertThat(register(client, "blocked again " + i, "service"))
                            .as("second registration %d of the connection", i)
                            .succeedsWithin(PATIENCE);
                }
            }
            assertThat(calls.get()).isPositive();
            release.countDown();
        } finally {
            release.countDown();
        }
    }

    @Test
    void callbacksMayBlockOnOtherCallsOfTheSameNode() throws Exception {
        try (Service service = Service.start(event -> {});
                HyperDht node = testnet.newNode();
                AliasRpcClient client = AliasRpcClient.create(service.server().publicKey(), SECRET, node)) {
            List<CompletableFuture<Boolean>> nested = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 8; i++) { // twice as many as the pool has threads
                String alias = "nested " + i;
                nested.add(register(client, "outer " + i, "service").thenApply(updated -> {
                    try {
                        return client.registerAlias(new AliasRegistration(alias, TARGET, "host", "service"));
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }));
            }

            assertThat(nested).allSatisfy(result -> assertThat(result).succeedsWithin(PATIENCE));
        }
    }

    @Test
    void blockingOnTheEventLoopIsRefused() throws Exception {
        HyperDhtOptions onTheLoop =
                testnet.options().callbackExecutor(Runnable::run).build();
        try (Service service = Service.start(event -> {});
                HyperDht node = HyperDht.create(onTheLoop);
                AliasRpcClient client = AliasRpcClient.create(service.server().publicKey(), SECRET, node)) {
            CompletableFuture<Boolean> nested = register(client, "outer", "service")
                    .thenApply(updated -> {
                        try {
                            return client.registerAlias(new AliasRegistration("inner", TARGET, "host", "service"));
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });

            assertThat(failureOf(nested))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("event loop");
        }
    }

    @Test
    void theRegistrarRunsOnTheExecutorOfTheUser() throws Exception {
        List<String> threads = new CopyOnWriteArrayList<>();
        HyperDhtOptions options = testnet.options()
                .callbackExecutor(task -> {
                    Thread thread = new Thread(task, "of-the-user");
                    thread.setDaemon(true);
                    thread.start();
                })
                .build();
        try (HyperDht serverNode = HyperDht.create(options);
                Hyperswarm swarm = Hyperswarm.create(serverNode, KeyPair.generate(RANDOM));
                AliasRpcServer server = AliasRpcServer.create(
                        swarm,
                        SECRET,
                        AliasRegistrar.blocking((registration, origin) ->
                                threads.add(Thread.currentThread().getName())));
                HyperDht node = testnet.newNode()) {
            server.listen();
            try (AliasRpcClient client = AliasRpcClient.create(server.publicKey(), SECRET, node)) {
                assertThat(register(client, "thread", "service")).succeedsWithin(PATIENCE);
            }
        }
        assertThat(threads).containsExactly("of-the-user");
    }

    @Test
    void moreRequestsThanAllowedAreRefusedAndTheOthersServed() throws Exception {
        Table table = new Table();
        try (HyperDht serverNode = testnet.newNode();
                Hyperswarm swarm = Hyperswarm.create(serverNode, KeyPair.generate(RANDOM));
                AliasRpcServer server = AliasRpcServer.builder(swarm, SECRET, table)
                        .maxConcurrentRequests(2)
                        .maxRequestBytes(1000)
                        .build();
                HyperDht node = testnet.newNode()) {
            server.listen();
            try (AliasRpcClient client = AliasRpcClient.create(server.publicKey(), SECRET, node)) {
                CompletableFuture<Boolean> first = register(client, "1", "never");
                CompletableFuture<Boolean> second = register(client, "2", "never");
                await().until(() -> table.registrations.size() == 2);

                assertThat(failureOf(register(client, "3", "never"))).isInstanceOf(AliasRpcException.Refused.class);
                table.answerAll(true);
                assertThat(first).succeedsWithin(PATIENCE);
                assertThat(second).succeedsWithin(PATIENCE);
                assertThat(failureOf(register(client, "x".repeat(1000), "service")))
                        .isInstanceOf(AliasRpcException.Refused.class);
            }
        }
    }

    @Test
    void idleConnectionsAreClosedAndMadeAgain() throws Exception {
        try (HyperDht serverNode = testnet.newNode();
                Hyperswarm swarm = Hyperswarm.create(serverNode, KeyPair.generate(RANDOM));
                AliasRpcServer server = AliasRpcServer.builder(swarm, SECRET, new Table())
                        .idleTimeout(Duration.ofMillis(300))
                        .build();
                HyperDht node = testnet.newNode()) {
            server.listen();
            CountDownLatch lost = new CountDownLatch(1);
            AliasClientEvent.Listener listener = new AliasClientEvent.Listener() {
                @Override
                public void onEvent(AliasClientEvent event) {}

                @Override
                public void onConnectionLost() {
                    lost.countDown();
                }
            };
            try (AliasRpcClient client = AliasRpcClient.builder(server.publicKey(), SECRET, node)
                    .listener(listener)
                    .build()) {
                assertThat(register(client, "one", "service")).succeedsWithin(PATIENCE);
                assertThat(lost.await(PATIENCE_SECONDS, SECONDS)).isTrue(); // a call before would be lost with it
                assertThat(server.connectionCount()).isZero();
                assertThat(register(client, "two", "service")).succeedsWithin(PATIENCE);
            }
        }
    }

    @Test
    void secretsOfAnotherLengthAreRefusedAtOnce() {
        try (HyperDht node = testnet.newNode();
                SecretBytes shorter = SecretBytes.random(RANDOM, 31)) {
            assertThatThrownBy(() -> AliasRpcClient.builder(TARGET, shorter, node))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("secret must be 32 bytes, it has 31");
            try (Hyperswarm swarm = Hyperswarm.create(node, KeyPair.generate(RANDOM))) {
                assertThatThrownBy(() -> AliasRpcServer.builder(swarm, shorter, new Table()))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void theCallersSecretMayBeClosedAfterwards() throws Exception {
        byte[] content = new byte[32];
        SECRET.copyTo(content, 0);
        try (Service service = Service.start(event -> {});
                HyperDht node = testnet.newNode()) {
            SecretBytes given = SecretBytes.copyOf(content);
            try (AliasRpcClient client = AliasRpcClient.create(service.server().publicKey(), given, node)) {
                given.close();

                assertThat(register(client, "own copy", "service")).succeedsWithin(PATIENCE);
            }
        }
    }

    private static CompletableFuture<Boolean> register(AliasRpcClient client, String alias, String service) {
        return client.registerAliasAsync(new AliasRegistration(alias, TARGET, "host", service))
                .toCompletableFuture();
    }
}
