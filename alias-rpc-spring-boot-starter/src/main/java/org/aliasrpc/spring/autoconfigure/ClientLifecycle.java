package org.aliasrpc.spring.autoconfigure;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.aliasrpc.spring.AliasRpcClients;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Ends the registration when the context stops or pauses, and begins it anew when it starts again. The first beginning is
 * the runner's, when the application is ready.
 */
final class ClientLifecycle implements SmartLifecycle {
    private final AliasRegistrations registrations;
    private final AliasRpcClients clients;
    private final @Nullable MetricsListening metrics;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private boolean begun;
    private volatile boolean running;

    /**
     * @param metrics listen before the first attempt, if any are served
     */
    ClientLifecycle(AliasRegistrations registrations, AliasRpcClients clients, @Nullable MetricsListening metrics) {
        this.registrations = registrations;
        this.clients = clients;
        this.metrics = metrics;
    }

    /** The application has started. */
    synchronized void begin() {
        begun = true;
        register();
    }

    /** Completes with the first stop: whoever waits for a registration then need not wait any more. */
    CompletionStage<Void> stopped() {
        return stopped;
    }

    private void register() {
        if (metrics == null) {
            registerIfRunning();
        } else {
            metrics.whenAnnounced(this::registerIfRunning);
        }
    }

    /** The context may have been stopped meanwhile, even before the runner ran: by another runner, for instance. */
    private synchronized void registerIfRunning() {
        if (running) {
            registrations.start();
        }
    }

    @Override
    public synchronized void start() {
        ours().forEach(LazyClient::start);
        running = true;
        if (begun) {
            register();
        }
    }

    @Override
    public synchronized void stop() {
        running = false;
        stopped.complete(null);
        registrations.stop();
        ours().forEach(LazyClient::stop); // clients of the application are the application's to close
    }

    private Stream<LazyClient> ours() {
        return clients.byName().values().stream()
                .filter(LazyClient.class::isInstance)
                .map(LazyClient.class::cast);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Phases.CLIENT;
    }
}
