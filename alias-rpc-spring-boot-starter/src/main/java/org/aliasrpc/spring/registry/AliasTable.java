package org.aliasrpc.spring.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Aliases in the order of their arrival; a change keeps an alias' place. The same aliases once more in the order in which
 * something is due, so that a tick costs what it does, not what the table holds. Not safe for several threads.
 */
final class AliasTable {
    /** When what is to be done: to tell that an alias is over, or to drop it. */
    private record Due(Instant at, String alias) {
        static final Comparator<Due> ORDER = Comparator.comparing(Due::at).thenComparing(Due::alias);
    }

    private final Duration grace;
    private final Map<String, StoredAlias> aliases = new LinkedHashMap<>();
    private final TreeSet<Due> due = new TreeSet<>(Due.ORDER);
    private int live;

    /**
     * @param grace for how long an alias that is over stays
     */
    AliasTable(Duration grace) {
        this.grace = grace;
    }

    @Nullable
    StoredAlias get(String alias) {
        return aliases.get(alias);
    }

    /** In the order of arrival; changes with the table. */
    Collection<StoredAlias> all() {
        return Collections.unmodifiableCollection(aliases.values());
    }

    /** How many aliases there are whose expiry is not told. */
    int live() {
        return live;
    }

    void put(StoredAlias fresh) {
        forget(aliases.put(fresh.entry().alias(), fresh));
        due.add(due(fresh));
        live += fresh.expiryTold() ? 0 : 1;
    }

    void remove(String alias) {
        forget(aliases.remove(alias));
    }

    private void forget(@Nullable StoredAlias old) {
        if (old != null) {
            due.remove(due(old));
            live -= old.expiryTold() ? 0 : 1;
        }
    }

    private Due due(StoredAlias alias) {
        Instant deadline = alias.entry().expiresAt();
        return new Due(
                alias.expiryTold() ? deadline.plus(grace) : deadline,
                alias.entry().alias());
    }

    /** With which something is to be done, the longest overdue first. */
    List<StoredAlias> due(Instant now) {
        List<StoredAlias> result = new ArrayList<>();
        for (Due next : due) {
            if (next.at().isAfter(now)) {
                break;
            }
            StoredAlias alias = aliases.get(next.alias());
            if (alias != null) {
                result.add(alias);
            }
        }
        return result;
    }
}
