package org.aliasrpc.spring.autoconfigure;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * This application's metrics, served to its alias servers.
 *
 * @param enabled whether alias servers may scrape the application's Prometheus registry
 * @param allowedPublicKeys public keys that may scrape, hexadecimal or z-base-32. Defaults to the configured alias servers
 * @param maxSize longest reply; for longer ones the scraper gets an error
 * @param timeout longest time that one collection may take
 * @param include regular expressions for whole names of metric families to serve. Defaults to all
 * @param exclude regular expressions for whole names of metric families not to serve
 */
@ConfigurationProperties("alias-rpc.metrics")
public record AliasRpcMetricsProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue List<String> allowedPublicKeys,
        @DefaultValue("8MB") DataSize maxSize,
        @DefaultValue("5s") Duration timeout,
        @DefaultValue List<String> include,
        @DefaultValue List<String> exclude) {}
