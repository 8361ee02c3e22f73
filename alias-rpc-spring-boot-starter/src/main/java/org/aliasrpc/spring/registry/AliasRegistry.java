package org.aliasrpc.spring.registry;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.aliasrpc.AliasRegistrar;

/**
 * A registrar whose table can be looked at: what discovery, the scrape proxy and the Actuator endpoint show. Safe for use by
 * many threads. Its methods may read from a database: not for event loops.
 */
public interface AliasRegistry extends AliasRegistrar {
    /**
     * @param alias the name
     * @return its entry, also one in its grace period ({@link AliasEntry#isExpired} tells); empty if it is unknown
     * @throws RegistryUnavailableException if nobody can tell at the moment
     */
    Optional<AliasEntry> find(String alias);

    /**
     * Everything in the table, also what is in its grace period.
     *
     * @throws RegistryUnavailableException if nobody can tell at the moment, which is not the same as an empty table
     */
    List<AliasEntry> entries();

    /**
     * Drops an alias; its target may register again.
     *
     * @param alias the name
     * @return whether it was there
     * @throws RegistryUnavailableException if it could not be dropped
     */
    boolean remove(String alias);

    /**
     * Whether {@link #size} and {@link #nearExpiry} tell how it is at this moment, give or take a second, and not how it was
     * before the table became unavailable.
     */
    default boolean isCounted() {
        return isLoaded();
    }

    /** How many aliases there are, as far as is known at the moment. */
    default int size() {
        return isLoaded() ? entries().size() : 0;
    }

    /** How many aliases were not renewed for two thirds of their time, as far as is known at the moment. */
    default int nearExpiry() {
        Instant now = Instant.now();
        return isLoaded()
                ? (int) entries().stream()
                        .filter(entry -> entry.isNearExpiry(now))
                        .count()
                : 0;
    }

    /** Whether the table's state is known: until then an empty answer would be a lie, and the methods above throw. */
    default boolean isLoaded() {
        return true;
    }

    /** Lets expire what was not renewed in time. Called every second, so that it is noticed even if nobody asks. */
    void expire();

    /** How the table is kept, for people: {@code memory}, {@code file} or {@code jdbc}. */
    String store();

    /** How its store does, for health. */
    default StoreStatus status() {
        return new StoreStatus(isLoaded(), null, Map.of());
    }
}
