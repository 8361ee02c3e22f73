package org.aliasrpc.spring.autoconfigure;

import javax.sql.DataSource;
import org.aliasrpc.AliasRegistrar;
import org.aliasrpc.spring.event.AliasRpcEventPublisher;
import org.aliasrpc.spring.registry.AliasStore;
import org.aliasrpc.spring.registry.RegistryLimits;
import org.aliasrpc.spring.registry.StoreListener;
import org.aliasrpc.spring.registry.jdbc.AliasTableName;
import org.aliasrpc.spring.registry.jdbc.JdbcAliasStore;
import org.aliasrpc.spring.registry.jdbc.SchemaInitializer;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The alias server's table in a database, with {@code alias-rpc.server.store.type=jdbc}. */
@AutoConfiguration(
        after = AliasRpcAutoConfiguration.class,
        before = AliasRpcServerAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration"
        })
@ConditionalOnBooleanProperty(name = "alias-rpc.server.enabled")
@ConditionalOnProperty(name = "alias-rpc.server.store.type", havingValue = "jdbc")
@ConditionalOnBean(value = AliasRpcEventPublisher.class, search = SearchStrategy.CURRENT) // alias-rpc.enabled
public final class AliasRpcJdbcStoreAutoConfiguration {
    private static final String PREFIX = "alias-rpc.server.jdbc.table-prefix";

    /** Where Boot's JDBC module, and one DataSource, are. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({JdbcClient.class, DataSourceScriptDatabaseInitializer.class})
    @ConditionalOnSingleCandidate(DataSource.class)
    @ConditionalOnMissingBean({AliasRegistrar.class, AliasStore.class})
    @EnableConfigurationProperties(AliasRpcJdbcProperties.class)
    @ImportRuntimeHints(Scripts.class)
    static class StoreConfiguration {
        @Bean
        @ConditionalOnMissingBean
        SchemaInitializer aliasRpcSchemaInitializer(DataSource dataSource, AliasRpcJdbcProperties properties) {
            return SchemaInitializer.of(dataSource, properties.initializeSchema(), name(properties));
        }

        @Bean(destroyMethod = "close")
        @DependsOnDatabaseInitialization
        JdbcAliasStore aliasStore(
                DataSource dataSource,
                AliasRpcJdbcProperties properties,
                RegistryLimits limits,
                ObjectProvider<StoreListener> listeners,
                Environment environment) {
            Checks.positive("alias-rpc.server.jdbc.timeout", properties.timeout());
            Checks.between("alias-rpc.server.jdbc.threads", properties.threads(), 1, 1000);
            var threads = new SimpleAsyncTaskExecutor("alias-rpc-jdbc-");
            threads.setVirtualThreads(Threading.VIRTUAL.isActive(environment));
            threads.setDaemon(true);
            return new JdbcAliasStore(
                    dataSource,
                    new JdbcAliasStore.Settings(name(properties), properties.timeout(), properties.threads()),
                    limits,
                    threads,
                    StoreEvents.all(listeners));
        }

        private static AliasTableName name(AliasRpcJdbcProperties properties) {
            try {
                return new AliasTableName(properties.tablePrefix());
            } catch (IllegalArgumentException e) {
                throw new InvalidConfigurationPropertyValueException(
                        PREFIX, properties.tablePrefix(), "Allowed are " + e.getMessage() + ".", e);
            }
        }
    }

    /** In a native image a resource that nothing names is not there. */
    static final class Scripts implements RuntimeHintsRegistrar {
        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
            hints.resources().registerPattern("org/aliasrpc/spring/registry/jdbc/*.sql");
            hints.resources().registerPattern("org/aliasrpc/spring/registry/jdbc/flyway/*.sql");
        }
    }
}
