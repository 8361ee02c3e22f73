package org.aliasrpc.spring.testing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.registry.AliasEntry;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.aliasrpc.spring.registry.RegistryUnavailableException;

/** A table that holds what it is told, without rules, and can be away. */
public final class FakeRegistry implements AliasRegistry {
    public volatile boolean away;
    private final Map<String, AliasEntry> entries = new LinkedHashMap<>();

    public synchronized FakeRegistry with(String alias, PublicKey target, String hostname, String service) {
        entries.put(
                alias,
                new AliasEntry(
                        alias,
                        target,
                        hostname,
                        service,
                        Instant.EPOCH,
                        Instant.EPOCH,
                        Instant.MAX,
                        target,
                        new UUID(0, 0)));
        return this;
    }

    public synchronized void clear() {
        entries.clear();
    }

    @Override
    public CompletionStage<Boolean> registerAlias(AliasRegistration registration, Origin origin) {
        with(registration.alias(), registration.targetPublicKey(), registration.hostname(), registration.service());
        return CompletableFuture.completedStage(true);
    }

    @Override
    public synchronized Optional<AliasEntry> find(String alias) {
        requireThere();
        return Optional.ofNullable(entries.get(alias));
    }

    @Override
    public synchronized List<AliasEntry> entries() {
        requireThere();
        return new ArrayList<>(entries.values());
    }

    @Override
    public synchronized boolean remove(String alias) {
        requireThere();
        return entries.remove(alias) != null;
    }

    private void requireThere() {
        if (away) {
            throw new RegistryUnavailableException("the table is away");
        }
    }

    @Override
    public boolean isLoaded() {
        return !away;
    }

    @Override
    public void expire() {}

    @Override
    public String store() {
        return "fake";
    }
}
