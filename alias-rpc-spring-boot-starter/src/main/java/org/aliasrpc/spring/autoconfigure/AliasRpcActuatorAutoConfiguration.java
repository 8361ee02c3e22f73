package org.aliasrpc.spring.autoconfigure;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.spring.actuate.AliasRpcEndpoint;
import org.aliasrpc.spring.actuate.AliasRpcEventsEndpoint;
import org.aliasrpc.spring.actuate.AliasRpcHealthIndicator;
import org.aliasrpc.spring.actuate.AliasRpcInfoContributor;
import org.aliasrpc.spring.actuate.AliasRpcSecretsHealthIndicator;
import org.aliasrpc.spring.actuate.AliasRpcStoreHealthIndicator;
import org.aliasrpc.spring.event.AliasRpcEventPublisher;
import org.aliasrpc.spring.event.AliasRpcEventRing;
import org.aliasrpc.spring.metrics.MetricsServing;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.aliasrpc.spring.scrape.ScrapeHistory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.autoconfigure.info.InfoContributorFallback;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** What Actuator shows, where its modules are. */
@AutoConfiguration(after = {AliasRpcServerAutoConfiguration.class, AliasRpcClientAutoConfiguration.class})
@ConditionalOnBean(AliasRpcEventPublisher.class)
public final class AliasRpcActuatorAutoConfiguration {
    /** Endpoints. Their conditions stand on the methods: on a class they cannot be read without Actuator. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
    static class EndpointConfiguration {
        @Bean
        @ConditionalOnAvailableEndpoint(AliasRpcEndpoint.class)
        @ConditionalOnMissingBean
        AliasRpcEndpoint aliasRpcEndpoint(
                ObjectProvider<AliasRegistrations> registrations,
                ObjectProvider<AliasRpcServer> server,
                ObjectProvider<AliasRegistry> registry,
                ObjectProvider<ScrapeHistory> scrapes,
                ObjectProvider<AliasRpcServerProperties> properties,
                ObjectProvider<ServerDetails> details) {
            return new AliasRpcEndpoint(
                    registrations.getIfAvailable(),
                    server.getIfAvailable(),
                    registry.getIfAvailable(),
                    scrapes.getIfAvailable(),
                    () -> details(properties.getIfAvailable(), details.getIfAvailable()));
        }

        private static Map<String, Object> details(
                @Nullable AliasRpcServerProperties properties, @Nullable ServerDetails server) {
            Map<String, Object> details = new LinkedHashMap<>();
            Map<String, Object> limits = limits(properties);
            details.put("limits", limits);
            if (server != null) {
                limits.putAll(server.limits());
                details.put("usage", server.usage());
                details.put("secrets", server.secrets());
            }
            return details;
        }

        private static Map<String, Object> limits(@Nullable AliasRpcServerProperties properties) {
            Map<String, Object> limits = new LinkedHashMap<>();
            if (properties != null) {
                limits.put("expiry", properties.expiry().toString());
                limits.put("grace", properties.grace().toString());
                limits.put("maxAliases", properties.maxAliases());
                limits.put("maxAliasLength", properties.maxAliasLength());
                limits.put("conflictPolicy", properties.conflictPolicy().name());
            }
            return limits;
        }

        @Bean
        @ConditionalOnAvailableEndpoint(AliasRpcEventsEndpoint.class)
        @ConditionalOnMissingBean
        AliasRpcEventsEndpoint aliasRpcEventsEndpoint(AliasRpcEventRing ring) {
            return new AliasRpcEventsEndpoint(ring);
        }

        @Bean
        @ConditionalOnEnabledInfoContributor(value = "alias-rpc", fallback = InfoContributorFallback.DISABLE)
        @ConditionalOnMissingBean(name = "aliasRpcInfoContributor")
        InfoContributor aliasRpcInfoContributor(
                ObjectProvider<AliasRegistration> registration,
                ObjectProvider<AliasRpcServer> server,
                ObjectProvider<ServerDetails> details) {
            ServerDetails own = details.getIfAvailable();
            return new AliasRpcInfoContributor(
                    registration::getIfAvailable, server.getIfAvailable(), own == null ? () -> null : own::secrets);
        }
    }

    /** What needs Actuator's core alone. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({SanitizingFunction.class, AuditApplicationEvent.class})
    static class CoreConfiguration {
        @Bean
        SecretSanitizer aliasRpcSecretSanitizer(Environment environment) {
            return new SecretSanitizer(environment);
        }

        @Bean
        @ConditionalOnBooleanProperty(name = "alias-rpc.events.audit", matchIfMissing = true)
        AuditEvents aliasRpcAuditEvents(ApplicationEventPublisher publisher) {
            return new AuditEvents(publisher);
        }
    }

    /** Health of each role. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
    static class HealthConfiguration {
        /** Of the alias server's table. */
        @Bean
        @ConditionalOnEnabledHealthIndicator("alias-rpc")
        @ConditionalOnBean(AliasRegistry.class)
        @ConditionalOnMissingBean(name = {"aliasRpcStoreHealthIndicator", "aliasRpcStoreHealthContributor"})
        HealthContributor aliasRpcStoreHealthIndicator(AliasRegistry registry) {
            return new AliasRpcStoreHealthIndicator(registry);
        }

        /** Of the alias server's secrets. */
        @Bean
        @ConditionalOnEnabledHealthIndicator("alias-rpc")
        @ConditionalOnBean(ServerSecrets.class)
        @ConditionalOnMissingBean(name = {"aliasRpcSecretsHealthIndicator", "aliasRpcSecretsHealthContributor"})
        HealthContributor aliasRpcSecretsHealthIndicator(ServerSecrets secrets) {
            return new AliasRpcSecretsHealthIndicator(secrets::describe);
        }

        /** Of the registration; one component for each server if there are several. */
        @Bean
        @ConditionalOnEnabledHealthIndicator("alias-rpc")
        @ConditionalOnBean(AliasRegistrations.class)
        @ConditionalOnMissingBean(name = {"aliasRpcHealthIndicator", "aliasRpcHealthContributor"})
        HealthContributor aliasRpcHealthIndicator(
                AliasRegistrations registrations,
                ObjectProvider<AliasRpcClientProperties> client,
                ObjectProvider<MetricsServing> metrics,
                Environment environment) {
            // An application with registrations of its own need not have configured a server.
            AliasRpcClientProperties properties = client.getIfAvailable(() -> PropertyReader.client(environment));
            MetricsServing serving = metrics.getIfAvailable();
            Supplier<Map<String, Object>> further =
                    () -> serving == null ? Map.of() : Map.of("metrics", serving.toString());
            Map<String, HealthContributor> servers = new LinkedHashMap<>();
            List<String> names = registrations.servers();
            for (int i = 0; i < names.size(); i++) {
                int index = i;
                servers.put(
                        names.get(i),
                        new AliasRpcHealthIndicator(
                                () -> registrations.status().get(index),
                                properties.staleAfter(),
                                Clock.systemUTC(),
                                further));
            }
            return servers.size() == 1
                    ? servers.values().iterator().next()
                    : CompositeHealthContributor.fromMap(servers);
        }
    }
}
