package org.aliasrpc.spring.scrape;

import java.time.Duration;
import java.time.Instant;

/**
 * The latest scrape of an alias.
 *
 * @param at when it ended
 * @param duration how long it took
 * @param outcome how it ended
 * @param reason why it failed, in words; empty on success
 * @param bytes length of the metrics, uncompressed; 0 on failure
 * @param lastSuccess when a scrape of this alias last succeeded; {@link Instant#EPOCH} for never
 * @param failuresInARow scrapes that failed since
 */
public record LastScrape(
        Instant at,
        Duration duration,
        ScrapeOutcome outcome,
        String reason,
        long bytes,
        Instant lastSuccess,
        long failuresInARow) {}
