package org.aliasrpc.spring.autoconfigure;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.aliasrpc.AliasRegistrar;
import org.aliasrpc.spring.event.AliasRpcEvent;
import org.aliasrpc.spring.event.AliasRpcEventWatcher;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent;
import org.aliasrpc.spring.event.AliasRpcServerEvent;
import org.aliasrpc.spring.registry.Refusals;
import org.jspecify.annotations.Nullable;

/** Times requests to the alias server: {@code alias.rpc.server.request}, by outcome; counts what expires. */
final class ServerMeters implements RegistrarObserver, AliasRpcEventWatcher {
    private final MeterRegistry registry;
    private final Timer unauthorised;
    private final Counter expired;

    ServerMeters(MeterRegistry registry) {
        this.registry = registry;
        this.unauthorised = request(registry, "unauthorised");
        this.expired = Counter.builder("alias.rpc.server.expired")
                .description("Aliases that were not renewed in time")
                .register(registry);
    }

    private Timer request(String outcome) {
        return request(registry, outcome);
    }

    static Timer request(MeterRegistry registry, String outcome) {
        return Timer.builder("alias.rpc.server.request")
                .description("Requests to register an alias")
                .tag("outcome", outcome)
                .register(registry);
    }

    @Override
    public AliasRegistrar observe(AliasRegistrar registrar) {
        return (registration, origin) -> {
            Timer.Sample sample = Timer.start(registry);
            CompletionStage<Boolean> result;
            try {
                result = registrar.registerAlias(registration, origin);
            } catch (RuntimeException e) {
                sample.stop(request(outcome(null, e)));
                throw e;
            }
            return result.whenComplete((updated, failure) -> sample.stop(request(outcome(updated, failure))));
        };
    }

    private static String outcome(@Nullable Boolean updated, @Nullable Throwable failure) {
        if (failure == null) {
            return Boolean.TRUE.equals(updated) ? "updated" : "success";
        }
        Throwable cause = failure.getCause();
        return Refusals.outcome(failure instanceof CompletionException && cause != null ? cause : failure);
    }

    @Override
    public void onEvent(AliasRpcEvent event) {
        if (event instanceof AliasRpcServerEvent.AliasUnauthorised) {
            unauthorised.record(Duration.ZERO); // refused before any work
        } else if (event instanceof AliasRpcRegistryEvent.AliasExpired) {
            expired.increment();
        }
    }
}
