package org.aliasrpc.spring.registration;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Drives one {@link RegistrationLoop} for each server on a thread of its own, which exists from start to stop. Servers do
 * not wait for each other.
 */
public final class ScheduledRegistrations implements AliasRegistrations {
    /** More than enough: nothing on that thread blocks. */
    private static final Duration STOP = Duration.ofSeconds(1);

    private final List<ServerRegistration> servers;
    private final CompletableFuture<Void> registered;

    private @Nullable ScheduledThreadPoolExecutor executor;

    /**
     * @param targets what to register, and where
     * @param timing when
     * @param clock for the times in {@link RegistrationStatus}
     * @param random for the jitter
     * @param observers watch every attempt
     */
    public ScheduledRegistrations(
            List<RegistrationTarget> targets,
            RegistrationTiming timing,
            Clock clock,
            RandomGenerator random,
            List<RegistrationObserver> observers) {
        this.servers = targets.stream()
                .map(target ->
                        new ServerRegistration(target, () -> new RegistrationLoop(timing, random), clock, observers))
                .toList();
        this.registered = CompletableFuture.allOf(
                servers.stream().map(ServerRegistration::registered).toArray(CompletableFuture<?>[]::new));
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
        servers.forEach(server -> fresh.execute(() -> server.start(fresh)));
    }

    @Override
    public synchronized void stop() {
        ScheduledThreadPoolExecutor running = executor;
        if (running == null) {
            return;
        }
        executor = null;
        servers.forEach(server -> running.execute(server::stop));
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
        return servers.stream().map(ServerRegistration::status).toList();
    }

    @Override
    public synchronized void registerNow() {
        ScheduledThreadPoolExecutor running = executor;
        if (running != null) {
            servers.forEach(server -> running.execute(server::registerNow));
        }
    }

    @Override
    public synchronized void connectionLost(String server) {
        ScheduledThreadPoolExecutor running = executor;
        if (running != null) {
            servers.stream()
                    .filter(candidate -> candidate.name().equals(server))
                    .forEach(candidate -> running.execute(candidate::connectionLost));
        }
    }

    @Override
    public CompletionStage<Void> registeredAsync() {
        return registered.minimalCompletionStage();
    }
}
