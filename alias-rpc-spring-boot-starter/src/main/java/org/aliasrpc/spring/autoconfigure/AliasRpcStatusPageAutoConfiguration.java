package org.aliasrpc.spring.autoconfigure;

import java.time.Clock;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.spring.event.AliasRpcEventRing;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.aliasrpc.spring.scrape.ScrapeHistory;
import org.aliasrpc.spring.statuspage.ReactiveStatusPage;
import org.aliasrpc.spring.statuspage.ServletStatusPage;
import org.aliasrpc.spring.statuspage.StatusPage;
import org.aliasrpc.spring.statuspage.StatusPageState;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.servlet.DispatcherServlet;
import tools.jackson.databind.json.JsonMapper;

/** The status page, where it is switched on. */
@AutoConfiguration(after = AliasRpcScrapeProxyAutoConfiguration.class)
@ConditionalOnClass(JsonMapper.class)
@ConditionalOnBean({AliasRegistry.class, AliasRpcServer.class})
@ConditionalOnBooleanProperty(name = "alias-rpc.server.status-page.enabled")
@EnableConfigurationProperties(AliasRpcStatusPageProperties.class)
@ImportRuntimeHints(AliasRpcStatusPageAutoConfiguration.Hints.class)
public final class AliasRpcStatusPageAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean
    StatusPage aliasRpcStatusPage() {
        return new StatusPage();
    }

    @Bean
    @ConditionalOnMissingBean
    StatusPageState aliasRpcStatusPageState(
            AliasRegistry registry,
            ObjectProvider<ScrapeHistory> scrapes,
            AliasRpcEventRing events,
            AliasRpcServer server) {
        ScrapeHistory history = scrapes.getIfAvailable(() -> new ScrapeHistory(1));
        return new StatusPageState(registry, history, events, server.publicKey(), Clock.systemUTC());
    }

    private static String path(AliasRpcStatusPageProperties properties) {
        String path = properties.path();
        if (!path.matches("(/[A-Za-z0-9._~-]+)+")) {
            throw new InvalidConfigurationPropertyValueException(
                    "alias-rpc.server.status-page.path",
                    path,
                    "A path begins with a slash, does not end with one, and has letters, digits and . _ ~ - between them.");
        }
        return path;
    }

    /** The routes of a servlet application. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(DispatcherServlet.class)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    static class ServletConfiguration {
        @Bean
        @ConditionalOnMissingBean(name = "aliasRpcStatusPageRoutes")
        org.springframework.web.servlet.function.RouterFunction<org.springframework.web.servlet.function.ServerResponse>
                aliasRpcStatusPageRoutes(
                        StatusPage page, StatusPageState state, AliasRpcStatusPageProperties properties) {
            return ServletStatusPage.routes(page, state, path(properties));
        }
    }

    /** The routes of a reactive application. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(DispatcherHandler.class)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    static class ReactiveConfiguration {
        @Bean
        @ConditionalOnMissingBean(name = "aliasRpcStatusPageRoutes")
        org.springframework.web.reactive.function.server.RouterFunction<
                        org.springframework.web.reactive.function.server.ServerResponse>
                aliasRpcStatusPageRoutes(
                        StatusPage page, StatusPageState state, AliasRpcStatusPageProperties properties) {
            return ReactiveStatusPage.routes(page, state, path(properties));
        }
    }

    /** The page is read from a resource. */
    static final class Hints implements RuntimeHintsRegistrar {
        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
            hints.resources().registerPattern(StatusPage.RESOURCE);
        }
    }
}
