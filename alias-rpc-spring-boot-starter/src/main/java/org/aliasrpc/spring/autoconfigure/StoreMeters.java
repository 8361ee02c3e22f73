package org.aliasrpc.spring.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.aliasrpc.spring.registry.StoreListener;

/** Times operations on files and databases: {@code alias.rpc.server.store.operation}, by operation and outcome. */
final class StoreMeters implements StoreListener {
    private final MeterRegistry registry;

    StoreMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void onOperation(String operation, String outcome, Duration duration) {
        Timer.builder("alias.rpc.server.store.operation")
                .description("Operations on the file or the database that holds the aliases")
                .tag("operation", operation)
                .tag("outcome", outcome)
                .register(registry)
                .record(duration);
    }
}
