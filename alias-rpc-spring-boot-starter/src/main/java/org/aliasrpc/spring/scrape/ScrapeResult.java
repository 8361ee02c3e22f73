package org.aliasrpc.spring.scrape;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * What a scrape brought.
 *
 * @param outcome how it ended
 * @param text on success the target's metrics: UTF-8 as received, read-only; else empty
 * @param reason on failure what to tell who asked, in words of ours or of the target's; else empty
 * @param duration how long it took
 */
public record ScrapeResult(ScrapeOutcome outcome, ByteBuffer text, String reason, Duration duration) {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    static ScrapeResult success(ByteBuffer text, Duration duration) {
        return new ScrapeResult(ScrapeOutcome.SUCCESS, text, "", duration);
    }

    static ScrapeResult failure(ScrapeOutcome outcome, String reason, Duration duration) {
        return new ScrapeResult(outcome, NOTHING, reason, duration);
    }

    /** The target's metrics as an independent view, at its begin. */
    @Override
    public ByteBuffer text() {
        return text.asReadOnlyBuffer();
    }

    /** As {@link #text}, for those here who write it and change nothing: perhaps with its array. */
    ByteBuffer received() {
        return text.duplicate();
    }
}
