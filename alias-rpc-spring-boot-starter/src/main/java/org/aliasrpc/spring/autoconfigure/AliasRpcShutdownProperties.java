package org.aliasrpc.spring.autoconfigure;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What happens at the end of the application.
 *
 * @param linger how long the metrics stay scrapable when the application stops, for a last scrape; must stay below
 *     spring.lifecycle.timeout-per-shutdown-phase
 */
@ConfigurationProperties("alias-rpc.client.shutdown")
public record AliasRpcShutdownProperties(@DefaultValue("0s") Duration linger) {}
