package org.aliasrpc.spring.registry;

import java.util.List;
import java.util.Optional;
import org.aliasrpc.AliasRegistrar;

/** A registrar whose table can be looked at: what the Actuator endpoint shows. Safe for use by many threads. */
public interface AliasRegistry extends AliasRegistrar {
    /**
     * @param alias the name
     * @return its entry, unless unknown or expired
     */
    Optional<AliasEntry> find(String alias);

    /** Everything that has not expired. */
    List<AliasEntry> entries();

    /**
     * Drops an alias; its target may register again.
     *
     * @param alias the name
     * @return whether it was there
     */
    boolean remove(String alias);

    /** How many aliases there are. */
    default int size() {
        return entries().size();
    }

    /** Drops what was not renewed in time. Called every second, so that it is noticed even if nobody asks. */
    void expire();

    /** How the table is kept, for people: {@code memory}. */
    String store();
}
