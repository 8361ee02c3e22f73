package org.aliasrpc.spring;

import org.aliasrpc.AliasRpcClient;

/**
 * Changes each client before it is made. Several are applied in their {@code @Order}. A listener that is set
 * here takes the place of the one that publishes events and answers a lost connection with an attempt.
 */
@FunctionalInterface
public interface AliasRpcClientCustomizer {
    /**
     * @param server the server's name in the configuration
     * @param client filled from the properties
     */
    void customize(String server, AliasRpcClient.Builder client);
}
