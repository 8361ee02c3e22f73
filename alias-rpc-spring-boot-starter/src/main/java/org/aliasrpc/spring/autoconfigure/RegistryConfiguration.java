package org.aliasrpc.spring.autoconfigure;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.aliasrpc.AliasRegistrar;
import org.aliasrpc.spring.event.AliasRpcEventPublisher;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.aliasrpc.spring.registry.AliasRules;
import org.aliasrpc.spring.registry.AliasStore;
import org.aliasrpc.spring.registry.FileAliasStore;
import org.aliasrpc.spring.registry.MemoryAliasStore;
import org.aliasrpc.spring.registry.RegistryLimits;
import org.aliasrpc.spring.registry.RegistryUnavailableException;
import org.aliasrpc.spring.registry.StoreListener;
import org.aliasrpc.spring.registry.StoredAliasRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The alias server's table, unless the application brings a registrar. A store in a database comes from elsewhere. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AliasRpcStoreProperties.class)
class RegistryConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryConfiguration.class);

    /** An alias expires in time even if nobody asks for it. */
    private static final Duration EXPIRY_PERIOD = Duration.ofSeconds(1);

    private static final String PATTERN = "alias-rpc.server.alias-pattern";
    private static final String LOCATION = "alias-rpc.server.store.location";
    private static final String DISCOVERY = "alias-rpc.server.discovery.file";

    @Bean
    @ConditionalOnMissingBean
    RegistryLimits aliasRegistryLimits(AliasRpcServerProperties properties) {
        Checks.positive("alias-rpc.server.expiry", properties.expiry());
        Checks.notNegative("alias-rpc.server.grace", properties.grace());
        Checks.between("alias-rpc.server.max-aliases", properties.maxAliases(), 1, 10_000_000);
        Checks.between("alias-rpc.server.max-alias-length", properties.maxAliasLength(), 1, 1000);
        return new RegistryLimits(
                properties.expiry(),
                properties.grace(),
                properties.maxAliases(),
                new AliasRules(properties.maxAliasLength(), pattern(properties.aliasPattern())),
                properties.conflictPolicy());
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new InvalidConfigurationPropertyValueException(PATTERN, text, "It is no regular expression.", e);
        }
    }

    @Bean
    StoreEvents aliasRpcStoreEvents(AliasRpcEventPublisher events) {
        return new StoreEvents(events);
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean({AliasRegistrar.class, AliasStore.class})
    AliasStore aliasStore(
            AliasRpcStoreProperties properties,
            RegistryLimits limits,
            ObjectProvider<StoreListener> listeners,
            Environment environment) {
        return switch (properties.type()) {
            case MEMORY -> new MemoryAliasStore(limits, Clock.systemUTC());
            case FILE ->
                new FileAliasStore(
                        location(properties.location(), environment.getProperty(DISCOVERY)),
                        limits,
                        Clock.systemUTC(),
                        StoreEvents.all(listeners));
            case JDBC ->
                throw new InvalidConfigurationPropertyValueException(
                        "alias-rpc.server.store.type",
                        "jdbc",
                        "It needs spring-boot-starter-jdbc, a driver on the class path and one DataSource.");
        };
    }

    private static Path location(String text, @Nullable String discovery) {
        try {
            Path path = Path.of(text);
            if (discovery != null
                    && !discovery.isEmpty()
                    && Path.of(discovery).toAbsolutePath().equals(path.toAbsolutePath())) {
                throw new InvalidConfigurationPropertyValueException(
                        DISCOVERY, discovery, "It is the file of " + LOCATION + ", which is in another format.");
            }
            if (path.getFileName() == null) {
                throw new InvalidConfigurationPropertyValueException(LOCATION, text, "It is not the name of a file.");
            }
            return path;
        } catch (InvalidPathException e) {
            throw new InvalidConfigurationPropertyValueException(LOCATION, text, "It is not the name of a file.", e);
        }
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean(AliasRegistrar.class)
    StoredAliasRegistry aliasRegistry(AliasStore store, RegistryLimits limits, AliasRpcEventPublisher events) {
        return new StoredAliasRegistry(store, limits, events::publish);
    }

    @Bean
    @ConditionalOnBean(StoredAliasRegistry.class)
    RegistryLifecycle aliasRegistryLifecycle(StoredAliasRegistry registry) {
        return new RegistryLifecycle(registry);
    }

    @Bean
    @ConditionalOnBean(AliasRegistry.class)
    PeriodicTask aliasRegistryExpiry(AliasRegistry registry) {
        return new PeriodicTask("alias-rpc-expiry", EXPIRY_PERIOD, () -> expire(registry));
    }

    private static void expire(AliasRegistry registry) {
        try {
            registry.expire();
        } catch (RegistryUnavailableException e) {
            LOG.debug("Nothing expires while the alias table is away: {}", e.getMessage()); // health tells more
        }
    }
}
