package org.aliasrpc.spring.autoconfigure;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Instant;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.HyperDht;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.aliasrpc.spring.registration.RegistrationStatus;
import org.jspecify.annotations.Nullable;

/** Gauges and counters of the registering side. */
final class ClientMeters implements MeterBinder {
    private final AliasRegistrations registrations;
    private final @Nullable HyperDht dht;
    private final @Nullable AliasRpcServer server;

    /**
     * @param dht whose connections are counted; null if the application brings clients of its own
     * @param server whose connections are not the clients'; null if there is none
     */
    ClientMeters(AliasRegistrations registrations, @Nullable HyperDht dht, @Nullable AliasRpcServer server) {
        this.registrations = registrations;
        this.dht = dht;
        this.server = server;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (int i = 0; i < registrations.status().size(); i++) {
            int index = i;
            String name = registrations.status().get(i).server();
            Gauge.builder(
                            "alias.rpc.client.last.success",
                            registrations,
                            all -> lastSuccess(all.status().get(index)))
                    .description("When the alias was registered last, since 1970; 0 before the first time")
                    .baseUnit("seconds")
                    .tag("server", name)
                    .register(registry);
            FunctionCounter.builder("alias.rpc.client.retries", registrations, all ->
                            (double) all.status().get(index).retries())
                    .description("Attempts that followed a failed one")
                    .tag("server", name)
                    .register(registry);
        }
        if (dht != null) {
            Gauge.builder("alias.rpc.client.connections.active", dht, this::connections)
                    .description("Open connections to alias servers")
                    .baseUnit(BaseUnits.CONNECTIONS)
                    .register(registry);
        }
    }

    private double connections(HyperDht node) {
        int accepted = server == null ? 0 : server.connectionCount();
        return Math.max(0, node.stats().connections() - accepted);
    }

    private static double lastSuccess(RegistrationStatus status) {
        Instant at = status.lastSuccess();
        return at == null ? 0 : (double) at.getEpochSecond();
    }
}
