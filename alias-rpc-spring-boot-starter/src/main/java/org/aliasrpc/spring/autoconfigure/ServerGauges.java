package org.aliasrpc.spring.autoconfigure;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.jspecify.annotations.Nullable;

/** How full the alias server is. */
final class ServerGauges implements MeterBinder {
    private final AliasRpcServer server;
    private final @Nullable AliasRegistry aliases;

    ServerGauges(AliasRpcServer server, @Nullable AliasRegistry aliases) {
        this.server = server;
        this.aliases = aliases;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("alias.rpc.server.connections.active", server, AliasRpcServer::connectionCount)
                .description("Open connections of clients")
                .baseUnit(BaseUnits.CONNECTIONS)
                .register(registry);
        if (aliases != null) {
            Gauge.builder("alias.rpc.server.aliases", aliases, AliasRegistry::size)
                    .description("Aliases in the table")
                    .register(registry);
            Gauge.builder("alias.rpc.server.aliases.near.expiry", aliases, AliasRegistry::nearExpiry)
                    .description("Aliases that were not renewed for two thirds of their time")
                    .register(registry);
        }
    }
}
