package org.aliasrpc.spring.registry;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent.AliasExpired;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent.AliasRemoved;
import org.aliasrpc.spring.registry.AliasStore.Snapshot;
import org.aliasrpc.spring.registry.AliasStore.Step;
import org.aliasrpc.spring.registry.RegistrationRules.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * The table of an alias server: the rules, over any store. A registration is answered when the store has made it durable; if
 * it cannot, the client is told to come back, and nothing has changed.
 */
public final class StoredAliasRegistry implements AliasRegistry, AutoCloseable {
    /** How long a change by hand waits for its store. */
    private static final long REMOVE_SECONDS = 10;

    private static final String UNAVAILABLE = "temporarily unavailable, try again later: ";

    private final AliasStore store;
    private final RegistrationRules rules;
    private final Consumer<AliasRpcRegistryEvent> events;

    /**
     * @param store keeps the table; closed with this
     * @param limits what the table takes
     * @param events told of what happens, in order for each alias: must not block
     */
    public StoredAliasRegistry(AliasStore store, RegistryLimits limits, Consumer<AliasRpcRegistryEvent> events) {
        this.store = store;
        this.rules = new RegistrationRules(limits);
        this.events = events;
    }

    /** Loads the table. Until then registrations are refused. */
    public void start() {
        store.start();
    }

    @Override
    public CompletionStage<Boolean> registerAlias(AliasRegistration registration, Origin origin) {
        Optional<String> violation = rules.violation(registration);
        if (violation.isPresent()) {
            return CompletableFuture.failedStage(Refusals.INVALID.because(violation.get()));
        }
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        store.<Verdict>change(
                        registration.alias(),
                        (before, now, live) -> rules.judge(registration, origin, before, now, live))
                .whenComplete((verdict, failure) -> {
                    if (failure != null) {
                        answer.completeExceptionally(refusal(unwrapped(failure)));
                    } else if (verdict instanceof Verdict.Refused refused) {
                        publish(refused.event());
                        answer.completeExceptionally(refused.kind().because(refused.reason()));
                    } else if (verdict instanceof Verdict.Accepted accepted) {
                        publish(accepted.ended() == null ? null : expired(accepted.ended()));
                        answer.complete(accepted.updated());
                    }
                });
        return answer;
    }

    private static Throwable refusal(Throwable failure) {
        return failure instanceof RegistryUnavailableException away
                ? Refusals.UNAVAILABLE.because(UNAVAILABLE + away.getMessage())
                : failure;
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    private void publish(@Nullable AliasRpcRegistryEvent event) {
        if (event != null) {
            events.accept(event);
        }
    }

    /** As of the deadline: the tick, or the registration, that noticed it may be a second later. */
    private static AliasExpired expired(AliasEntry entry) {
        return new AliasExpired(
                entry.uid(), entry.expiresAt(), entry.alias(), entry.targetPublicKey(), entry.ownerPublicKey());
    }

    @Override
    public Optional<AliasEntry> find(String alias) {
        return shown(store.find(alias)).stream().findFirst();
    }

    @Override
    public List<AliasEntry> entries() {
        return shown(store.all());
    }

    private List<AliasEntry> shown(Snapshot snapshot) {
        return snapshot.aliases().stream()
                .map(StoredAlias::entry)
                .filter(entry -> !rules.isGone(entry, snapshot.now()))
                .toList();
    }

    @Override
    public boolean isCounted() {
        return store.isCounted();
    }

    /** Those that are not over, as far as is known at the moment. */
    @Override
    public int size() {
        return store.size();
    }

    @Override
    public int nearExpiry() {
        return store.nearExpiry();
    }

    @Override
    public boolean isLoaded() {
        return store.isLoaded();
    }

    @Override
    public boolean remove(String alias) {
        Optional<AliasRemoved> removed = await(store.change(alias, (before, now, live) -> {
            if (before == null) {
                return new Step<>(null, Optional.empty());
            }
            AliasEntry entry = before.entry();
            return new Step<>(
                    null,
                    Optional.of(new AliasRemoved(
                            entry.uid(), now, alias, entry.targetPublicKey(), entry.ownerPublicKey())));
        }));
        removed.ifPresent(events);
        return removed.isPresent();
    }

    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(REMOVE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new RegistryUnavailableException("the table did not answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryUnavailableException("interrupted", e);
        }
    }

    @Override
    public void expire() {
        if (store.isLoaded()) {
            for (AliasEntry entry : store.expire()) {
                events.accept(expired(entry));
            }
        }
    }

    @Override
    public String store() {
        return store.name();
    }

    @Override
    public StoreStatus status() {
        return store.status();
    }

    @Override
    public void close() {
        store.close();
    }
}
