package org.aliasrpc.spring.autoconfigure;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What Prometheus is told to scrape.
 *
 * @param enabled whether Prometheus can ask for the targets
 * @param address host:port at which Prometheus reaches the scrape proxy; by default the host that it asked, with the port
 *     of the main web server
 * @param file file that is kept for Prometheus' file_sd_configs; none by default
 * @param labels labels for every target
 */
@ConfigurationProperties("alias-rpc.server.discovery")
public record AliasRpcDiscoveryProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String address,
        @Nullable String file,
        @DefaultValue Map<String, String> labels) {}
