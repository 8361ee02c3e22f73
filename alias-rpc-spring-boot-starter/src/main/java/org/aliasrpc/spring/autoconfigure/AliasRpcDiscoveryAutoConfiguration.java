package org.aliasrpc.spring.autoconfigure;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.aliasrpc.spring.discovery.AliasTargets;
import org.aliasrpc.spring.discovery.AliasTargetsEndpoint;
import org.aliasrpc.spring.discovery.PrometheusTargetsFile;
import org.aliasrpc.spring.discovery.ReactiveAliasTargetsEndpoint;
import org.aliasrpc.spring.discovery.ScrapeLocation;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.filter.reactive.ServerWebExchangeContextFilter;

/** Tells Prometheus which targets there are. */
@AutoConfiguration(after = AliasRpcScrapeProxyAutoConfiguration.class)
@ConditionalOnBean(AliasRegistry.class)
@ConditionalOnBooleanProperty(name = "alias-rpc.server.enabled")
@ConditionalOnBooleanProperty(name = "alias-rpc.server.discovery.enabled", matchIfMissing = true)
@EnableConfigurationProperties({AliasRpcDiscoveryProperties.class, AliasRpcScrapeProxyProperties.class})
public final class AliasRpcDiscoveryAutoConfiguration {
    private static final String PREFIX = "alias-rpc.server.discovery.";

    /** Names of labels as Prometheus allows them, less those that begin with two underscores, which mean something. */
    private static final Pattern LABEL = Pattern.compile("(?!__)[a-zA-Z_][a-zA-Z0-9_]*");

    private static final Duration UPDATE_PERIOD = Duration.ofMillis(500);

    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\s:/\\[\\]]+):\\d{1,5}");

    @Bean
    @ConditionalOnMissingBean
    AliasTargets aliasRpcTargets(
            AliasRegistry registry,
            AliasRpcDiscoveryProperties properties,
            AliasRpcScrapeProxyProperties proxy,
            Environment environment) {
        String address = properties.address();
        if (address != null && !ADDRESS.matcher(address).matches()) {
            throw new InvalidConfigurationPropertyValueException(
                    PREFIX + "address", address, "An address is written host:port.");
        }
        for (Map.Entry<String, String> label : properties.labels().entrySet()) {
            if (!LABEL.matcher(label.getKey()).matches()) {
                throw new InvalidConfigurationPropertyValueException(
                        PREFIX + "labels." + label.getKey(),
                        label.getValue(),
                        "The name of a label has letters, digits and underscores, and begins with neither a digit nor"
                                + " two underscores.");
            }
        }
        return new AliasTargets(registry, new ScrapeLocation(environment, address, proxy.path()), properties.labels());
    }

    /** The file. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty("alias-rpc.server.discovery.file")
    static class FileConfiguration {
        @Bean
        @ConditionalOnMissingBean
        PrometheusTargetsFile aliasRpcTargetsFile(
                ObjectProvider<AliasTargets> targets, AliasRpcDiscoveryProperties properties) {
            String file = String.valueOf(properties.file());
            try {
                // The file sees events, and stores report events: it must not need the store to be made.
                return new PrometheusTargetsFile(targets::getObject, Path.of(file));
            } catch (InvalidPathException e) {
                throw new InvalidConfigurationPropertyValueException(
                        PREFIX + "file", file, "It is not the name of a file.", e);
            }
        }

        @Bean
        PeriodicTask aliasRpcTargetsFileUpdates(PrometheusTargetsFile file) {
            return new PeriodicTask("alias-rpc-targets-file", UPDATE_PERIOD, file::update);
        }
    }

    /** Over HTTP, in a servlet application. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({WebEndpoint.class, ConditionalOnAvailableEndpoint.class, RequestContextHolder.class})
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    static class ServletConfiguration {
        @Bean
        @ConditionalOnAvailableEndpoint(AliasTargetsEndpoint.class)
        @ConditionalOnMissingBean
        AliasTargetsEndpoint aliasRpcTargetsEndpoint(AliasTargets targets) {
            return new AliasTargetsEndpoint(targets, ServletConfiguration::askedHost);
        }

        private static String askedHost() {
            return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                    ? attributes.getRequest().getServerName()
                    : "";
        }
    }

    /** Over HTTP, in a reactive application. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({WebEndpoint.class, ConditionalOnAvailableEndpoint.class, ServerWebExchangeContextFilter.class})
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    static class ReactiveConfiguration {
        @Bean
        @ConditionalOnAvailableEndpoint(ReactiveAliasTargetsEndpoint.class)
        @ConditionalOnMissingBean
        ReactiveAliasTargetsEndpoint aliasRpcTargetsEndpoint(AliasTargets targets) {
            return new ReactiveAliasTargetsEndpoint(targets);
        }

        @Bean
        @ConditionalOnAvailableEndpoint(ReactiveAliasTargetsEndpoint.class)
        @ConditionalOnMissingBean
        ServerWebExchangeContextFilter aliasRpcExchangeContextFilter() {
            return new ServerWebExchangeContextFilter();
        }
    }
}
