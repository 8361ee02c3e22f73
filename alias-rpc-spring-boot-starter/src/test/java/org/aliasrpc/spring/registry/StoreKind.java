package org.aliasrpc.spring.registry;

import java.nio.file.Path;
import java.time.Clock;
import org.aliasrpc.spring.registry.jdbc.JdbcStores;
import org.h2.jdbcx.JdbcConnectionPool;

/** Every store that keeps the contract. */
enum StoreKind {
    MEMORY {
        @Override
        AliasStore open(Path directory, RegistryLimits limits, Clock clock) {
            return new MemoryAliasStore(limits, clock);
        }
    },
    FILE {
        @Override
        AliasStore open(Path directory, RegistryLimits limits, Clock clock) {
            return new FileAliasStore(directory.resolve("targets.json"), limits, clock, StoreListener.NONE);
        }
    },
    JDBC {
        @Override
        AliasStore open(Path directory, RegistryLimits limits, Clock clock) throws Exception {
            JdbcConnectionPool dataSource = JdbcStores.h2();
            JdbcStores.createTable(dataSource, JdbcStores.NAME);
            return JdbcStores.store(dataSource, limits, clock);
        }
    };

    abstract AliasStore open(Path directory, RegistryLimits limits, Clock clock) throws Exception;
}
