package org.aliasrpc.spring.autoconfigure;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.AliasRpcClient;
import org.aliasrpc.HyperDht;
import org.aliasrpc.spring.AliasRpcClientCustomizer;
import org.aliasrpc.spring.AliasRpcClientFactory;
import org.aliasrpc.spring.AliasRpcClients;
import org.aliasrpc.spring.AliasRpcConnectionDetails;
import org.aliasrpc.spring.AliasRpcIdentity;
import org.aliasrpc.spring.event.AliasRpcEventPublisher;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.aliasrpc.spring.registration.RegistrationObserver;
import org.aliasrpc.spring.registration.RegistrationTarget;
import org.aliasrpc.spring.registration.RegistrationTiming;
import org.aliasrpc.spring.registration.ScheduledRegistrations;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Registers this application with its alias servers, if there are any. */
@AutoConfiguration(after = AliasRpcAutoConfiguration.class)
@ConditionalOnClass(AliasRpcClient.class)
@ConditionalOnBooleanProperty(name = "alias-rpc.client.enabled", matchIfMissing = true)
@ConditionalOnBean(AliasRpcEventPublisher.class) // alias-rpc.enabled
@Conditional(OnAliasServer.class)
@EnableConfigurationProperties(AliasRpcClientProperties.class)
public final class AliasRpcClientAutoConfiguration {
    @Bean
    RegistrationTiming aliasRpcRegistrationTiming(AliasRpcClientProperties properties) {
        return ClientSettings.timing(properties);
    }

    @Bean
    @ConditionalOnMissingBean
    AliasRegistration aliasRegistration(
            AliasRpcClientProperties properties, Environment environment, AliasRpcIdentity identity) {
        return ClientSettings.registration(
                properties, environment, identity.metrics().publicKey());
    }

    @Bean
    @ConditionalOnMissingBean
    AliasRegistrations aliasRegistrations(
            AliasRpcClients clients,
            AliasRegistration registration,
            RegistrationTiming timing,
            ObjectProvider<RegistrationObserver> observers) {
        List<RegistrationTarget> targets = clients.byName().entrySet().stream()
                .map(client -> new RegistrationTarget(client.getKey(), client.getValue(), registration))
                .toList();
        return new ScheduledRegistrations(
                targets,
                timing,
                Clock.systemUTC(),
                new SecureRandom(),
                observers.orderedStream().toList());
    }

    @Bean
    RegistrationRunner aliasRpcRegistrationRunner(
            AliasRegistrations registrations, AliasRpcClientProperties properties) {
        return new RegistrationRunner(registrations, properties.startup());
    }

    @Bean
    NetworkLifecycle aliasRpcClientLifecycle(AliasRegistrations registrations, AliasRpcClients clients) {
        return new NetworkLifecycle(
                "alias client",
                Phases.CLIENT,
                () -> {}, // the runner begins, when the application is ready
                () -> {
                    registrations.stop();
                    clients.close();
                    return CompletableFuture.completedStage(null);
                });
    }

    /** Clients of the servers that the properties or connection details name. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean({AliasRpcClient.class, AliasRpcClients.class})
    static class OwnClients {
        @Bean
        @ConditionalOnMissingBean(AliasRpcConnectionDetails.class)
        PropertiesAliasRpcConnectionDetails aliasRpcConnectionDetails(
                AliasRpcClientProperties client, AliasRpcDhtProperties dht) {
            return new PropertiesAliasRpcConnectionDetails(client, dht);
        }

        @Bean
        @ConditionalOnMissingBean
        AliasRpcClientFactory aliasRpcClientFactory(
                ObjectProvider<HyperDht> dht,
                AliasRpcClientProperties properties,
                ObjectProvider<AliasRpcClientCustomizer> customizers,
                ObjectProvider<AliasRegistrations> registrations,
                AliasRpcEventPublisher events) {
            return (name, server) -> {
                AliasRpcClient.Builder client = AliasRpcClient.builder(
                                server.publicKey(), server.secret(), dht.getObject())
                        .timeout(properties.requestTimeout())
                        .listener(new ClientEvents(name, events, registrations));
                customizers.orderedStream().forEach(customizer -> customizer.customize(name, client));
                return client.build();
            };
        }

        @Bean(destroyMethod = "close")
        AliasRpcClients aliasRpcClients(AliasRpcConnectionDetails details, AliasRpcClientFactory factory) {
            Map<String, AliasRpcClient> clients = new LinkedHashMap<>();
            details.servers().forEach((name, server) -> clients.put(name, factory.create(name, server)));
            return new AliasRpcClients(clients);
        }

        @Bean(destroyMethod = "")
        AliasRpcClient aliasRpcClient(AliasRpcClients clients) {
            return clients.first();
        }
    }

    /** Clients that the application brings. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(AliasRpcClient.class)
    static class GivenClients {
        @Bean(destroyMethod = "")
        @ConditionalOnMissingBean
        AliasRpcClients aliasRpcClients(Map<String, AliasRpcClient> clients) {
            return new AliasRpcClients(
                    clients.size() == 1
                            ? Map.of(
                                    AliasRpcConnectionDetails.DEFAULT_SERVER,
                                    clients.values().iterator().next())
                            : clients);
        }
    }
}
