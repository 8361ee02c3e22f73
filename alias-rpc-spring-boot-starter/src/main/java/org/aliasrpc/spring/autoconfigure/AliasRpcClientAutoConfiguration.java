package org.aliasrpc.spring.autoconfigure;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
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
import org.aliasrpc.spring.registration.ScheduledRegistrations;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/** Registers this application with its alias servers, if there are any. */
@AutoConfiguration(after = AliasRpcAutoConfiguration.class)
@ConditionalOnClass(AliasRpcClient.class)
@ConditionalOnBooleanProperty(name = "alias-rpc.client.enabled", matchIfMissing = true)
@ConditionalOnBean(value = AliasRpcEventPublisher.class, search = SearchStrategy.CURRENT) // alias-rpc.enabled
@Conditional(OnAliasServer.class)
public final class AliasRpcClientAutoConfiguration {
    @Bean
    AliasRpcClientProperties aliasRpcClientProperties(Environment environment) {
        return PropertyReader.client(environment);
    }

    /** What to register, unless the application says it. Made at the start, so that wrong settings end it. */
    @Bean
    @ConditionalOnMissingBean(AliasRegistration.class)
    RegistrationSettings aliasRpcRegistrationSettings(
            AliasRpcClientProperties properties, Environment environment, ObjectProvider<IdentitySeed> seed) {
        seed.getIfAvailable(); // reads and checks it
        return ClientSettings.registration(properties, environment);
    }

    @Bean
    @Lazy // it may need the identity
    @ConditionalOnMissingBean
    AliasRegistration aliasRegistration(RegistrationSettings settings, ObjectProvider<AliasRpcIdentity> identity) {
        return settings.registration(() -> identity.getObject().metrics().publicKey());
    }

    /** Stopped by {@link ClientLifecycle}, and by its end where a context is refreshed again, which stops nothing. */
    @Bean(destroyMethod = "stop")
    @ConditionalOnMissingBean
    AliasRegistrations aliasRegistrations(
            AliasRpcClients clients,
            ObjectProvider<AliasRegistration> registration,
            AliasRpcClientProperties properties,
            ObjectProvider<RegistrationObserver> observers) {
        return new ScheduledRegistrations(
                clients.byName(),
                registration::getObject,
                ClientSettings.timing(properties),
                Clock.systemUTC(),
                new SplittableRandom(), // nobody gains by guessing the jitter
                observers.orderedStream().toList());
    }

    @Bean
    RegistrationRunner aliasRpcRegistrationRunner(
            ClientLifecycle lifecycle, AliasRegistrations registrations, AliasRpcClientProperties properties) {
        ClientSettings.timing(properties); // wrong ones end the start, whoever registers
        return new RegistrationRunner(lifecycle, registrations, properties.startup());
    }

    @Bean
    ClientLifecycle aliasRpcClientLifecycle(
            AliasRegistrations registrations, AliasRpcClients clients, ObjectProvider<MetricsListening> metrics) {
        return new ClientLifecycle(registrations, clients, metrics.getIfAvailable());
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
                Current<HyperDht> dht,
                AliasRpcClientProperties properties,
                ObjectProvider<AliasRpcClientCustomizer> customizers,
                ObjectProvider<AliasRegistrations> registrations,
                AliasRpcEventPublisher events) {
            return (name, server) -> {
                AliasRpcClient.Builder client = AliasRpcClient.builder(server.publicKey(), server.secret(), dht.get())
                        .timeout(properties.requestTimeout())
                        .listener(new ClientEvents(name, events, registrations));
                customizers.orderedStream().forEach(customizer -> customizer.customize(name, client));
                return client.build();
            };
        }

        @Bean(destroyMethod = "close")
        AliasRpcClients aliasRpcClients(AliasRpcConnectionDetails details, AliasRpcClientFactory factory) {
            Map<String, AliasRpcClient> clients = new LinkedHashMap<>();
            details.servers()
                    .forEach((name, server) ->
                            clients.put(name, new LazyClient(server.publicKey(), () -> factory.create(name, server))));
            return new AliasRpcClients(clients);
        }

        @Bean(destroyMethod = "")
        AliasRpcClient aliasRpcClient(AliasRpcClients clients) {
            return clients.first();
        }
    }

    /** Clients that the application brings. Nested classes come first, so none of ours is meant. */
    @Bean(name = "aliasRpcClients", destroyMethod = "")
    @ConditionalOnBean(AliasRpcClient.class)
    @ConditionalOnMissingBean
    AliasRpcClients aliasRpcGivenClients(Map<String, AliasRpcClient> clients) {
        return new AliasRpcClients(
                clients.size() == 1
                        ? Map.of(
                                AliasRpcConnectionDetails.DEFAULT_SERVER,
                                clients.values().iterator().next())
                        : clients);
    }
}
