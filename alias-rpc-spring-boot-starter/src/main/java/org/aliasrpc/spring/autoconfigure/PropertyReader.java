package org.aliasrpc.spring.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aliasrpc.HyperDhtOptions;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;

/**
 * Makes the records that each start needs. Boot's binder makes them too, from the same names and annotations, but an
 * application that has no other bound record pays for the binder's whole machinery, a fifth of what the starter cost it;
 * this asks the binder for the values that are set, and knows the defaults. A test compares the two.
 *
 * <p>Classes with setters would be bound by machinery that web applications have loaded anyhow. But they are mutable, and
 * a mutable twin of each record would repeat every property instead of every default.
 */
final class PropertyReader {
    private final Iterable<ConfigurationPropertySource> sources;
    private final Binder binder;
    private final String prefix;

    private PropertyReader(Environment environment, String prefix) {
        this.sources = ConfigurationPropertySources.get(environment);
        this.binder = Binder.get(environment);
        this.prefix = prefix;
    }

    /** What concerns every role. */
    static AliasRpcProperties common(Environment environment) {
        var read = new PropertyReader(environment, "alias-rpc.");
        return new AliasRpcProperties(
                read.flag("enabled", true),
                new AliasRpcProperties.KeyPair(read.text("key-pair.seed"), read.text("key-pair.location")),
                new AliasRpcProperties.Events(
                        read.flag("events.publish", true),
                        read.flag("events.audit", true),
                        read.value("events.ring", int.class, 1000)));
    }

    /** The DHT node. */
    static AliasRpcDhtProperties dht(Environment environment) {
        var read = new PropertyReader(environment, "alias-rpc.dht.");
        return new AliasRpcDhtProperties(
                read.texts("bootstrap"),
                read.value("host", String.class, "0.0.0.0"),
                read.value("port", int.class, 49737),
                read.value("transport", HyperDhtOptions.Transport.class, HyperDhtOptions.Transport.AUTO),
                read.time("connection-keep-alive", Duration.ofSeconds(5)));
    }

    /** The registration. */
    static AliasRpcClientProperties client(Environment environment) {
        var read = new PropertyReader(environment, "alias-rpc.client.");
        return new AliasRpcClientProperties(
                read.flag("enabled", true),
                read.text("server-public-key"),
                read.text("secret"),
                read.text("secret-file"),
                read.servers("servers"),
                read.text("alias"),
                read.text("service"),
                read.text("hostname"),
                read.text("target-public-key"),
                read.time("interval", Duration.ofHours(1)),
                read.value("jitter", double.class, 0.1),
                read.time("request-timeout", Duration.ofSeconds(10)),
                read.startup(),
                read.retry(),
                read.time("stale-after", Duration.ofHours(3)));
    }

    private AliasRpcClientProperties.Startup startup() {
        return new AliasRpcClientProperties.Startup(
                value(
                        "startup.mode",
                        AliasRpcClientProperties.Startup.Mode.class,
                        AliasRpcClientProperties.Startup.Mode.ASYNC),
                time("startup.timeout", Duration.ofSeconds(30)),
                flag("startup.fail-fast", false));
    }

    private AliasRpcClientProperties.Retry retry() {
        return new AliasRpcClientProperties.Retry(
                time("retry.delay", Duration.ofSeconds(1)),
                value("retry.multiplier", double.class, 2.0),
                time("retry.max-delay", Duration.ofMinutes(5)),
                time("retry.jitter", Duration.ofMillis(250)),
                value("retry.max-retries", long.class, -1L));
    }

    private Map<String, AliasRpcClientProperties.Server> servers(String name) {
        return binder.bind(prefix + name, Bindable.mapOf(String.class, AliasRpcClientProperties.Server.class))
                .orElse(new LinkedHashMap<>());
    }

    private List<String> texts(String name) {
        return binder.bind(prefix + name, Bindable.listOf(String.class)).orElse(List.of());
    }

    private boolean flag(String name, boolean otherwise) {
        return value(name, boolean.class, otherwise);
    }

    private Duration time(String name, Duration otherwise) {
        return value(name, Duration.class, otherwise);
    }

    private <T> T value(String name, Class<T> type, T otherwise) {
        T value = value(name, type);
        return value == null ? otherwise : value;
    }

    private @Nullable String text(String name) {
        return value(name, String.class);
    }

    private <T> @Nullable T value(String name, Class<T> type) {
        ConfigurationPropertyName full = ConfigurationPropertyName.of(prefix + name);
        for (ConfigurationPropertySource source : sources) {
            if (source.getConfigurationProperty(full) != null) {
                return binder.bind(full, Bindable.of(type)).orElse(null);
            }
        }
        return null;
    }
}
