package org.aliasrpc.spring.scrape;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The latest scrape of each registered alias. Bounded; the alias not scraped for longest is forgotten first. */
public final class ScrapeHistory {
    private final Map<String, LastScrape> latest;

    /**
     * @param maxAliases that are remembered
     */
    public ScrapeHistory(int maxAliases) {
        this.latest = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, LastScrape> eldest) {
                return size() > maxAliases;
            }
        };
    }

    /**
     * @param alias the name
     * @return its latest scrape, if it was scraped since this process started
     */
    public synchronized Optional<LastScrape> last(String alias) {
        return Optional.ofNullable(latest.get(alias));
    }

    synchronized void add(String alias, ScrapeResult result, Instant at) {
        LastScrape before = latest.get(alias);
        boolean success = result.outcome() == ScrapeOutcome.SUCCESS;
        Instant lastSuccess = success ? at : before == null ? Instant.EPOCH : before.lastSuccess();
        long failures = success ? 0 : 1 + (before == null ? 0 : before.failuresInARow());
        latest.put(
                alias,
                new LastScrape(
                        at,
                        result.duration(),
                        result.outcome(),
                        result.reason(),
                        result.text().remaining(),
                        lastSuccess,
                        failures));
    }
}
