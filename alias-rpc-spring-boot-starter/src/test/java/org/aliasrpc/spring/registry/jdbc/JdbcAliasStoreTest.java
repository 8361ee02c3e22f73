package org.aliasrpc.spring.registry.jdbc;

import static org.aliasrpc.spring.testing.RegistryFixture.EXPIRY;
import static org.aliasrpc.spring.testing.RegistryFixture.limits;
import static org.aliasrpc.spring.testing.RegistryFixture.put;
import static org.aliasrpc.spring.testing.RegistryFixture.putAsync;
import static org.aliasrpc.testing.Waiting.await;
import static org.aliasrpc.testing.Waiting.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
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
import org.aliasrpc.testing.Waiting;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

class JdbcAliasStoreTest {
    private static final PublicKey A = Keys.key(1);
    private static final PublicKey ASKER = Keys.key(7);
    private static final int REPLICAS = 3;

    private final RegistryFixture time = new RegistryFixture();
    private final List<AliasRpcRegistryEvent> events = new CopyOnWriteArrayList<>();
    private final List<StoredAliasRegistry> open = new ArrayList<>();
    private JdbcConnectionPool database;
    private Switch dataSource;

    @BeforeEach
    void createTable() throws Exception {
        database = JdbcStores.h2();
        database.setMaxConnections(50);
        dataSource = new Switch(database);
        JdbcStores.createTable(database, JdbcStores.NAME);
    }

    @AfterEach
    void close() {
        open.forEach(StoredAliasRegistry::close);
        database.dispose();
    }

    /** A database that can go away, and hang. */
    private static final class Switch extends DelegatingDataSource {
        volatile boolean away;
        volatile CountDownLatch mayGoOn = new CountDownLatch(0);

        Switch(DataSource target) {
            super(target);
        }

        @Override
        public Connection getConnection() throws SQLException {
            try {
                mayGoOn.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new SQLException(e);
            }
            if (away) {
                throw new SQLException("refused: jdbc:x://nobodys-business?user=a&password=hush&x=1");
            }
            return super.getConnection();
        }
    }

    private StoredAliasRegistry registry(JdbcAliasStore store, RegistryLimits limits) {
        var registry = new StoredAliasRegistry(store, limits, events::add);
        registry.start();
        open.add(registry);
        return registry;
    }

    private List<StoredAliasRegistry> replicas(RegistryLimits limits) {
        List<StoredAliasRegistry> replicas = new ArrayList<>();
        for (int i = 0; i < REPLICAS; i++) {
            replicas.add(registry(JdbcStores.store(dataSource, limits, time.clock()), limits));
        }
        return replicas;
    }

    @Test
    void oneOfSeveralReplicasWinsAnAlias() {
        var replicas = replicas(limits(ConflictPolicy.REJECT, 1000));
        for (int round = 0; round < 30; round++) {
            String alias = "app-" + round;
            List<CompletableFuture<Boolean>> answers = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                answers.add(putAsync(replicas.get(i % REPLICAS), alias, Keys.key(i + 1), ASKER)
                        .toCompletableFuture()
                        .exceptionally(refused -> false));
            }
            List<Integer> winners = new ArrayList<>();
            for (int i = 0; i < answers.size(); i++) {
                if (resultOf(answers.get(i))) {
                    winners.add(i);
                }
            }
            assertThat(winners).as(alias).hasSize(1);
            for (StoredAliasRegistry replica : replicas) {
                assertThat(replica.find(alias).orElseThrow().targetPublicKey()).isEqualTo(Keys.key(winners.get(0) + 1));
            }
        }
        assertThat(events).hasSize(30 * 8);
    }

    @Test
    void anExpiryIsToldByOneReplicaOnly() {
        var replicas = replicas(limits());
        for (int i = 0; i < 100; i++) {
            put(replicas.get(i % REPLICAS), "app-" + i, A, ASKER);
        }
        time.pass(EXPIRY);
        List<CompletableFuture<Void>> ticks = new ArrayList<>();
        for (int i = 0; i < 3 * REPLICAS; i++) {
            ticks.add(CompletableFuture.runAsync(
                    replicas.get(i % REPLICAS)::expire, task -> new Thread(task, "tick").start()));
        }
        ticks.forEach(tick -> resultOf(tick.handle((done, e) -> true)));
        replicas.get(0).expire();
        assertThat(events).extracting(AliasRpcRegistryEvent::alias).hasSize(100).doesNotHaveDuplicates();
        assertThat(replicas.get(2).entries()).hasSize(100);
    }

    @Test
    void replicasExceedTheLimitByWhatTheyAddAtOneMomentAtMost() {
        int max = 20;
        var replicas = replicas(limits(ConflictPolicy.REPLACE, max));
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            answers.add(putAsync(replicas.get(i % REPLICAS), "app-" + i, A, ASKER)
                    .toCompletableFuture()
                    .exceptionally(refused -> false));
        }
        long taken = answers.stream().filter(Waiting::resultOf).count();
        assertThat(taken).isBetween((long) max, max + (long) REPLICAS * JdbcStores.SETTINGS.threads());
        assertThat(replicas.get(0).entries()).hasSize((int) taken);
        assertThatThrownBy(() -> put(replicas.get(1), "later", A, ASKER)).hasMessageContaining("takes no more");
    }

    @Test
    void aDatabaseThatIsAwayMeansRefusalsAndNoAnswers() {
        var registry = registry(JdbcStores.store(dataSource, limits()), limits());
        put(registry, "app", A, ASKER);
        assertThat(registry.isCounted()).isTrue();
        dataSource.away = true;
        assertThatThrownBy(() -> put(registry, "other", A, ASKER))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("temporarily unavailable")
                .hasMessageNotContaining("nobodys-business");
        assertThatThrownBy(() -> registry.find("app")).isInstanceOf(RegistryUnavailableException.class);
        assertThatThrownBy(registry::entries).isInstanceOf(RegistryUnavailableException.class);
        assertThatThrownBy(() -> registry.remove("app")).isInstanceOf(RegistryUnavailableException.class);
        assertThatThrownBy(registry::expire).isInstanceOf(RegistryUnavailableException.class);
        assertThat(registry.status().available()).isFalse();
        assertThat(registry.status().problem())
                .contains("the database failed")
                .contains("password=...&x=1")
                .doesNotContain("hush");
        assertThat(registry.size()).as("what was known last").isEqualTo(1);
        assertThat(registry.isCounted()).isFalse();

        dataSource.away = false;
        registry.expire(); // each second
        assertThat(registry.status().available()).isTrue();
        assertThat(registry.isCounted()).isTrue();
        assertThat(registry.entries()).extracting(AliasEntry::alias).containsExactly("app");
        assertThat(put(registry, "other", A, ASKER)).isTrue();
    }

    @Test
    void aDatabaseThatIsAwayAtTheStartMayComeLater() {
        dataSource.away = true;
        var registry = registry(JdbcStores.store(dataSource, limits()), limits());
        assertThat(registry.status().available()).isFalse();
        assertThatThrownBy(registry::entries).isInstanceOf(RegistryUnavailableException.class);
        dataSource.away = false;
        assertThat(put(registry, "app", A, ASKER)).isTrue();
        assertThat(registry.status().available()).isTrue();
        assertThat(registry.isCounted()).as("there may be more").isFalse();
        registry.expire();
        assertThat(registry.isCounted()).isTrue();
        assertThat(registry.size()).isEqualTo(1);
    }

    @Test
    void aDatabaseThatHangsIsGivenUpAndWhatWaitedIsNotDoneLater() {
        // long enough to fill the queue before the first gives up
        var settings = new JdbcAliasStore.Settings(JdbcStores.NAME, Duration.ofSeconds(3), 2);
        List<String> operations = new CopyOnWriteArrayList<>();
        StoreListener listener = new StoreListener() {
            @Override
            public void onOperation(String operation, String outcome, Duration duration) {
                operations.add(operation + " " + outcome);
            }
        };
        var registry =
                registry(new JdbcAliasStore(dataSource, settings, limits(), JdbcStores.threads(), listener), limits());
        dataSource.mayGoOn = new CountDownLatch(1);
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (int i = 0; i < 2 + DatabaseCalls.MAX_WAITING; i++) {
            answers.add(putAsync(registry, "app-" + i, A, ASKER).toCompletableFuture());
        }
        assertThatThrownBy(() -> put(registry, "too-much", A, ASKER)).hasMessageContaining("too much waits");
        assertThatThrownBy(registry::entries)
                .as("whoever asks gets an answer")
                .isInstanceOf(RegistryUnavailableException.class);
        await().untilAsserted(() -> assertThat(answers).allMatch(CompletableFuture::isCompletedExceptionally));
        assertThat(operations).contains("change timeout", "change rejected");

        dataSource.mayGoOn.countDown();
        await().untilAsserted(() -> {
            registry.expire();
            assertThat(registry.size()).as("the two that had begun").isLessThanOrEqualTo(2);
        });
        assertThat(put(registry, "later", A, ASKER)).isTrue();
        assertThat(registry.entries()).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void aMissingTableIsSaid() {
        var settings = new JdbcAliasStore.Settings(new AliasTableName("nowhere_"), Duration.ofSeconds(10), 2);
        var registry = registry(
                new JdbcAliasStore(dataSource, settings, limits(), JdbcStores.threads(), StoreListener.NONE), limits());
        assertThat(registry.status().problem()).containsIgnoringCase("nowhere_alias");
        assertThatThrownBy(() -> put(registry, "app", A, ASKER)).hasMessageContaining("temporarily unavailable");
    }

    @Test
    void theTableMayHaveAnotherNameInAnotherSchema() throws Exception {
        JdbcClient.create(database).sql("CREATE SCHEMA monitoring").update();
        var name = new AliasTableName("monitoring.mine_");
        JdbcStores.createTable(database, name);
        JdbcStores.createTable(database, name); // twice does no harm
        var settings = new JdbcAliasStore.Settings(name, Duration.ofSeconds(10), 2);
        var registry = registry(
                new JdbcAliasStore(dataSource, settings, limits(), JdbcStores.threads(), StoreListener.NONE), limits());
        assertThat(put(registry, "app", A, ASKER)).isTrue();
        assertThat(JdbcClient.create(database)
                        .sql("SELECT alias FROM monitoring.mine_alias")
                        .query(String.class)
                        .list())
                .containsExactly("app");
        assertThat(JdbcClient.create(database)
                        .sql("SELECT COUNT(*) FROM alias_rpc_alias")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "x;DROP TABLE y--", "a.b.c", "1a", "\"quoted\"", "a-"})
    void aNameThatIsNoneIsRefused(String prefix) {
        assertThatThrownBy(() -> new AliasTableName(prefix)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void flywayMakesTheSameTable() throws Exception {
        JdbcConnectionPool other = JdbcStores.h2();
        Flyway.configure()
                .dataSource(other)
                .locations("classpath:org/aliasrpc/spring/registry/jdbc/flyway")
                .load()
                .migrate();
        var registry = registry(JdbcStores.store(other, limits()), limits());
        assertThat(put(registry, "app", A, ASKER)).isTrue();
        assertThat(script("flyway/R__alias_rpc.sql")).isEqualTo(script("schema-postgresql.sql"));
        assertThat(script("schema-h2.sql")).startsWith(script("schema-postgresql.sql"));
        other.dispose();
    }

    private static String script(String name) throws Exception {
        return new ClassPathResource("org/aliasrpc/spring/registry/jdbc/" + name)
                .getContentAsString(StandardCharsets.UTF_8);
    }
}
