package org.aliasrpc.spring.registration;

import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.AliasRpcClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one {@link RegistrationLoop} for each server on a thread of its own, which exists from start to stop. Servers do
 * not wait for each other.
 */
public final class ScheduledRegistrations implements AliasRegistrations {
    /** More than enough: nothing on that thread blocks. */
    private static final Duration STOP = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(AliasRegistrations.class);

    private final Map<String, AliasRpcClient> clients;
    private final Supplier<AliasRegistration> registration;
    private final Function<RegistrationTarget, ServerRegistration> maker;
    private final CompletableFuture<Void> registered = new CompletableFuture<>();

    private final AtomicReference<@Nullable List<ServerRegistration>> servers = new AtomicReference<>();

    private @Nullable ScheduledThreadPoolExecutor executor;

    /**
     * @param clients by the server's name in the configuration
     * @param registration what to register; asked once, when it is needed
     * @param timing when
     * @param clock for the times in {@link RegistrationStatus}
     * @param random for the jitter
     * @param observers watch every attempt
     */
    public ScheduledRegistrations(
            Map<String, AliasRpcClient> clients,
            Supplier<AliasRegistration> registration,
            RegistrationTiming timing,
            Clock clock,
            RandomGenerator random,
            List<RegistrationObserver> observers) {
        this.clients = Collections.unmodifiableMap(new LinkedHashMap<>(clients));
        this.registration = registration;
        this.maker =
                target -> new ServerRegistration(target, () -> new RegistrationLoop(timing, random), clock, observers);
    }

    @Override
    public List<String> servers() {
        return List.copyOf(clients.keySet());
    }

    private List<ServerRegistration> registrations() {
        List<ServerRegistration> known = servers.get();
        return known == null ? make() : known;
    }

    /** Whoever comes first makes them; without a lock, because what to register may come from a container that has its own. */
    private List<ServerRegistration> make() {
        AliasRegistration what = registration.get();
        List<ServerRegistration> made = clients.entrySet().stream()
                .map(client -> maker.apply(new RegistrationTarget(client.getKey(), client.getValue(), what)))
                .toList();
        List<ServerRegistration> other = servers.compareAndExchange(null, made);
        if (other != null) {
            return other;
        }
        CompletionStage<Void> all = CompletableFuture.allOf(
                made.stream().map(ServerRegistration::registered).toArray(CompletableFuture<?>[]::new));
        all.thenRun(() -> registered.complete(null));
        return made;
    }

    @Override
    public synchronized void start() {
        if (executor != null) {
            return;
        }
        var fresh = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "alias-rpc-registration");
            thread.setDaemon(true); // whether the process stays alive is the application's choice
            return thread;
        });
        fresh.setRemoveOnCancelPolicy(true);
        executor = fresh;
        fresh.execute(() -> begin(fresh));
    }

    private void begin(ScheduledThreadPoolExecutor owner) {
        try {
            registrations().forEach(server -> server.start(owner));
        } catch (RuntimeException | Error e) {
            LOG.error("Nothing can be registered", e);
            registered.completeExceptionally(e);
        }
    }

    @Override
    public synchronized void stop() {
        ScheduledThreadPoolExecutor running = executor;
        if (running == null) {
            return;
        }
        executor = null;
        running.execute(() -> registrations().forEach(ServerRegistration::stop));
        running.shutdown(); // ends when these have cancelled their timers
        try {
            // A later start has a thread of its own, which must not meet this one.
            if (!running.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                running.shutdownNow();
            }
        } catch (InterruptedException e) {
            running.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public List<RegistrationStatus> status() {
        return registrations().stream().map(ServerRegistration::status).toList();
    }

    @Override
    public synchronized void registerNow() {
        ScheduledThreadPoolExecutor running = executor;
        if (running != null) {
            running.execute(() -> registrations().forEach(ServerRegistration::registerNow));
        }
    }

    @Override
    public synchronized void connectionLost(String server) {
        ScheduledThreadPoolExecutor running = executor;
        if (running != null) {
            running.execute(() -> registrations().stream()
                    .filter(candidate -> candidate.name().equals(server))
                    .forEach(ServerRegistration::connectionLost));
        }
    }

    @Override
    public CompletionStage<Void> registeredAsync() {
        return registered.minimalCompletionStage();
    }
}
