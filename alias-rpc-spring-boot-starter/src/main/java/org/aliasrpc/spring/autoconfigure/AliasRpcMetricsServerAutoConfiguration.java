package org.aliasrpc.spring.autoconfigure;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.aliasrpc.HyperDht;
import org.aliasrpc.MetricsCollector;
import org.aliasrpc.MetricsServer;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.AliasRpcClients;
import org.aliasrpc.spring.AliasRpcIdentity;
import org.aliasrpc.spring.event.AliasRpcEventPublisher;
import org.aliasrpc.spring.event.AliasRpcMetricsEvent;
import org.aliasrpc.spring.metrics.MetricsServing;
import org.aliasrpc.spring.metrics.PrometheusMetricsCollector;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.util.ClassUtils;

/** Serves this application's metrics to the alias servers that it registers with, straight from its Prometheus registry. */
@AutoConfiguration(
        after = AliasRpcClientAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration"
        })
@ConditionalOnClass(MetricsServer.class)
@ConditionalOnBean(
        value = {AliasRegistrations.class, AliasRpcClients.class},
        search = SearchStrategy.CURRENT)
public final class AliasRpcMetricsServerAutoConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger("org.aliasrpc.metrics");

    private static final String ENABLED = "alias-rpc.metrics.enabled";
    private static final String REGISTRY = "io.micrometer.prometheusmetrics.PrometheusMeterRegistry";

    /** What is served. */
    @Order(1)
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBooleanProperty(name = ENABLED, matchIfMissing = true)
    @ConditionalOnClass({PrometheusMeterRegistry.class, PrometheusTextFormatWriter.class})
    @ConditionalOnSingleCandidate(PrometheusMeterRegistry.class)
    @ConditionalOnMissingBean(MetricsCollector.class)
    @EnableConfigurationProperties(AliasRpcMetricsProperties.class)
    static class PrometheusConfiguration {
        @Bean
        PrometheusMetricsCollector aliasRpcMetricsCollector(
                PrometheusMeterRegistry registry,
                AliasRpcMetricsProperties properties,
                ObjectProvider<MetricsMeters> meters,
                Environment environment) {
            var executor = new SimpleAsyncTaskExecutor("alias-rpc-metrics-");
            executor.setVirtualThreads(Threading.VIRTUAL.isActive(environment));
            executor.setDaemon(true);
            return new PrometheusMetricsCollector(
                    registry.getPrometheusRegistry(),
                    MetricsSettings.filter(properties),
                    MetricsSettings.maxBytes(properties),
                    executor,
                    bytes -> meters.ifAvailable(available -> available.onFiltered(bytes)));
        }
    }

    /** The server. */
    @Order(2)
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBooleanProperty(name = ENABLED, matchIfMissing = true)
    @ConditionalOnBean(MetricsCollector.class)
    @EnableConfigurationProperties({AliasRpcMetricsProperties.class, AliasRpcShutdownProperties.class})
    static class ServerConfiguration {
        @Bean
        MetricsEventLog aliasRpcMetricsEventLog() {
            return new MetricsEventLog();
        }

        @Bean(destroyMethod = "close")
        @ConditionalOnMissingBean
        MetricsServer aliasRpcMetricsServer(
                Current<HyperDht> dht,
                ObjectProvider<AliasRpcIdentity> identity,
                MetricsCollector collector,
                AliasRpcMetricsProperties properties,
                AliasRpcClients clients,
                AliasRpcEventPublisher events) {
            Clock clock = Clock.systemUTC();
            Set<PublicKey> allowed = MetricsSettings.allowed(properties, clients);
            int maxBytes = MetricsSettings.maxBytes(properties);
            Duration timeout = MetricsSettings.timeout(properties);
            return new LazyMetricsServer(
                    () -> identity.getObject().metrics().publicKey(),
                    () -> MetricsServer.builder(dht.get(), identity.getObject().metrics(), collector)
                            .allow(allowed)
                            .maxReplyBytes(maxBytes)
                            .timeout(timeout)
                            .listener(event -> events.publish(AliasRpcMetricsEvent.of(event, clock.instant())))
                            .build());
        }

        @Bean
        MetricsListening aliasRpcMetricsListening(
                MetricsServer server, AliasRpcShutdownProperties shutdown, Environment environment) {
            return new MetricsListening(server, MetricsSettings.linger(shutdown, environment));
        }

        @Bean
        NetworkLifecycle aliasRpcMetricsLifecycle(MetricsListening listening) {
            return new NetworkLifecycle("metrics server", Phases.METRICS, listening::start, listening::stop);
        }

        @Bean
        MetricsServing aliasRpcMetricsServing(MetricsServer server) {
            return MetricsServing.servedUnder(server::publicKey);
        }
    }

    /** An application that registers and cannot be scraped should know. Nested classes come first. */
    @Bean
    @ConditionalOnMissingBean
    MetricsServing aliasRpcMetricsNotServed(ApplicationContext context) {
        boolean enabled = context.getEnvironment().getProperty(ENABLED, Boolean.class, true);
        MetricsServing serving = MetricsServing.notServed(reason(enabled, context));
        if (enabled) {
            LOG.warn("This application registers itself, but its metrics are {}", serving);
        }
        return serving;
    }

    private static String reason(boolean enabled, ApplicationContext context) {
        if (!enabled) {
            return ENABLED + " is false";
        }
        ClassLoader classes = context.getClassLoader();
        if (!ClassUtils.isPresent(REGISTRY, classes)) {
            return "micrometer-registry-prometheus is not on the class path";
        }
        int registries =
                context.getBeanNamesForType(ClassUtils.resolveClassName(REGISTRY, classes), true, false).length;
        return registries < 2
                ? "there is no PrometheusMeterRegistry"
                : "there are " + registries + " beans of type PrometheusMeterRegistry and none is primary";
    }
}
