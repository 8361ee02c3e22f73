package org.aliasrpc.spring.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.observation.ObservationRegistry;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.HyperDht;
import org.aliasrpc.MetricsServer;
import org.aliasrpc.spring.event.AliasRpcEventPublisher;
import org.aliasrpc.spring.observation.RegistrationObservationConvention;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Meters and observations, where their libraries and registries are. */
@AutoConfiguration(
        after = {
            AliasRpcServerAutoConfiguration.class,
            AliasRpcClientAutoConfiguration.class,
            AliasRpcMetricsServerAutoConfiguration.class
        },
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
        })
@ConditionalOnBean(AliasRpcEventPublisher.class)
public final class AliasRpcMetricsAutoConfiguration {
    /** Meters of each role. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    @ConditionalOnSingleCandidate(MeterRegistry.class)
    static class MetersConfiguration {
        @Bean
        @ConditionalOnBean(AliasRegistrations.class)
        RegistrationTimer aliasRpcRegistrationTimer(MeterRegistry registry) {
            return new RegistrationTimer(registry);
        }

        /** Of the client, and of the DHT node, if a role makes one. */
        @Bean
        MeterBinder aliasRpcDhtMeters(
                Current<HyperDht> dht,
                ObjectProvider<AliasRegistrations> registrations,
                ObjectProvider<AliasRpcServer> server) {
            AliasRegistrations client = registrations.getIfAvailable();
            AliasRpcServer accepting = server.getIfAvailable();
            return registry -> {
                if (client != null || accepting != null) {
                    new DhtMeters(dht).bindTo(registry);
                }
                if (client != null) {
                    new ClientMeters(client, dht, accepting).bindTo(registry);
                }
            };
        }

        @Bean
        @ConditionalOnBean(MetricsServer.class)
        MetricsMeters aliasRpcMetricsMeters(MeterRegistry registry) {
            return new MetricsMeters(registry);
        }
    }

    /** The server's meters. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    @ConditionalOnSingleCandidate(MeterRegistry.class)
    @ConditionalOnBean(AliasRpcServer.class)
    static class ServerMetersConfiguration {
        @Bean
        ServerMeters aliasRpcServerMeters(MeterRegistry registry) {
            return new ServerMeters(registry);
        }

        @Bean
        StoreMeters aliasRpcStoreMeters(MeterRegistry registry) {
            return new StoreMeters(registry);
        }

        @Bean
        RefusalMeters aliasRpcRefusalMeters(MeterRegistry registry) {
            return new RefusalMeters(registry);
        }

        @Bean
        MeterBinder aliasRpcServerGauges(AliasRpcServer server, ObjectProvider<AliasRegistry> registry) {
            return new ServerGauges(server, registry.getIfAvailable());
        }
    }

    /** Observations of registrations. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ObservationRegistry.class)
    @ConditionalOnSingleCandidate(ObservationRegistry.class)
    @ConditionalOnBean(AliasRegistrations.class)
    static class ObservationConfiguration {
        @Bean
        RegistrationObservations aliasRpcRegistrationObservations(
                ObservationRegistry registry, ObjectProvider<RegistrationObservationConvention> convention) {
            return new RegistrationObservations(registry, convention.getIfAvailable());
        }
    }
}
