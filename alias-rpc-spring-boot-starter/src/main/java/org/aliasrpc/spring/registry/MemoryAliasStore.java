package org.aliasrpc.spring.registry;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Keeps a table in memory: a restart forgets everything. */
public final class MemoryAliasStore implements AliasStore {
    private final Clock clock;
    private final Duration grace;
    private final AliasTable table;

    /**
     * @param limits of the table
     * @param clock the store's
     */
    public MemoryAliasStore(RegistryLimits limits, Clock clock) {
        this.clock = clock;
        this.grace = limits.grace();
        this.table = new AliasTable(limits.grace());
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public void start() {}

    @Override
    public boolean isLoaded() {
        return true;
    }

    @Override
    public synchronized <T> CompletionStage<T> change(String alias, Change<T> change) {
        TableDraft draft = new TableDraft(table);
        T result = draft.apply(alias, clock.instant(), change);
        draft.commit();
        return CompletableFuture.completedStage(result);
    }

    @Override
    public synchronized Snapshot find(String alias) {
        StoredAlias stored = table.get(alias);
        return new Snapshot(clock.instant(), stored == null ? List.of() : List.of(stored));
    }

    @Override
    public synchronized Snapshot all() {
        return new Snapshot(clock.instant(), new ArrayList<>(table.all()));
    }

    @Override
    public synchronized int size() {
        return table.live();
    }

    @Override
    public synchronized List<AliasEntry> expire() {
        TableDraft draft = new TableDraft(table);
        List<AliasEntry> told = draft.expire(clock.instant(), grace, true);
        draft.commit();
        return told;
    }

    @Override
    public StoreStatus status() {
        return new StoreStatus(true, null, Map.of("aliases", size()));
    }

    @Override
    public void close() {}
}
