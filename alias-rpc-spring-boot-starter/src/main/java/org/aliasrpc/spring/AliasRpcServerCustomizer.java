package org.aliasrpc.spring;

import org.aliasrpc.AliasRpcServer;

/**
 * Changes the alias server before it is made. Several are applied in their {@code @Order}. A listener that is set
 * here takes the place of the one that publishes events, which logs, meters and audits live on too.
 */
@FunctionalInterface
public interface AliasRpcServerCustomizer {
    /**
     * @param server filled from the properties
     */
    void customize(AliasRpcServer.Builder server);
}
