package org.aliasrpc.spring.autoconfigure;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToIntFunction;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.jspecify.annotations.Nullable;

/**
 * How full the alias server is. Of a table that is not available nothing is told, which is NaN: the last count would look
 * like a fact on a dashboard and to an alarm, and zero like a table without aliases.
 */
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
            Gauge.builder("alias.rpc.server.aliases", aliases, table -> counted(table, AliasRegistry::size))
                    .description("Aliases in the table")
                    .register(registry);
            Gauge.builder(
                            "alias.rpc.server.aliases.near.expiry",
                            aliases,
                            table -> counted(table, AliasRegistry::nearExpiry))
                    .description("Aliases that were not renewed for two thirds of their time")
                    .register(registry);
        }
    }

    private static double counted(AliasRegistry table, ToIntFunction<AliasRegistry> count) {
        return table.isCounted() ? count.applyAsInt(table) : Double.NaN;
    }
}
