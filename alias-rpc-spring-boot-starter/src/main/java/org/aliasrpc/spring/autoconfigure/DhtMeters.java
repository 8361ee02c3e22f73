package org.aliasrpc.spring.autoconfigure;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import org.aliasrpc.HyperDht;
import org.aliasrpc.HyperDhtStats;

/** What the DHT node has done. */
final class DhtMeters implements MeterBinder {
    private final Current<HyperDht> dht;

    DhtMeters(Current<HyperDht> dht) {
        this.dht = dht;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        packets(registry, "in", HyperDhtStats::packetsReceived);
        packets(registry, "out", HyperDhtStats::packetsSent);
        FunctionCounter.builder("alias.rpc.dht.queries", dht, node -> count(node, HyperDhtStats::queries))
                .description("Walks through the DHT")
                .register(registry);
        Gauge.builder("alias.rpc.dht.nodes", dht, node -> count(node, HyperDhtStats::nodes))
                .description("Entries of the routing table")
                .register(registry);
        Gauge.builder("netty.eventexecutor.tasks.pending", dht, node -> count(node, HyperDhtStats::pendingTasks))
                .description("Tasks that wait for the DHT node's event loop")
                .tag(
                        "name",
                        "alias-rpc") // as Micrometer's binder for Netty has it, but alive over restarts of the context
                .register(registry);
        dht.whenMade(node -> NettyMeters.bindTo(registry));
    }

    private void packets(MeterRegistry registry, String direction, ToDoubleFunction<HyperDhtStats> value) {
        FunctionCounter.builder("alias.rpc.dht.packets", dht, node -> count(node, value))
                .description("Datagrams")
                .baseUnit("packets")
                .tag("direction", direction)
                .register(registry);
    }

    /** A node that nobody has needed so far has done nothing; meters do not make one. */
    private static double count(Current<HyperDht> node, ToDoubleFunction<HyperDhtStats> value) {
        return node.peek().map(HyperDht::stats).map(value::applyAsDouble).orElse(0.0);
    }
}
