package org.aliasrpc.spring.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.aliasrpc.spring.registry.AliasStore.Change;
import org.aliasrpc.spring.registry.AliasStore.Step;
import org.jspecify.annotations.Nullable;

/**
 * Changes to a table that are decided but not made: one sees those before it, the world sees none of them until
 * {@link #commit}. What cannot be written is thrown away with its draft.
 */
final class TableDraft {
    private final AliasTable table;

    /** In the order of the first change of each; empty if it is dropped. */
    private final Map<String, Optional<StoredAlias>> changed = new LinkedHashMap<>();

    private int live;

    TableDraft(AliasTable table) {
        this.table = table;
        this.live = table.live();
    }

    @Nullable
    StoredAlias get(String alias) {
        Optional<StoredAlias> draft = changed.get(alias);
        return draft == null ? table.get(alias) : draft.orElse(null);
    }

    <T> T apply(String alias, Instant now, Change<T> change) {
        StoredAlias before = get(alias);
        Step<T> step = change.decide(before, now, () -> live);
        set(alias, before, step.after());
        return step.result();
    }

    private void set(String alias, @Nullable StoredAlias before, @Nullable StoredAlias after) {
        if (!Objects.equals(before, after)) {
            live += live(after) - live(before);
            changed.put(alias, Optional.ofNullable(after));
        }
    }

    private static int live(@Nullable StoredAlias alias) {
        return alias == null || alias.expiryTold() ? 0 : 1;
    }

    /**
     * Marks what is past its deadline, and drops what is past its grace period.
     *
     * @param drop whether to drop
     * @return the newly marked
     */
    List<AliasEntry> expire(Instant now, Duration grace, boolean drop) {
        List<AliasEntry> told = new ArrayList<>();
        for (StoredAlias due : table.due(now)) {
            String alias = due.entry().alias();
            StoredAlias current = get(alias);
            if (current == null || !current.entry().isExpired(now)) {
                continue; // changed in this draft
            }
            if (!current.expiryTold()) {
                told.add(current.entry());
                set(alias, current, new StoredAlias(current.entry(), true));
            }
            if (drop && !current.entry().expiresAt().plus(grace).isAfter(now)) {
                set(alias, get(alias), null);
            }
        }
        return told;
    }

    /** The changed aliases: what was before, and what will be. */
    void forEachChange(ChangeVisitor visitor) {
        changed.forEach((alias, after) -> visitor.visit(table.get(alias), after.orElse(null)));
    }

    boolean isEmpty() {
        return changed.isEmpty();
    }

    /** The whole table as it will be, in its order. */
    List<StoredAlias> all() {
        List<StoredAlias> all = new ArrayList<>();
        for (StoredAlias old : table.all()) {
            StoredAlias current = get(old.entry().alias());
            if (current != null) {
                all.add(current);
            }
        }
        changed.forEach((alias, after) -> {
            if (table.get(alias) == null) {
                after.ifPresent(all::add);
            }
        });
        return all;
    }

    /** Makes the changes. */
    void commit() {
        changed.forEach((alias, after) -> after.ifPresentOrElse(table::put, () -> table.remove(alias)));
    }

    /** Looks at one change. */
    @FunctionalInterface
    interface ChangeVisitor {
        void visit(@Nullable StoredAlias before, @Nullable StoredAlias after);
    }
}
