package org.aliasrpc.spring.autoconfigure;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.aliasrpc.spring.limits.RefusalReason;

/**
 * Counts refusals of the alias server: {@code alias.rpc.server.refused} and {@code alias.rpc.server.connections.refused}, by
 * reason. All are there from the start, so that an alert sees the first one.
 */
final class RefusalMeters implements RefusalWatcher {
    private final Map<RefusalReason, Counter> counters = new EnumMap<>(RefusalReason.class);
    private final Timer limited;

    RefusalMeters(MeterRegistry registry) {
        for (RefusalReason reason : RefusalReason.values()) {
            counters.put(
                    reason,
                    Counter.builder(
                                    reason.isOfConnections()
                                            ? "alias.rpc.server.connections.refused"
                                            : "alias.rpc.server.refused")
                            .description(
                                    reason.isOfConnections()
                                            ? "Connections that were not taken, or were closed, for a limit"
                                            : "Requests to register an alias that were refused")
                            .tag("reason", reason.tag())
                            .register(registry));
        }
        limited = ServerMeters.request(registry, "limited");
    }

    @Override
    public void accept(RefusalReason reason) {
        Counter counter = counters.get(reason);
        if (counter != null) {
            counter.increment();
        }
        switch (reason) {
            case UNAUTHORISED_RATE, PER_PEER_RATE, FRAME_SIZE, CONCURRENT_REQUESTS, WAITING_REGISTRATIONS ->
                limited.record(Duration.ZERO); // refused before any work
            default -> {} // the registrar's are timed, the others are events or not requests
        }
    }
}
