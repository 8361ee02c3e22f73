package org.aliasrpc.spring.autoconfigure;

import java.time.Duration;
import java.util.List;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.HyperDhtOptions;
import org.aliasrpc.spring.AliasRpcConnectionDetails;
import org.jspecify.annotations.Nullable;

/** The DHT node's options, as the properties say. */
final class DhtOptions {
    private DhtOptions() {}

    /** Refuses what no node could be made with. */
    static void check(AliasRpcDhtProperties properties) {
        Checks.between("alias-rpc.dht.port", properties.port(), 0, 65535);
        Checks.atLeast("alias-rpc.dht.connection-keep-alive", properties.connectionKeepAlive(), Duration.ZERO);
        Checks.bootstrap(properties.bootstrap());
    }

    /**
     * @param properties as set, checked
     * @param details whose bootstrap nodes win over those of the properties, if there are any
     */
    static HyperDhtOptions.Builder from(AliasRpcDhtProperties properties, @Nullable AliasRpcConnectionDetails details) {
        List<BootstrapNode> given = details == null ? List.of() : details.bootstrap();
        return HyperDhtOptions.builder()
                .bootstrap(given.isEmpty() ? Checks.bootstrap(properties.bootstrap()) : given)
                .host(properties.host())
                .port(properties.port())
                .transport(properties.transport())
                .connectionKeepAlive(properties.connectionKeepAlive());
    }
}
