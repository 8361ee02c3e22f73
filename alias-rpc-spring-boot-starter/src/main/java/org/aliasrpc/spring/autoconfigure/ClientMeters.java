package org.aliasrpc.spring.autoconfigure;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Instant;
import java.util.List;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.HyperDht;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.aliasrpc.spring.registration.RegistrationStatus;
import org.jspecify.annotations.Nullable;

/** Gauges and counters of the registering side. */
final class ClientMeters implements MeterBinder {
    private final AliasRegistrations registrations;
    private final Current<HyperDht> dht;
    private final @Nullable AliasRpcServer server;

    /**
     * @param dht whose connections are counted
     * @param server whose connections are not the clients'; null if there is none
     */
    ClientMeters(AliasRegistrations registrations, Current<HyperDht> dht, @Nullable AliasRpcServer server) {
        this.registrations = registrations;
        this.dht = dht;
        this.server = server;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        List<String> servers = registrations.servers();
        for (int i = 0; i < servers.size(); i++) {
            int index = i;
            String name = servers.get(i);
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
        Gauge.builder("alias.rpc.client.connections.active", dht, this::connections)
                .description("Open connections to alias servers")
                .baseUnit(BaseUnits.CONNECTIONS)
                .register(registry);
    }

    private double connections(Current<HyperDht> node) {
        int accepted = server == null ? 0 : server.connectionCount();
        return node.peek()
                .map(open -> Math.max(0, open.stats().connections() - accepted))
                .orElse(0);
    }

    private static double lastSuccess(RegistrationStatus status) {
        Instant at = status.lastSuccess();
        return at == null ? 0 : (double) at.getEpochSecond();
    }
}
