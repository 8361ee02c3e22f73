package org.aliasrpc.spring.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Page that shows who is registered and how the scrapes go.
 *
 * @param enabled whether the alias server has it
 * @param path where it is
 */
@ConfigurationProperties("alias-rpc.server.status-page")
public record AliasRpcStatusPageProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("/alias-rpc") String path) {}
