package org.aliasrpc.spring;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.aliasrpc.AliasRpcClient;

/**
 * The clients of all alias servers of this application.
 *
 * @param byName by the server's name in the configuration; at least one
 */
public record AliasRpcClients(Map<String, AliasRpcClient> byName) {
    public AliasRpcClients {
        if (byName.isEmpty()) {
            throw new IllegalArgumentException("no alias server");
        }
        byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    }

    /** The first of them. */
    public AliasRpcClient first() {
        return byName.values().iterator().next();
    }

    /** Closes all. */
    public void close() {
        byName.values().forEach(AliasRpcClient::close);
    }
}
