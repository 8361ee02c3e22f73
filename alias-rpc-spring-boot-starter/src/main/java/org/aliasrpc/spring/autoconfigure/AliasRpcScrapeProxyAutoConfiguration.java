package org.aliasrpc.spring.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.time.Duration;
import org.aliasrpc.HyperDht;
import org.aliasrpc.MetricsScraper;
import org.aliasrpc.MetricsServer;
import org.aliasrpc.spring.AliasRpcIdentity;
import org.aliasrpc.spring.observation.ScrapeObservationConvention;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.aliasrpc.spring.scrape.AliasScraper;
import org.aliasrpc.spring.scrape.ReactiveScrapeProxy;
import org.aliasrpc.spring.scrape.ScrapeHistory;
import org.aliasrpc.spring.scrape.ScrapeObserver;
import org.aliasrpc.spring.scrape.ServletScrapeProxy;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.servlet.DispatcherServlet;

/** Scrapes the registered targets when Prometheus asks for them over HTTP. */
@AutoConfiguration(
        after = AliasRpcServerAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
        })
@ConditionalOnBean(AliasRegistry.class)
@ConditionalOnBooleanProperty(name = "alias-rpc.server.enabled")
@ConditionalOnBooleanProperty(name = "alias-rpc.server.scrape-proxy.enabled", matchIfMissing = true)
@EnableConfigurationProperties(AliasRpcScrapeProxyProperties.class)
public final class AliasRpcScrapeProxyAutoConfiguration {
    private static final String PREFIX = "alias-rpc.server.scrape-proxy.";

    /** Connections to targets that are kept open; those not used for longest go first. */
    private static final int MAX_CONNECTIONS = 10_000;

    @Bean
    @ConditionalOnMissingBean
    ScrapeHistory aliasRpcScrapeHistory(AliasRpcServerProperties server) {
        return new ScrapeHistory(server.maxAliases());
    }

    /** What scrapes, unless the application brings it. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(MetricsScraper.class)
    static class OwnScraper {
        /** With the alias server's key: targets admit no other. */
        @Bean(destroyMethod = "close")
        RestartableScraper aliasRpcMetricsScraper(
                Current<HyperDht> dht, AliasRpcIdentity identity, AliasRpcScrapeProxyProperties properties) {
            Checks.between(PREFIX + "max-size", (double) properties.maxSize().toBytes(), 1, Integer.MAX_VALUE);
            int maxReplyBytes = (int) Math.min(properties.maxSize().toBytes(), MetricsServer.Builder.MAX_REPLY_BYTES);
            return new RestartableScraper(
                    identity.server().publicKey(),
                    () -> MetricsScraper.builder(dht.get(), identity.server())
                            .maxReplyBytes(maxReplyBytes)
                            .maxConnections(MAX_CONNECTIONS)
                            .build());
        }

        @Bean
        NetworkLifecycle aliasRpcScraperLifecycle(RestartableScraper scraper) {
            return new NetworkLifecycle("scraper", Phases.SERVER, scraper::start, scraper::stop);
        }
    }

    @Bean
    @ConditionalOnMissingBean
    AliasScraper aliasScraper(
            AliasRegistry registry,
            MetricsScraper scraper,
            ScrapeHistory history,
            ObjectProvider<ScrapeObserver> observers) {
        return new AliasScraper(
                registry, scraper, history, observers.orderedStream().toList(), Clock.systemUTC());
    }

    private static String path(AliasRpcScrapeProxyProperties properties) {
        String path = properties.path();
        if (!path.startsWith("/") || !path.contains("/{alias}")) {
            throw new InvalidConfigurationPropertyValueException(
                    PREFIX + "path", path, "A path begins with a slash and has a segment {alias}.");
        }
        return path;
    }

    private static Duration timeout(AliasRpcScrapeProxyProperties properties) {
        Checks.positive(PREFIX + "timeout", properties.timeout());
        return properties.timeout();
    }

    /** The route of a servlet application. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(DispatcherServlet.class)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    static class ServletConfiguration {
        @Bean
        @ConditionalOnMissingBean(name = "aliasRpcScrapeProxy")
        org.springframework.web.servlet.function.RouterFunction<org.springframework.web.servlet.function.ServerResponse>
                aliasRpcScrapeProxy(AliasScraper scraper, AliasRpcScrapeProxyProperties properties) {
            return ServletScrapeProxy.routes(scraper, path(properties), timeout(properties));
        }
    }

    /** The route of a reactive application. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(DispatcherHandler.class)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    static class ReactiveConfiguration {
        @Bean
        @ConditionalOnMissingBean(name = "aliasRpcScrapeProxy")
        org.springframework.web.reactive.function.server.RouterFunction<
                        org.springframework.web.reactive.function.server.ServerResponse>
                aliasRpcScrapeProxy(AliasScraper scraper, AliasRpcScrapeProxyProperties properties) {
            return ReactiveScrapeProxy.routes(scraper, path(properties), timeout(properties));
        }
    }

    /** Observations of scrapes, from which Micrometer makes the timer too. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ObservationRegistry.class)
    @ConditionalOnSingleCandidate(ObservationRegistry.class)
    static class ObservationConfiguration {
        @Bean
        ScrapeObservations aliasRpcScrapeObservations(
                ObservationRegistry registry, ObjectProvider<ScrapeObservationConvention> convention) {
            return new ScrapeObservations(registry, convention.getIfAvailable());
        }
    }

    /** The timer, where nothing is observed. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    @ConditionalOnSingleCandidate(MeterRegistry.class)
    static class MetersConfiguration {
        @Bean
        @ConditionalOnMissingBean(ObservationRegistry.class)
        ScrapeTimer aliasRpcScrapeTimer(MeterRegistry registry) {
            return new ScrapeTimer(registry);
        }

        @Bean
        ScrapeGauges aliasRpcScrapeGauges(MetricsScraper scraper) {
            return new ScrapeGauges(scraper);
        }
    }
}
