package org.aliasrpc.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.aliasrpc.AliasRpcClient;
import org.aliasrpc.HyperDht;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.crypto.PublicKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that is killed in the middle of 1000 registrations knows every alias it has acknowledged when it is back. */
class CrashIT {
    private static final int ALIASES = 1000;
    private static final int IN_FLIGHT = 32;
    private static final int ACKNOWLEDGED_BEFORE_THE_KILL = 400;
    private static final Duration PATIENT = Duration.ofSeconds(20); // longer than anything in a service may take
    private static final Duration LIMIT = PATIENT.multipliedBy(2);
    private static final String SEED = "11".repeat(32);

    @TempDir
    Path directory;

    @Test
    void withTheTableInAFile() throws Exception {
        Path file = directory.resolve("targets.json");
        acknowledgedIsKept(List.of("--alias-rpc.server.store.type=file", "--alias-rpc.server.store.location=" + file));
    }

    @Test
    void withTheTableInPostgres() throws Exception {
        try (Database database = new Database(directory)) {
            acknowledgedIsKept(ServiceProcess.in(database));
        }
    }

    private static void acknowledgedIsKept(List<String> store) throws Exception {
        Map<String, PublicKey> wanted = wanted();
        Map<String, PublicKey> acknowledged = new ConcurrentHashMap<>();
        try (LocalTestnet testnet = LocalTestnet.start(3);
                HyperDht node = testnet.newNode()) {
            try (ServiceProcess service =
                    ServiceProcess.start(testnet, SEED, store).awaitReady()) {
                AliasRpcClient client = service.client(node, PATIENT);
                AtomicInteger count = new AtomicInteger();
                CountDownLatch killed = new CountDownLatch(1);
                Runnable killer = () -> {
                    if (count.incrementAndGet() == ACKNOWLEDGED_BEFORE_THE_KILL) {
                        service.beginKill();
                        killed.countDown();
                    }
                };
                Thread asking = new Thread(() -> ask(client, wanted, acknowledged, killer), "asking");
                asking.start();
                assertThat(killed.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
                service.kill();
                client.close(); // what has no answer yet fails at once
                asking.join(LIMIT.toMillis());
                assertThat(asking.isAlive()).isFalse();
            }
            assertThat(acknowledged)
                    .as("it was killed in the middle")
                    .hasSizeBetween(ACKNOWLEDGED_BEFORE_THE_KILL, ALIASES - IN_FLIGHT);

            try (ServiceProcess service =
                            ServiceProcess.start(testnet, SEED, store).awaitReady();
                    AliasRpcClient client = service.client(node, PATIENT)) {
                Map<String, PublicKey> kept = service.targets();
                assertThat(kept).as("nothing acknowledged is lost").containsAllEntriesOf(acknowledged);
                assertThat(wanted).as("nothing is invented").containsAllEntriesOf(kept);
                assertThat(kept.size())
                        .as("without an answer were at most those under way")
                        .isLessThanOrEqualTo(acknowledged.size() + IN_FLIGHT);
                String one = acknowledged.keySet().iterator().next();
                assertThat(service.get("/actuator/aliasrpc/" + one).body()).contains(String.valueOf(wanted.get(one)));

                ask(client, wanted, acknowledged, () -> {});
                assertThat(acknowledged).hasSize(ALIASES);
                assertThat(service.targets()).isEqualTo(wanted);
                service.terminate();
            }
        }
    }

    private static Map<String, PublicKey> wanted() {
        RandomGenerator random = RandomGenerator.getDefault();
        Map<String, PublicKey> wanted = new LinkedHashMap<>();
        for (int i = 0; i < ALIASES; i++) {
            byte[] key = new byte[PublicKey.LENGTH];
            random.nextBytes(key);
            wanted.put("app-" + i, PublicKey.of(key));
        }
        return wanted;
    }

    /** Asks for each alias once, and returns when all have ended. */
    private static void ask(
            AliasRpcClient client,
            Map<String, PublicKey> wanted,
            Map<String, PublicKey> acknowledged,
            Runnable onAcknowledged) {
        Semaphore free = new Semaphore(IN_FLIGHT);
        for (Map.Entry<String, PublicKey> alias : new ArrayList<>(wanted.entrySet())) {
            take(free, 1);
            client.registerAliasAsync(ServiceProcess.registration(alias.getKey(), alias.getValue()))
                    .whenComplete((updated, failure) -> {
                        if (failure == null) {
                            acknowledged.put(alias.getKey(), alias.getValue());
                            onAcknowledged.run();
                        }
                        free.release();
                    });
        }
        take(free, IN_FLIGHT);
    }

    private static void take(Semaphore free, int permits) {
        try {
            assertThat(free.tryAcquire(permits, LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("what was asked for is answered, or fails")
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
