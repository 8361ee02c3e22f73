package org.aliasrpc.spring.registry.jdbc;

import static org.aliasrpc.spring.testing.RegistryFixture.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.aliasrpc.AliasRegistrar.Refusal;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent;
import org.aliasrpc.spring.registry.AliasEntry;
import org.aliasrpc.spring.registry.AliasRules;
import org.aliasrpc.spring.registry.ConflictPolicy;
import org.aliasrpc.spring.registry.RegistryLimits;
import org.aliasrpc.spring.registry.RegistryUnavailableException;
import org.aliasrpc.spring.registry.StoreListener;
import org.aliasrpc.spring.registry.StoredAliasRegistry;
import org.aliasrpc.spring.testing.Keys;
import org.aliasrpc.spring.testing.RegistryFixture;
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

    @TempDir
    static Path data;

    private static EmbeddedPostgres postgres;

    private final List<HikariDataSource> pools = new ArrayList<>();
    private final List<StoredAliasRegistry> replicas = new ArrayList<>();
    private final List<AliasRpcRegistryEvent> events = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void startDatabase() throws IOException {
        postgres = EmbeddedPostgres.builder()
                .setDataDirectory(data.resolve("data"))
                .setCleanDataDirectory(false)
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

    private void startReplicas(RegistryLimits limits) {
        for (int i = 0; i < REPLICAS; i++) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(postgres.getJdbcUrl("postgres", "postgres"));
            config.setMaximumPoolSize(4);
            config.setConnectionTimeout(1000);
            config.setInitializationFailTimeout(-1);
            HikariDataSource pool = new HikariDataSource(config);
            pools.add(pool);
            var store = new JdbcAliasStore(pool, JdbcStores.SETTINGS, limits, JdbcStores.threads(), StoreListener.NONE);
            StoredAliasRegistry replica = new StoredAliasRegistry(store, limits, events::add);
            replica.start();
            replicas.add(replica);
        }
    }

    private static RegistryLimits limits(Duration expiry, ConflictPolicy policy) {
        return new RegistryLimits(expiry, RegistryFixture.GRACE, 1000, AliasRules.DEFAULT, policy);
    }

    /** Each asker moves each alias between keys, through any replica; a refusal counts as nothing. */
    private List<Future<?>> askers(ExecutorService threads, Map<String, PublicKey> answered, Instant until) {
        List<Future<?>> askers = new ArrayList<>();
        for (int seed = 0; seed < 6; seed++) {
            Random random = new Random(seed);
            askers.add(threads.submit(() -> {
                while (Instant.now().isBefore(until)) {
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
        startReplicas(limits(Duration.ofHours(3), ConflictPolicy.REPLACE));
        Map<String, PublicKey> answered = new ConcurrentHashMap<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<?>> askers = askers(threads, answered, Instant.now().plusSeconds(10));
            await().until(() -> answered.size() == ALIASES);
            int port = postgres.getPort();
            postgres.close();
            Set<String> before = Set.copyOf(answered.keySet());
            assertThatThrownBy(() -> replicas.get(0).entries()).isInstanceOf(RegistryUnavailableException.class);
            assertThatThrownBy(() -> put(replicas.get(1), "while-away", TARGETS.get(0), Keys.key(7)))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("temporarily unavailable");
            postgres = EmbeddedPostgres.builder()
                    .setDataDirectory(data.resolve("data"))
                    .setCleanDataDirectory(false)
                    .setPort(port)
                    .start();
            for (Future<?> asker : askers) {
                asker.get();
            }
            await().atMost(Duration.ofSeconds(15)).until(() -> replicas.stream().allMatch(this::answers));
            assertThat(put(replicas.get(2), "afterwards", TARGETS.get(0), Keys.key(7)))
                    .isTrue();

            List<AliasEntry> seen = replicas.get(0).entries();
            assertThat(replicas)
                    .allSatisfy(replica -> assertThat(replica.entries()).isEqualTo(seen));
            assertThat(seen)
                    .extracting(AliasEntry::alias)
                    .as("nothing answered is lost, nothing refused is there")
                    .containsAll(before)
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
        Duration expiry = Duration.ofSeconds(3);
        startReplicas(limits(expiry, ConflictPolicy.REJECT));
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
                    asker.get();
                }
                assertThat(winners).as(alias).hasValue(1);
            }
            await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
                List<Future<?>> ticks = new ArrayList<>();
                replicas.forEach(replica -> ticks.add(threads.submit(replica::expire)));
                for (Future<?> tick : ticks) {
                    tick.get();
                }
                assertThat(replicas.get(0).size()).isZero();
            });
            assertThat(events.stream()
                            .filter(event -> event.type().equals("alias-expired"))
                            .map(AliasRpcRegistryEvent::alias))
                    .hasSize(15)
                    .doesNotHaveDuplicates();
            assertThat(replicas.get(1).entries())
                    .as("still there in the grace period")
                    .hasSize(15)
                    .allMatch(entry -> entry.isExpired(Instant.now()));
        } finally {
            threads.shutdownNow();
        }
    }
}
