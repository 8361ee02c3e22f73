package org.aliasrpc.spring.scrape;

import org.aliasrpc.spring.registry.AliasEntry;
import org.jspecify.annotations.Nullable;

/** Watches scrapes: for meters and observations. Must neither block nor throw. */
@FunctionalInterface
public interface ScrapeObserver {
    /**
     * A scrape begins.
     *
     * @param alias as asked for; may be one that nobody registered
     * @param entry the target, or null if there is none
     * @return told of the end
     */
    Scrape onScrape(String alias, @Nullable AliasEntry entry);

    /** One scrape. */
    @FunctionalInterface
    interface Scrape {
        /**
         * @param result of it
         */
        void onEnd(ScrapeResult result);
    }
}
