package org.aliasrpc.spring.autoconfigure;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import org.aliasrpc.HyperDht;

/** What the DHT node has done. */
final class DhtMeters implements MeterBinder {
    private final HyperDht dht;

    DhtMeters(HyperDht dht) {
        this.dht = dht;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        packets(registry, "in", node -> (double) node.stats().packetsReceived());
        packets(registry, "out", node -> (double) node.stats().packetsSent());
        FunctionCounter.builder("alias.rpc.dht.queries", dht, node ->
                        (double) node.stats().queries())
                .description("Walks through the DHT")
                .register(registry);
        Gauge.builder("alias.rpc.dht.nodes", dht, node -> node.stats().nodes())
                .description("Entries of the routing table")
                .register(registry);
    }

    private void packets(MeterRegistry registry, String direction, ToDoubleFunction<HyperDht> count) {
        FunctionCounter.builder("alias.rpc.dht.packets", dht, count)
                .description("Datagrams")
                .baseUnit("packets")
                .tag("direction", direction)
                .register(registry);
    }
}
