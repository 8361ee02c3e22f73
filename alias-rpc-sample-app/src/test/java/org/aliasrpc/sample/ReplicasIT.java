package org.aliasrpc.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.aliasrpc.AliasRpcClient;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.AliasRpcException.Refused;
import org.aliasrpc.HyperDht;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three replicas of the service, each a process, on one PostgreSQL. */
class ReplicasIT {
    private static final int REPLICAS = 3;
    private static final int ALIASES = 20;
    private static final int ASKERS = 8;
    private static final int MANY = 200;
    private static final Duration PATIENT = Duration.ofSeconds(20); // longer than anything in a service may take
    private static final Duration USUAL = Duration.ofSeconds(10); // the default
    private static final Duration FOUND = Duration.ofSeconds(15);
    private static final int NOBODY = -1;
    private static final String QUIET = "--logging.level.org.aliasrpc=warn"; // not a line for each registration
    private static final List<PublicKey> KEYS = IntStream.range(0, 5)
            .mapToObj(i -> KeyPair.generate(new Random(i)).publicKey())
            .toList();

    @TempDir
    Path directory;

    private Database database;
    private LocalTestnet testnet;
    private final List<ServiceProcess> replicas = new ArrayList<>();
    private final List<HyperDht> nodes = new ArrayList<>();
    private final List<AliasRpcClient> clients = new ArrayList<>();
    private final List<Semaphore> losses = new ArrayList<>();

    @BeforeEach
    void startAround() throws Exception {
        database = new Database(directory);
        testnet = LocalTestnet.start(3);
    }

    @AfterEach
    void stopAll() throws Exception {
        clients.forEach(AliasRpcClient::close);
        nodes.forEach(HyperDht::close);
        replicas.forEach(ServiceProcess::close);
        testnet.close();
        database.close();
    }

    private ServiceProcess start(int seed, String... more) {
        List<String> arguments = new ArrayList<>(ServiceProcess.in(database));
        arguments.addAll(List.of(more));
        ServiceProcess replica =
                ServiceProcess.start(testnet, "%02x".formatted(seed).repeat(32), arguments);
        replicas.add(replica);
        return replica;
    }

    private void connect(ServiceProcess replica, Duration timeout) {
        HyperDht node = testnet.newNode();
        nodes.add(node);
        Semaphore lost = new Semaphore(0);
        clients.add(replica.client(node, timeout, lost::release));
        losses.add(lost);
    }

    @Test
    void theyAgreeWhileAliasesMoveOneIsKilledAndTheDatabaseRestarts() throws Exception {
        IntStream.range(0, REPLICAS).forEach(seed -> start(seed, QUIET));
        replicas.forEach(replica -> connect(replica.awaitReady(), PATIENT));
        Attempts attempts = new Attempts();
        List<Integer> asked = new CopyOnWriteArrayList<>(List.of(0, 1, 2));
        AtomicBoolean enough = new AtomicBoolean();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<?>> askers = new ArrayList<>();
            for (int i = 0; i < ASKERS; i++) {
                Random random = new Random(i);
                askers.add(threads.submit(() -> {
                    while (!enough.get()) {
                        List<Integer> now = List.copyOf(asked);
                        move(attempts, now.get(random.nextInt(now.size())), random);
                    }
                    return true;
                }));
            }
            awaitMany(attempts);

            long killed = System.nanoTime();
            asked.remove(Integer.valueOf(0));
            replicas.get(0).kill();
            awaitMany(attempts);

            long away = System.nanoTime();
            database.stop();
            nothingIsInvented();
            database.startAgain();
            awaitMany(attempts);
            for (ServiceProcess replica : replicas.subList(1, REPLICAS)) {
                await().until(() -> replica.get("/actuator/health").statusCode() == 200);
            }
            long back = System.nanoTime();

            ServiceProcess again = start(0, QUIET).awaitReady();
            replicas.set(0, replicas.remove(REPLICAS));
            assertThat(again.publicKey()).isEqualTo(clients.get(0).serverPublicKey());
            long askedAgain = System.nanoTime();
            asked.add(0);
            awaitMany(attempts);
            enough.set(true);
            for (Future<?> asker : askers) {
                asker.get(2 * PATIENT.toSeconds(), TimeUnit.SECONDS);
            }

            theyAgree(attempts);
            assertThat(attempts.failed()).allSatisfy(attempt -> {
                if (attempt.failure() instanceof Refused refused) {
                    assertThat(refused).hasMessageContaining("temporarily unavailable");
                    assertThat(attempt.ended()).isGreaterThan(away);
                    assertThat(attempt.began()).isLessThan(back);
                } else {
                    assertThat(attempt.replica()).isZero();
                    assertThat(attempt.began()).isLessThan(askedAgain);
                    assertThat(attempt.ended()).isGreaterThan(killed);
                }
            });
        } finally {
            threads.shutdownNow();
        }
    }

    /** One that stops takes the records of the others along, one that is killed leaves ways that lead nowhere. */
    @Test
    void clientsFindTheOthersOfReplicasThatShareAKey() throws Exception {
        for (int i = 0; i < REPLICAS; i++) {
            start(7);
        }
        for (ServiceProcess replica : replicas) {
            connect(replica.awaitReady(), USUAL); // or to another one: they have one key
        }
        assertThat(timeToRegister("at-first", NOBODY, System.nanoTime())).isLessThan(FOUND);

        ServiceProcess first = serving("at-first");
        replicas.remove(first);
        connect(replicas.get(0), USUAL);
        connect(replicas.get(0), PATIENT);
        long stopped = System.nanoTime();
        first.terminate();
        assertThat(timeToRegister("one-stopped", NOBODY, stopped)).isLessThan(FOUND);

        ServiceProcess second = serving("one-stopped");
        replicas.remove(second);
        connect(replicas.get(0), USUAL);
        int idle = connectedTo(second, "one-stopped");
        losses.get(idle).drainPermits();
        long killed = System.nanoTime();
        second.kill();
        assertThat(timeToRegister("one-killed", idle, killed)).isLessThan(FOUND);
        assertThat(replicas.get(0).targets()).hasSize(3 + 5 + 6);
    }

    /**
     * All clients register an alias, at the same time, and ask again if they fail: the time until the last one has.
     *
     * @param idle the number of one that does nothing before it notices that its connection is lost
     */
    private Duration timeToRegister(String round, int idle, long began) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Callable<Boolean>> calls = new ArrayList<>();
            for (int i = 0; i < clients.size(); i++) {
                AliasRpcClient client = clients.get(i);
                String alias = round + "-" + i;
                Semaphore lost = losses.get(i);
                boolean waits = i == idle;
                calls.add(() -> {
                    assertThat(!waits || lost.tryAcquire(45, TimeUnit.SECONDS)).isTrue();
                    await(alias).atMost(Duration.ofSeconds(45)).until(() -> isRegistered(client, alias));
                    System.out.println(alias + ": registered after " + since(began));
                    return true;
                });
            }
            for (Future<Boolean> call : threads.invokeAll(calls)) {
                assertThat(call.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
        return since(began);
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** The number of a client that a replica has served in a round. */
    private int connectedTo(ServiceProcess replica, String round) {
        return IntStream.range(0, clients.size())
                .filter(i ->
                        replica.output().stream().anyMatch(line -> line.contains("Alias " + round + "-" + i + " ")))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isRegistered(AliasRpcClient client, String alias) throws InterruptedException {
        try {
            client.registerAlias(ServiceProcess.registration(alias, KEYS.get(0)));
            return true;
        } catch (AliasRpcException e) {
            System.out.println(alias + ": " + e);
            return false;
        }
    }

    /** The one that has registered most of a round. */
    private ServiceProcess serving(String round) {
        await().atMost(PATIENT)
                .until(() -> replicas.stream()
                                .mapToLong(replica -> served(replica, round))
                                .sum()
                        >= clients.size());
        return Collections.max(replicas, Comparator.comparingLong(replica -> served(replica, round)));
    }

    private static long served(ServiceProcess replica, String round) {
        return replica.output().stream()
                .filter(line -> line.contains("Alias " + round))
                .count();
    }

    private void move(Attempts attempts, int replica, Random random) throws InterruptedException {
        attempts.ask(clients, replica, "app-" + random.nextInt(ALIASES), KEYS.get(random.nextInt(KEYS.size())));
    }

    private static void awaitMany(Attempts attempts) {
        int before = attempts.acknowledged().size();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> attempts.acknowledged().size() >= before + MANY);
    }

    /** What is asked for now is refused, and nobody is told that there were nothing. */
    private void nothingIsInvented() throws Exception {
        List<CompletionStage<Boolean>> answers = new ArrayList<>();
        List<CompletableFuture<HttpResponse<String>>> lists = new ArrayList<>();
        for (int i = 1; i < REPLICAS; i++) {
            answers.add(clients.get(i).registerAliasAsync(ServiceProcess.registration("while-away-" + i, KEYS.get(0))));
            lists.add(replicas.get(i).getAsync("/actuator/aliasrpctargets"));
        }
        for (CompletionStage<Boolean> answer : answers) {
            assertThatThrownBy(answer.toCompletableFuture()::join)
                    .hasCauseInstanceOf(Refused.class)
                    .hasMessageContaining("temporarily unavailable");
        }
        for (CompletableFuture<HttpResponse<String>> list : lists) {
            assertThat(list.get().statusCode()).isEqualTo(503);
        }
    }

    private void theyAgree(Attempts attempts) throws Exception {
        String list = replicas.get(0).get("/actuator/aliasrpctargets").body();
        for (ServiceProcess replica : replicas) {
            assertThat(replica.get("/actuator/aliasrpctargets").body()).isEqualTo(list);
        }
        Map<String, PublicKey> targets = replicas.get(0).targets();
        assertThat(targets.keySet())
                .as("nothing acknowledged is lost, nothing refused is there")
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, ALIASES).mapToObj(i -> "app-" + i).toList());
        assertThat(targets.keySet().stream()
                        .mapToInt(alias -> attempts.possible(alias).size())
                        .sum())
                .as("it is known of most aliases which key came last")
                .isLessThan(2 * ALIASES);
        assertThat(targets)
                .allSatisfy((alias, key) ->
                        assertThat(attempts.possible(alias)).as(alias).contains(key));
    }
}
