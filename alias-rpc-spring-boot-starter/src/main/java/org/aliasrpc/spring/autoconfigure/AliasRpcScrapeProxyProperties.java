package org.aliasrpc.spring.autoconfigure;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * HTTP requests for the metrics of a target.
 *
 * @param enabled whether the alias server answers them
 * @param path where, with a variable alias
 * @param timeout time that a scrape may take if the request does not say
 * @param maxSize longest metrics of a target, uncompressed
 */
@ConfigurationProperties("alias-rpc.server.scrape-proxy")
public record AliasRpcScrapeProxyProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("/scrape/{alias}/metrics") String path,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue("16MB") DataSize maxSize) {}
