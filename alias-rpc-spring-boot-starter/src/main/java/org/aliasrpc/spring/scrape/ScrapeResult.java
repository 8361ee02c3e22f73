package org.aliasrpc.spring.scrape;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * What a scrape brought.
 *
 * @param outcome how it ended
 * @param text on success the target's metrics: UTF-8 as received, read-only; else empty
 * @param reason on failure what to tell who asked, in words of ours or of the target's; else empty
 * @param duration how long it took
 */
public record ScrapeResult(ScrapeOutcome outcome, ByteBuffer text, String reason, Duration duration) {
    /** The scraper ends by its own deadline; after this time more, those who wait are answered if it should not. */
    static final Duration GRACE = Duration.ofSeconds(1);

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    static ScrapeResult success(ByteBuffer text, Duration duration) {
        return new ScrapeResult(ScrapeOutcome.SUCCESS, text, "", duration);
    }

    static ScrapeResult failure(ScrapeOutcome outcome, String reason, Duration duration) {
        return new ScrapeResult(outcome, NOTHING, reason, duration);
    }

    /**
     * The scrape for somebody who waits for it, and who may give up without ending it: others are told of its end.
     *
     * @param scrape that should end within the limit
     * @param limit for it
     * @return as the scrape, or a timeout some time after the limit
     */
    static CompletableFuture<ScrapeResult> within(CompletionStage<ScrapeResult> scrape, Duration limit) {
        Duration end = limit.plus(GRACE);
        return scrape.toCompletableFuture()
                .copy()
                .completeOnTimeout(
                        failure(ScrapeOutcome.TIMEOUT, "Upstream timed out", end),
                        end.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /** The target's metrics as an independent view, at its begin. */
    @Override
    public ByteBuffer text() {
        return text.asReadOnlyBuffer();
    }
}
