package org.aliasrpc.spring.registry;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent.AliasConflict;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent.AliasExpired;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent.AliasRemoved;

/** A table in memory. An alias leaves it when it was not renewed in time; a restart forgets everything. */
public final class InMemoryAliasRegistry implements AliasRegistry {
    /** Longest hostname or service: they are labels, and a table of the largest size must fit in memory. */
    private static final int MAX_LABEL_LENGTH = 255;

    private final RegistryLimits limits;
    private final Clock clock;
    private final Consumer<AliasRpcRegistryEvent> events;

    /** In the order in which they expire: a renewal moves an entry to the end. */
    private final Map<String, AliasEntry> entries = new LinkedHashMap<>();

    /**
     * @param limits what it takes
     * @param clock for the times in entries and for expiry
     * @param events told of what happens, while the table is locked: must not block
     */
    public InMemoryAliasRegistry(RegistryLimits limits, Clock clock, Consumer<AliasRpcRegistryEvent> events) {
        this.limits = limits;
        this.clock = clock;
        this.events = events;
    }

    @Override
    public synchronized CompletionStage<Boolean> registerAlias(AliasRegistration registration, Origin origin) {
        try {
            return CompletableFuture.completedStage(put(registration, origin));
        } catch (Refusal refusal) {
            return CompletableFuture.failedStage(refusal);
        }
    }

    private boolean put(AliasRegistration registration, Origin origin) {
        Instant now = clock.instant();
        expire(now);
        check(registration);
        String alias = registration.alias();
        AliasEntry before = entries.get(alias);
        boolean updated = before == null || !before.targetPublicKey().equals(registration.targetPublicKey());
        if (before == null && entries.size() >= limits.maxAliases()) {
            throw Refusals.LIMITED.because("this service holds " + limits.maxAliases() + " aliases and takes no more");
        }
        if (before != null && updated && !mayMove(before, origin)) {
            events.accept(new AliasConflict(
                    origin.uid(),
                    now,
                    alias,
                    before.targetPublicKey(),
                    origin.remotePublicKey(),
                    registration.targetPublicKey()));
            throw Refusals.CONFLICT.because("this alias belongs to another key");
        }
        entries.remove(alias);
        entries.put(
                alias,
                new AliasEntry(
                        alias,
                        registration.targetPublicKey(),
                        registration.hostname(),
                        registration.service(),
                        before == null || updated ? now : before.firstSeen(),
                        now,
                        now.plus(limits.expiry()),
                        origin.remotePublicKey(),
                        origin.uid()));
        return updated;
    }

    private void check(AliasRegistration registration) {
        AliasRules.violation(registration.alias(), limits.maxAliasLength()).ifPresent(reason -> {
            throw Refusals.INVALID.because(reason);
        });
        if (registration.hostname().length() > MAX_LABEL_LENGTH
                || registration.service().length() > MAX_LABEL_LENGTH) {
            throw Refusals.INVALID.because("hostname and service have at most " + MAX_LABEL_LENGTH + " characters");
        }
    }

    private boolean mayMove(AliasEntry entry, Origin origin) {
        return switch (limits.conflictPolicy()) {
            case REPLACE -> true;
            case SAME_KEY -> entry.ownerPublicKey().equals(origin.remotePublicKey());
            case REJECT -> false;
        };
    }

    @Override
    public synchronized Optional<AliasEntry> find(String alias) {
        expire(clock.instant());
        return Optional.ofNullable(entries.get(alias));
    }

    @Override
    public synchronized List<AliasEntry> entries() {
        expire(clock.instant());
        return new ArrayList<>(entries.values());
    }

    @Override
    public synchronized int size() {
        return entries.size();
    }

    @Override
    public synchronized boolean remove(String alias) {
        Instant now = clock.instant();
        expire(now);
        AliasEntry entry = entries.remove(alias);
        if (entry != null) {
            events.accept(new AliasRemoved(entry.uid(), now, alias, entry.targetPublicKey(), entry.ownerPublicKey()));
        }
        return entry != null;
    }

    @Override
    public synchronized void expire() {
        expire(clock.instant());
    }

    private void expire(Instant now) {
        Iterator<AliasEntry> oldestFirst = entries.values().iterator();
        while (oldestFirst.hasNext()) {
            AliasEntry entry = oldestFirst.next();
            if (entry.expiresAt().isAfter(now)) {
                return;
            }
            oldestFirst.remove();
            events.accept(
                    new AliasExpired(entry.uid(), now, entry.alias(), entry.targetPublicKey(), entry.ownerPublicKey()));
        }
    }

    @Override
    public String store() {
        return "memory";
    }
}
