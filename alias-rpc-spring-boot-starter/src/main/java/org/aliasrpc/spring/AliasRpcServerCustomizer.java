package org.aliasrpc.spring;

import org.aliasrpc.AliasRpcServer;

/** Changes the alias server before it is made. Several are applied in their {@code @Order}. */
@FunctionalInterface
public interface AliasRpcServerCustomizer {
    /**
     * @param server filled from the properties
     */
    void customize(AliasRpcServer.Builder server);
}
