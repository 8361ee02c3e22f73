package org.aliasrpc.spring.registration;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.aliasrpc.spring.registration.RegistrationStatus.State;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Does what a {@link RegistrationLoop} decides, with one server. Confined to the executor's thread but for
 * {@link #status} and {@link #registered}.
 */
final class ServerRegistration {
    /**
     * How long a timer runs at most before it looks at the clock: timers rest while the machine is suspended, and the server
     * does not.
     */
    static final Duration LOOK_AT_CLOCK = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(AliasRegistrations.class);

    private final RegistrationTarget target;
    private final Supplier<RegistrationLoop> loops;
    private final Clock clock;
    private final List<RegistrationObserver> observers;
    private final CompletableFuture<Void> registered = new CompletableFuture<>();
    private final long epoch = System.nanoTime();

    /** Of the present start: an attempt that outlives a stop belongs to the loop before. */
    private RegistrationLoop loop;

    private State state = State.PENDING;
    private long attempts;
    private long successes;
    private long retries;
    private @Nullable Instant lastAttempt;
    private @Nullable Instant lastSuccess;
    private @Nullable String lastError;
    private @Nullable Instant nextAttempt;
    private long nextAttemptNanos = RegistrationLoop.NEVER;
    private boolean observerFailed;

    /** The fields above, for other threads. */
    private volatile RegistrationStatus status;

    private @Nullable ScheduledExecutorService executor;
    private @Nullable Future<?> timer;

    ServerRegistration(
            RegistrationTarget target,
            Supplier<RegistrationLoop> loops,
            Clock clock,
            List<RegistrationObserver> observers) {
        this.target = target;
        this.loops = loops;
        this.loop = loops.get();
        this.clock = clock;
        this.observers = observers;
        this.status = snapshot();
    }

    private RegistrationStatus snapshot() {
        return new RegistrationStatus(
                target.server(),
                target.client().serverPublicKey(),
                target.registration(),
                state,
                attempts,
                successes,
                retries,
                lastAttempt,
                lastSuccess,
                lastError,
                nextAttempt);
    }

    String name() {
        return target.server();
    }

    RegistrationStatus status() {
        return status;
    }

    /** Completes with the first success. */
    CompletableFuture<Void> registered() {
        return registered;
    }

    void start(ScheduledExecutorService owner) {
        executor = owner;
        loop = loops.get();
        loop.start();
        proceed();
    }

    void stop() {
        loop.stop();
        proceed();
        executor = null;
    }

    void registerNow() {
        loop.registerNow();
        proceed();
    }

    void connectionLost() {
        LOG.debug("Connection to alias server {} lost", name());
        loop.onConnectionLost(now());
        proceed();
    }

    private long now() {
        return System.nanoTime() - epoch;
    }

    /** Does what is due, and arms the timer for the rest. */
    private void proceed() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        if (loop.pollAttempt()) {
            attempt();
        }
        long timeout = executor == null ? RegistrationLoop.NEVER : loop.nextTimeout();
        if (timeout == RegistrationLoop.NEVER || executor == null) {
            nextAttempt = null;
        } else {
            long delay = Math.max(0, timeout - now());
            timer = executor.schedule(this::onTimeout, Math.min(delay, LOOK_AT_CLOCK.toNanos()), TimeUnit.NANOSECONDS);
            if (timeout != nextAttemptNanos) {
                nextAttempt = clock.instant().plus(Duration.ofNanos(delay));
            }
        }
        nextAttemptNanos = timeout;
        status = snapshot();
    }

    private void onTimeout() {
        boolean overslept = nextAttempt != null && !clock.instant().isBefore(nextAttempt);
        loop.onTimeout(overslept ? nextAttemptNanos : now());
        proceed();
    }

    private void attempt() {
        attempts++;
        retries += state == State.FAILING ? 1 : 0;
        lastAttempt = clock.instant();
        List<RegistrationObserver.Attempt> observed = new ArrayList<>();
        observers.forEach(observer -> tell(() -> observed.add(observer.onAttempt(target))));
        ScheduledExecutorService owner = executor;
        CompletionStage<Boolean> result;
        try {
            result = target.client().registerAliasAsync(target.registration());
        } catch (RuntimeException | Error e) { // an Error too, such as a missing library: what nobody sees nobody mends
            result = CompletableFuture.failedStage(e);
        }
        result.whenComplete((updated, failure) -> {
            Throwable cause = cause(failure);
            try {
                if (owner != null) {
                    owner.execute(() -> end(Boolean.TRUE.equals(updated), cause, observed));
                }
            } catch (RejectedExecutionException e) {
                LOG.debug("An attempt to register with alias server {} ended after the stop", name());
            }
        });
    }

    /** An observer may run the application's code: what that throws must not be the end of the registration. */
    private void tell(Runnable observer) {
        try {
            observer.run();
        } catch (RuntimeException | Error e) {
            LOG.atLevel(observerFailed ? Level.DEBUG : Level.WARN)
                    .setCause(e)
                    .log("An observer of registrations with alias server {} failed", name());
            observerFailed = true;
        }
    }

    private static @Nullable Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private void end(boolean updated, @Nullable Throwable failure, List<RegistrationObserver.Attempt> observed) {
        observed.forEach(attempt -> tell(() -> attempt.onEnd(updated, failure)));
        State before = state;
        if (failure == null) {
            loop.onSuccess(now());
            state = State.REGISTERED;
            successes++;
            lastSuccess = clock.instant();
            lastError = null;
        } else {
            loop.onFailure(now());
            state = State.FAILING;
            lastError = ErrorKind.of(failure);
        }
        logChange(before, updated, failure);
        proceed();
        if (failure == null) {
            registered.complete(null);
        }
    }

    /** Only changes reach the log; everything else is in the counters. */
    private void logChange(State before, boolean updated, @Nullable Throwable failure) {
        State after = state;
        if (failure == null && before != after) {
            LOG.info(
                    "Registered alias {} for key {} with alias server {} ({}), updated: {}",
                    target.registration().alias(),
                    target.registration().targetPublicKey(),
                    name(),
                    target.client().serverPublicKey(),
                    updated);
        } else if (failure != null && before != after) {
            LOG.warn(
                    "Could not register alias {} with alias server {} ({}), will keep trying: {}",
                    target.registration().alias(),
                    name(),
                    target.client().serverPublicKey(),
                    Printable.of(ErrorKind.of(failure) + ": " + failure.getMessage()));
        } else {
            LOG.debug("Registration with alias server {}: {}", name(), after);
        }
    }
}
