package org.aliasrpc.spring.autoconfigure;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.aliasrpc.AliasRegistrar;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.HyperDht;
import org.aliasrpc.Hyperswarm;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.spring.AliasRpcIdentity;
import org.aliasrpc.spring.AliasRpcServerCustomizer;
import org.aliasrpc.spring.event.AliasRpcEventPublisher;
import org.aliasrpc.spring.event.AliasRpcServerEvent;
import org.aliasrpc.spring.limits.PeerLimits;
import org.aliasrpc.spring.limits.RefusalCounts;
import org.aliasrpc.spring.limits.ServerGate;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Scope;
import org.springframework.core.annotation.Order;

/** The alias server, where it is switched on. */
@AutoConfiguration(after = AliasRpcAutoConfiguration.class, before = AliasRpcClientAutoConfiguration.class)
@ConditionalOnClass(AliasRpcServer.class)
@ConditionalOnBooleanProperty(name = "alias-rpc.server.enabled")
@ConditionalOnBean(value = AliasRpcEventPublisher.class, search = SearchStrategy.CURRENT) // alias-rpc.enabled
@EnableConfigurationProperties({
    AliasRpcServerProperties.class,
    AliasRpcServerSecretsProperties.class,
    AliasRpcServerLimitsProperties.class
})
@Import(RegistryConfiguration.class)
public final class AliasRpcServerAutoConfiguration {
    /** How often it is looked whether a secret's file has changed. */
    private static final Duration RELOAD_PERIOD = Duration.ofSeconds(2);

    /** The server's connections, unless the application brings them. */
    @Order(1) // by default the order is that of the class file; our swarm must not see our server
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean({Hyperswarm.class, AliasRpcServer.class})
    static class OwnSwarm {
        @Bean
        Current<Hyperswarm> aliasRpcCurrentSwarm(
                Current<HyperDht> dht, AliasRpcIdentity identity, AliasRpcServerLimitsProperties limits) {
            limits.check();
            return new Current<>(
                    () -> Hyperswarm.builder(dht.get(), identity.server())
                            .maxConnections(limits.connections())
                            .connectionsPerPeer(limits.connectionsPerPeer())
                            .build(),
                    Hyperswarm::closeAsync);
        }

        @Bean
        @Scope(BeanDefinition.SCOPE_PROTOTYPE) // each run of the context has another one
        Hyperswarm aliasRpcSwarm(Current<Hyperswarm> swarm) {
            return swarm.get();
        }
    }

    /** The application's own. */
    @Order(2)
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(Hyperswarm.class)
    static class GivenSwarm {
        @Bean
        @ConditionalOnMissingBean(name = "aliasRpcCurrentSwarm") // the bean of type Hyperswarm may be ours
        Current<Hyperswarm> aliasRpcCurrentSwarm(ObjectProvider<Hyperswarm> swarm) {
            return Current.given(swarm::getObject);
        }
    }

    /** Our own server: its secrets and its limits. An application that brings a server brings those too. */
    @Order(3)
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(AliasRpcServer.class)
    static class OwnServer {
        @Bean(destroyMethod = "close")
        ServerSecrets aliasRpcServerSecrets(AliasRpcServerProperties server, AliasRpcServerSecretsProperties secrets) {
            return new ServerSecrets(server, secrets, Clock.systemUTC());
        }

        @Bean
        RefusalCounts aliasRpcRefusalCounts(ObjectProvider<RefusalWatcher> watchers) {
            return new RefusalCounts(List.copyOf(watchers.orderedStream().toList()));
        }

        @Bean
        RegistrarRefusals aliasRpcRegistrarRefusals(RefusalCounts counts) {
            return new RegistrarRefusals(counts);
        }

        @Bean
        PeerLimits aliasRpcPeerLimits(AliasRpcServerLimitsProperties limits) {
            limits.check();
            return new PeerLimits(limits.perPeerRate(), limits.unauthorisedRate(), System::nanoTime);
        }

        @Bean
        ServerGate aliasRpcServerGate(
                AliasRpcServerLimitsProperties limits, ServerSecrets secrets, PeerLimits peers, RefusalCounts counts) {
            return new ServerGate(
                    secrets.rules(),
                    peers,
                    limits.perPeerRate(),
                    limits.unauthorisedDelay(),
                    counts,
                    Clock.systemUTC());
        }

        @Bean
        ServerDetails aliasRpcServerDetails(
                AliasRpcServerLimitsProperties limits,
                ServerSecrets secrets,
                PeerLimits peers,
                RefusalCounts refusals) {
            return new ServerDetails(limits, secrets, peers, refusals);
        }

        @Bean
        PeriodicTask aliasRpcSecretReload(ServerSecrets secrets, AliasRpcServer server) {
            return new PeriodicTask("alias-rpc-secrets", RELOAD_PERIOD, () -> secrets.reload(server));
        }

        @Bean(destroyMethod = "close")
        AliasRpcServer aliasRpcServer(
                Current<Hyperswarm> swarm,
                AliasRpcServerLimitsProperties limits,
                ServerSecrets secrets,
                ServerGate gate,
                AliasRegistrar registrar,
                ObjectProvider<AliasRpcServerCustomizer> customizers,
                ObjectProvider<RegistrarObserver> observers,
                AliasRpcEventPublisher events) {
            return new RestartableServer(() -> {
                Map<String, SecretBytes> live = secrets.values();
                try {
                    AliasRegistrar observed = RegistrarObserver.observed(
                            registrar, observers.orderedStream().toList());
                    AliasRpcServer.Builder server = AliasRpcServer.builder(swarm.get(), live, observed);
                    return make(server.gate(gate), limits, customizers, events);
                } finally {
                    live.values().forEach(SecretBytes::close);
                }
            });
        }

        private static AliasRpcServer make(
                AliasRpcServer.Builder server,
                AliasRpcServerLimitsProperties limits,
                ObjectProvider<AliasRpcServerCustomizer> customizers,
                AliasRpcEventPublisher events) {
            Clock clock = Clock.systemUTC();
            server.maxRequestBytes((int) limits.frameSize().toBytes())
                    .firstRequestTimeout(limits.firstRequestTimeout())
                    .idleTimeout(limits.idleTimeout())
                    .listener(event -> events.publish(AliasRpcServerEvent.of(event, clock.instant())));
            customizers.orderedStream().forEach(customizer -> customizer.customize(server));
            return server.build();
        }
    }

    @Bean
    ServerEventLog aliasRpcServerEventLog() {
        return new ServerEventLog();
    }

    @Bean
    NetworkLifecycle aliasRpcServerLifecycle(
            AliasRpcServer server, ObjectProvider<Current<Hyperswarm>> swarm, AliasRpcEventPublisher events) {
        return ServerLifecycle.of(server, swarm.getIfAvailable(), events, Clock.systemUTC());
    }
}
