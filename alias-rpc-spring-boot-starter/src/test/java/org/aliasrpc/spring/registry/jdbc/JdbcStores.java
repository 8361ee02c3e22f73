package org.aliasrpc.spring.registry.jdbc;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.aliasrpc.spring.registry.RegistryLimits;
import org.aliasrpc.spring.registry.StoreListener;
import org.h2.jdbcx.JdbcConnectionPool;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/** Stores in databases, for tests. */
public final class JdbcStores {
    public static final AliasTableName NAME = new AliasTableName(AliasTableName.DEFAULT_PREFIX);
    public static final JdbcAliasStore.Settings SETTINGS = new JdbcAliasStore.Settings(NAME, Duration.ofSeconds(10), 4);

    private JdbcStores() {}

    /** A database in memory, which lasts until the process ends. */
    public static JdbcConnectionPool h2() {
        return h2("mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    }

    /**
     * @param where the rest of its URL
     */
    public static JdbcConnectionPool h2(String where) {
        return JdbcConnectionPool.create("jdbc:h2:" + where, "sa", "");
    }

    public static void createTable(DataSource dataSource, AliasTableName name) throws Exception {
        SchemaInitializer.of(dataSource, DatabaseInitializationMode.ALWAYS, name)
                .afterPropertiesSet();
    }

    /** With the database's clock. */
    public static JdbcAliasStore store(DataSource dataSource, RegistryLimits limits) {
        return new JdbcAliasStore(dataSource, SETTINGS, limits, threads(), StoreListener.NONE);
    }

    /** With another clock. */
    public static JdbcAliasStore store(DataSource dataSource, RegistryLimits limits, Clock clock) {
        UnaryOperator<Instant> time = unused -> clock.instant();
        return new JdbcAliasStore(
                dataSource, SETTINGS, limits, new DatabaseCalls(threads(), SETTINGS, StoreListener.NONE), time);
    }

    static Executor threads() {
        var threads = new SimpleAsyncTaskExecutor("test-jdbc-");
        threads.setDaemon(true);
        return threads;
    }
}
