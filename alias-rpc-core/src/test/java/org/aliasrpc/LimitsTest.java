package org.aliasrpc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.aliasrpc.testing.Waiting.PATIENCE;
import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.aliasrpc.testing.Waiting.await;
import static org.aliasrpc.testing.Waiting.awaitQuietly;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.hyperdht.Firewall;
import org.aliasrpc.hyperdht.NoisePayload;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.testing.Testnets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Limits at their ends: times without end, a node that is closing, and users' code that falls behind its peers. */
@Timeout(120)
class LimitsTest {
    private static final Random RANDOM = new Random(17);
    private static final SecretBytes SECRET = SecretBytes.random(RANDOM, 32);
    private static final PublicKey TARGET = KeyPair.generate(RANDOM).publicKey();
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();
    private static final int LONG_ALIAS = 4 << 20;
    private static final int LONG_ALIASES = 12;

    @AutoClose
    private static final LocalTestnet testnet = Testnets.start(3);

    @Test
    void forEverIsATimeLikeAnyOther() throws Exception {
        CompletableFuture<HyperDht> starting = HyperDht.createAsync(
                        testnet.options().connectionKeepAlive(FOREVER).build())
                .toCompletableFuture();
        try (HyperDht node = starting.get(PATIENCE_SECONDS, SECONDS);
                Hyperswarm swarm = Hyperswarm.create(node, KeyPair.generate(RANDOM));
                AliasRpcServer server = AliasRpcServer.builder(swarm, SECRET, new Table())
                        .idleTimeout(FOREVER)
                        .build();
                AliasRpcClient client = AliasRpcClient.builder(server.publicKey(), SECRET, node)
                        .timeout(FOREVER)
                        .build()) {
            server.listen();
            try (HyperDht other = testnet.newNode();
                    AliasRpcClient patient = AliasRpcClient.builder(server.publicKey(), SECRET, other)
                            .timeout(FOREVER)
                            .build()) {
                assertThat(register(patient, "alias")).succeedsWithin(PATIENCE);
            }
            assertThat(client.timeout()).isEqualTo(FOREVER);
        }
    }

    @Test
    void whateverIsBegunWhileTheNodeClosesEnds() {
        LiveHyperDht node = (LiveHyperDht) testnet.newNode();
        Queue<CompletableFuture<PeerConnection>> begun = new ConcurrentLinkedQueue<>();
        // On the loop, one in each round of its tasks: so one falls between each two steps of closing.
        node.loop().execute(new Runnable() {
            private int rounds;

            @Override
            public void run() {
                begun.add(node.connectAsync(TARGET).toCompletableFuture());
                if (rounds++ == 3) {
                    var unused = node.closeAsync();
                }
                if (rounds < 20_000) {
                    node.loop().tryExecute(this);
                }
            }
        });
        node.close();

        await().untilAsserted(() -> assertThat(begun).isNotEmpty().allMatch(CompletableFuture::isDone));
        assertThat(begun).allMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    void aKeyPairThatWasClosedFailsTheConnectThatNamesIt() throws Exception {
        try (HyperDht node = testnet.newNode();
                Hyperswarm swarm = Hyperswarm.create(node, KeyPair.generate(RANDOM));
                HyperDht other = testnet.newNode()) {
            swarm.onConnection(connection -> {});
            swarm.listen();
            KeyPair own = KeyPair.generate(RANDOM);
            own.close();

            assertThat(other.connectAsync(swarm.publicKey(), own).toCompletableFuture())
                    .failsWithin(PATIENCE)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(AliasRpcException.class);
            assertThat(other.connectAsync(swarm.publicKey()).toCompletableFuture())
                    .succeedsWithin(PATIENCE);
        }
    }

    @Test
    void eventsThatWaitForASlowListenerAreBoundedForAllConnections() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        List<AliasServerEvent> told = new CopyOnWriteArrayList<>();
        try (HyperDht node = testnet.newNode();
                Hyperswarm swarm = swarm(node);
                AliasRpcServer server = AliasRpcServer.builder(swarm, SECRET, new Table())
                        .listener(event -> {
                            awaitQuietly(release);
                            told.add(event);
                        })
                        .build()) {
            server.listen();
            try (HyperDht other = testnet.newNode();
                    AliasRpcClient stranger = AliasRpcClient.builder(
                                    server.publicKey(), SecretBytes.random(RANDOM, 32), other)
                            .timeout(PATIENCE)
                            .build()) {
                assertThat(reasons(registerLongAliases(stranger))).allMatch(reason -> reason.endsWith("Unauthorised"));
            }
            await().until(() -> server.connectionCount() == 0);

            release.countDown();

            await().until(() -> told.stream().anyMatch(AliasServerEvent.ConnectionClose.class::isInstance));
            assertThat(told.get(0)).isInstanceOf(AliasServerEvent.ConnectionOpen.class);
            assertThat(told)
                    .filteredOn(AliasServerEvent.AliasUnauthorised.class::isInstance)
                    .hasSizeBetween(1, LONG_ALIASES - 1);
        }
    }

    @Test
    void registrationsThatWaitForASlowRegistrarAreBoundedForAllConnections() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AliasRegistrar slow = AliasRegistrar.blocking((registration, origin) -> {
            awaitQuietly(release);
            return true;
        });
        try (HyperDht node = testnet.newNode();
                Hyperswarm swarm = swarm(node);
                AliasRpcServer server = AliasRpcServer.create(swarm, SECRET, slow);
                HyperDht other = testnet.newNode();
                AliasRpcClient client = AliasRpcClient.builder(server.publicKey(), SECRET, other)
                        .timeout(PATIENCE)
                        .build()) {
            server.listen();
            List<CompletableFuture<Boolean>> results = registerLongAliases(client);

            await().until(() -> results.stream().anyMatch(CompletableFuture::isDone));
            release.countDown();

            List<String> reasons = reasons(results);
            assertThat(reasons).contains("");
            assertThat(reasons)
                    .filteredOn(reason -> !reason.isEmpty())
                    .isNotEmpty()
                    .allMatch(reason -> reason.contains("Too many registrations"));
            assertThat(register(client, "afterwards")).succeedsWithin(PATIENCE);
        }
    }

    @Test
    void aFirewallThatFallsBehindIsAskedNoMore() throws Exception {
        Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        AtomicBoolean stuck = new AtomicBoolean();
        HyperDhtOptions options = testnet.options()
                .callbackExecutor(task -> {
                    if (stuck.get()) {
                        tasks.add(task);
                    } else {
                        new Thread(task).start();
                    }
                })
                .build();
        try (HyperDht node = HyperDht.create(options);
                Hyperswarm swarm = Hyperswarm.builder(node, KeyPair.generate(RANDOM))
                        .firewall(key -> false)
                        .build()) {
            LiveHyperDht live = (LiveHyperDht) node;
            NoisePayload payload =
                    new NoisePayload(1, 0, Firewall.UNKNOWN, null, List.of(), List.of(), null, 1, null, null);
            PeerAddress address = PeerAddress.of("127.0.0.1", 40001);
            CompletableFuture<Void> asked = new CompletableFuture<>();
            node.fullyBootstrapped(); // which is told by a task, too
            stuck.set(true);
            live.loop().execute(() -> {
                for (int i = 0; i < 10_000; i++) {
                    ((LiveHyperswarm) swarm).onVerdictRequested(1_000_000 + i, TARGET, payload, address);
                }
                asked.complete(null);
            });
            asked.get(PATIENCE_SECONDS, SECONDS);

            assertThat(tasks).hasSize(Admission.MAX_VERDICTS_ASKED);
            stuck.set(false);
            tasks.forEach(Runnable::run);
        }
    }

    private static Hyperswarm swarm(HyperDht node) {
        return Hyperswarm.builder(node, KeyPair.generate(RANDOM))
                .connectionsPerPeer(AliasRpcServer.CONNECTIONS_PER_PEER)
                .build();
    }

    private static CompletableFuture<Boolean> register(AliasRpcClient client, String alias) {
        return client.registerAliasAsync(new AliasRegistration(alias, TARGET, "host", "service"))
                .toCompletableFuture();
    }

    private static List<CompletableFuture<Boolean>> registerLongAliases(AliasRpcClient client) {
        char[] alias = new char[LONG_ALIAS];
        Arrays.fill(alias, 'a');
        List<CompletableFuture<Boolean>> results = new ArrayList<>();
        for (int i = 0; i < LONG_ALIASES; i++) {
            results.add(register(client, String.valueOf(alias)));
        }
        return results;
    }

    /** Why each was refused; empty if it was not. */
    private static List<String> reasons(List<CompletableFuture<Boolean>> results) throws Exception {
        List<String> reasons = new ArrayList<>();
        for (CompletableFuture<Boolean> result : results) {
            try {
                result.get(PATIENCE_SECONDS, SECONDS);
                reasons.add("");
            } catch (ExecutionException e) {
                reasons.add(e.toString());
            }
        }
        return reasons;
    }
}
