package org.aliasrpc.spring.registry.jdbc;

import static org.aliasrpc.spring.testing.RegistryFixture.put;
import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.aliasrpc.AliasRegistrar.Refusal;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent;
import org.aliasrpc.spring.registry.AliasEntry;
import org.aliasrpc.spring.registry.ConflictPolicy;
import org.aliasrpc.spring.registry.RegistryLimits;
import org.aliasrpc.spring.registry.RegistryUnavailableException;
import org.aliasrpc.spring.registry.StoreListener;
import org.aliasrpc.spring.registry.StoredAliasRegistry;
import org.aliasrpc.spring.testing.Keys;
import org.aliasrpc.spring.testing.RegistryFixture;
import org.aliasrpc.testing.Ports;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Three replicas, each with a pool of its own, on one real PostgreSQL. */
class PostgresReplicasIT {
    private static final int REPLICAS = 3;
    private static final int ALIASES = 20;
    private static final List<PublicKey> TARGETS =
            List.of(Keys.key(1), Keys.key(2), Keys.key(3), Keys.key(4), Keys.key(5));

    /** It may take a while on a busy machine; the library itself waits for 10 s, and for 5 s for the end. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    static Path data;

    private static int port;

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static EmbeddedPostgres postgres;

    /** How much later it is for the replicas than for the database. */
    private volatile Duration later = Duration.ZERO;

    private final List<HikariDataSource> pools = new ArrayList<>();
    private final List<StoredAliasRegistry> replicas = new ArrayList<>();
    private final List<AliasRpcRegistryEvent> events = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void startDatabase() throws IOException {
        port = Ports.lasting();
        startAgain();
    }

    private static void startAgain() throws IOException {
        postgres = EmbeddedPostgres.builder()
                .setDataDirectory(data.resolve("data"))
                .setCleanDataDirectory(false)
                .setPort(port)
                .setPGStartupWait(LIMIT)
                .start();
    }

    @AfterAll
    static void stopDatabase() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void createTable() throws Exception {
        JdbcClient client = JdbcClient.create(postgres.getPostgresDatabase());
        client.sql("DROP TABLE IF EXISTS alias_rpc_alias").update();
        SchemaInitializer.of(postgres.getPostgresDatabase(), DatabaseInitializationMode.ALWAYS, JdbcStores.NAME)
                .afterPropertiesSet();
    }

    @AfterEach
    void close() {
        replicas.forEach(StoredAliasRegistry::close);
        pools.forEach(HikariDataSource::close);
    }

    /**
     * Starts them.
     *
     * @param patience of their pools with the database
     */
    private void startReplicas(RegistryLimits limits, Duration patience) {
        for (int i = 0; i < REPLICAS; i++) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(postgres.getJdbcUrl("postgres", "postgres"));
            config.setMaximumPoolSize(4);
            config.setConnectionTimeout(patience.toMillis());
            config.setInitializationFailTimeout(-1);
            HikariDataSource pool = new HikariDataSource(config);
            pools.add(pool);
            var calls = new DatabaseCalls(JdbcStores.threads(), JdbcStores.SETTINGS, StoreListener.NONE);
            var store = new JdbcAliasStore(pool, JdbcStores.SETTINGS, limits, calls, now -> now.plus(later));
            StoredAliasRegistry replica = new StoredAliasRegistry(store, limits, events::add);
            replica.start();
            replicas.add(replica);
        }
    }

    private static RegistryLimits limits(ConflictPolicy policy) {
        return RegistryFixture.limits(policy, 1000);
    }

    /** Each asker moves each alias between keys, through any replica; a refusal counts as nothing. */
    private List<Future<?>> askers(ExecutorService threads, Map<String, PublicKey> answered, AtomicBoolean enough) {
        List<Future<?>> askers = new ArrayList<>();
        for (int seed = 0; seed < 6; seed++) {
            Random random = new Random(seed);
            askers.add(threads.submit(() -> {
                while (!enough.get()) {
                    String alias = "app-" + random.nextInt(ALIASES);
                    PublicKey target = TARGETS.get(random.nextInt(TARGETS.size()));
                    try {
                        put(replicas.get(random.nextInt(REPLICAS)), alias, target, Keys.key(7));
                        answered.put(alias, target);
                    } catch (Refusal refused) {
                        assertThat(refused).hasMessageContaining("temporarily unavailable");
                    }
                }
            }));
        }
        return askers;
    }

    @Test
    void replicasAgreeWhileAliasesMoveAndTheDatabaseRestarts() throws Exception {
        startReplicas(limits(ConflictPolicy.REPLACE), Duration.ofSeconds(1)); // it will be away
        Map<String, PublicKey> answered = new ConcurrentHashMap<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            AtomicBoolean enough = new AtomicBoolean();
            List<Future<?>> askers = askers(threads, answered, enough);
            await().atMost(LIMIT).until(() -> answered.size() == ALIASES);
            postgres.close();
            await().atMost(LIMIT).until(() -> Files.notExists(data.resolve("data/postmaster.pid"))); // its last act
            answered.clear();
            assertThatThrownBy(() -> replicas.get(0).entries()).isInstanceOf(RegistryUnavailableException.class);
            assertThatThrownBy(() -> put(replicas.get(1), "while-away", TARGETS.get(0), Keys.key(7)))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("temporarily unavailable");
            startAgain();
            await().atMost(LIMIT).until(() -> answered.size() == ALIASES);
            enough.set(true);
            for (Future<?> asker : askers) {
                asker.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            }
            await().atMost(LIMIT).until(() -> replicas.stream().allMatch(this::answers));
            assertThat(put(replicas.get(2), "afterwards", TARGETS.get(0), Keys.key(7)))
                    .isTrue();

            List<AliasEntry> seen = replicas.get(0).entries();
            assertThat(replicas)
                    .allSatisfy(replica -> assertThat(replica.entries()).isEqualTo(seen));
            assertThat(seen)
                    .extracting(AliasEntry::alias)
                    .as("nothing answered is lost, nothing refused is there")
                    .containsAll(answered.keySet())
                    .doesNotContain("while-away")
                    .hasSize(ALIASES + 1);
        } finally {
            threads.shutdownNow();
        }
    }

    private boolean answers(StoredAliasRegistry replica) {
        try {
            replica.expire();
            return replica.status().available();
        } catch (RegistryUnavailableException e) {
            return false;
        }
    }

    @Test
    void oneOfSeveralAskersWinsAnAliasAndOneReplicaTellsItsEnd() throws Exception {
        startReplicas(limits(ConflictPolicy.REJECT), LIMIT);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            for (int round = 0; round < 15; round++) {
                String alias = "app-" + round;
                AtomicInteger winners = new AtomicInteger();
                List<Future<?>> askers = new ArrayList<>();
                for (int i = 0; i < 2 * REPLICAS; i++) {
                    int number = i;
                    askers.add(threads.submit(() -> {
                        try {
                            put(replicas.get(number % REPLICAS), alias, Keys.key(number + 1), Keys.key(7));
                            winners.incrementAndGet();
                        } catch (Refusal refused) {
                            assertThat(refused).hasMessageContaining("belongs to another key");
                        }
                    }));
                }
                for (Future<?> asker : askers) {
                    asker.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                }
                assertThat(winners).as(alias).hasValue(1);
            }
            later = RegistryFixture.EXPIRY;
            List<Future<?>> ticks = new ArrayList<>();
            for (int i = 0; i < 3 * REPLICAS; i++) {
                ticks.add(threads.submit(replicas.get(i % REPLICAS)::expire));
            }
            for (Future<?> tick : ticks) {
                tick.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            }
            assertThat(replicas).allSatisfy(replica -> {
                replica.expire();
                assertThat(replica.size()).isZero();
            });
            assertThat(events.stream()
                            .filter(event -> event.type().equals("alias-expired"))
                            .map(AliasRpcRegistryEvent::alias))
                    .hasSize(15)
                    .doesNotHaveDuplicates();
            assertThat(replicas.get(1).entries())
                    .as("still there in the grace period")
                    .hasSize(15)
                    .allMatch(entry -> entry.isExpired(Instant.now().plus(later)));
        } finally {
            threads.shutdownNow();
        }
    }
}
