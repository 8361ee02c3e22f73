package org.aliasrpc.spring.autoconfigure;

import java.time.Clock;
import org.aliasrpc.AliasRegistrar;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.HyperDht;
import org.aliasrpc.Hyperswarm;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.spring.AliasRpcIdentity;
import org.aliasrpc.spring.AliasRpcServerCustomizer;
import org.aliasrpc.spring.event.AliasRpcEventPublisher;
import org.aliasrpc.spring.event.AliasRpcServerEvent;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Scope;

/** The alias server, where it is switched on. */
@AutoConfiguration(after = AliasRpcAutoConfiguration.class, before = AliasRpcClientAutoConfiguration.class)
@ConditionalOnClass(AliasRpcServer.class)
@ConditionalOnBooleanProperty(name = "alias-rpc.server.enabled")
@ConditionalOnBean(AliasRpcEventPublisher.class) // alias-rpc.enabled
@EnableConfigurationProperties(AliasRpcServerProperties.class)
@Import(RegistryConfiguration.class)
public final class AliasRpcServerAutoConfiguration {
    /** The server's connections, unless the application brings them. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean({Hyperswarm.class, AliasRpcServer.class})
    static class OwnSwarm {
        @Bean
        Current<Hyperswarm> aliasRpcCurrentSwarm(
                Current<HyperDht> dht, AliasRpcIdentity identity, AliasRpcServerProperties properties) {
            AliasRpcServerProperties.Limits limits = properties.limits();
            Checks.between("alias-rpc.server.limits.connections", limits.connections(), 1, 1_000_000);
            Checks.between("alias-rpc.server.limits.connections-per-peer", limits.connectionsPerPeer(), 1, 10_000);
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
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(Hyperswarm.class)
    static class GivenSwarm {
        @Bean
        @ConditionalOnMissingBean(name = "aliasRpcCurrentSwarm") // the bean of type Hyperswarm may be ours
        Current<Hyperswarm> aliasRpcCurrentSwarm(ObjectProvider<Hyperswarm> swarm) {
            return Current.given(swarm::getObject);
        }
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    AliasRpcServer aliasRpcServer(
            Current<Hyperswarm> swarm,
            AliasRpcServerProperties properties,
            AliasRegistrar registrar,
            ObjectProvider<AliasRpcServerCustomizer> customizers,
            ObjectProvider<RegistrarObserver> observers,
            AliasRpcEventPublisher events) {
        Checks.between(
                "alias-rpc.server.limits.frame-size",
                (double) properties.limits().frameSize().toBytes(),
                1,
                16_000_000);
        return new RestartableServer(() -> make(swarm.get(), properties, registrar, customizers, observers, events));
    }

    private static AliasRpcServer make(
            Hyperswarm swarm,
            AliasRpcServerProperties properties,
            AliasRegistrar registrar,
            ObjectProvider<AliasRpcServerCustomizer> customizers,
            ObjectProvider<RegistrarObserver> observers,
            AliasRpcEventPublisher events) {
        Clock clock = Clock.systemUTC();
        try (SecretBytes secret =
                Checks.secret("alias-rpc.server.secret", properties.secret(), properties.secretFile())) {
            AliasRegistrar observed = registrar;
            for (RegistrarObserver observer : observers.orderedStream().toList()) {
                observed = observer.observe(observed);
            }
            AliasRpcServer.Builder server = AliasRpcServer.builder(swarm, secret, observed)
                    .maxRequestBytes((int) properties.limits().frameSize().toBytes())
                    .listener(event -> events.publish(AliasRpcServerEvent.of(event, clock.instant())));
            customizers.orderedStream().forEach(customizer -> customizer.customize(server));
            return server.build();
        }
    }

    @Bean
    NetworkLifecycle aliasRpcServerLifecycle(
            AliasRpcServer server, ObjectProvider<Current<Hyperswarm>> swarm, AliasRpcEventPublisher events) {
        return ServerLifecycle.of(server, swarm.getIfAvailable(), events, Clock.systemUTC());
    }
}
