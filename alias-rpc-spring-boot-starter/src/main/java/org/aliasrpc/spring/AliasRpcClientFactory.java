package org.aliasrpc.spring;

import org.aliasrpc.AliasRpcClient;

/** Makes the client of one alias server; a bean of this type replaces how. */
@FunctionalInterface
public interface AliasRpcClientFactory {
    /**
     * @param name the server's name in the configuration
     * @param server its key and secret
     * @return a new client, closed when the application stops
     */
    AliasRpcClient create(String name, AliasRpcConnectionDetails.Server server);
}
