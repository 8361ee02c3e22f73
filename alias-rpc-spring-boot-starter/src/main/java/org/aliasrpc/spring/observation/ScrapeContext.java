package org.aliasrpc.spring.observation;

import io.micrometer.observation.Observation;
import org.aliasrpc.spring.registry.AliasEntry;
import org.aliasrpc.spring.scrape.ScrapeOutcome;
import org.jspecify.annotations.Nullable;

/** What is known of a scrape that is observed. */
public final class ScrapeContext extends Observation.Context {
    private final String alias;
    private final @Nullable AliasEntry entry;
    private @Nullable ScrapeOutcome outcome;

    /**
     * @param alias as asked for
     * @param entry the target; null if nobody registered the alias
     */
    public ScrapeContext(String alias, @Nullable AliasEntry entry) {
        this.alias = alias;
        this.entry = entry;
    }

    /** The alias as asked for: may be any text. */
    public String alias() {
        return alias;
    }

    /** The target; null if nobody registered the alias. */
    public @Nullable AliasEntry entry() {
        return entry;
    }

    /** How it ended; null before. */
    public @Nullable ScrapeOutcome outcome() {
        return outcome;
    }

    /**
     * @param end of the scrape
     */
    public void outcome(ScrapeOutcome end) {
        this.outcome = end;
    }
}
