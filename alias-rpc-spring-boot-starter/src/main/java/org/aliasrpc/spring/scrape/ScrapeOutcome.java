package org.aliasrpc.spring.scrape;

import java.util.Locale;

/** How a scrape ended. Each kind has its own remedy; few enough for a metric's tag. */
public enum ScrapeOutcome {
    /** The target's metrics are there. */
    SUCCESS(200),
    /** The target was not reached, or did not answer, in time. */
    TIMEOUT(504),
    /** The target is not announced, refuses our key, or its connection broke. */
    UNREACHABLE(502),
    /** The target answered that it cannot tell its metrics, or does not speak the protocol. */
    UPSTREAM_ERROR(502),
    /** The target's metrics are larger than {@code alias-rpc.server.scrape-proxy.max-size}. */
    TOO_LARGE(502),
    /** No such alias is registered. */
    UNKNOWN_ALIAS(404),
    /** The table of aliases is not loaded, or its database is away. */
    UNAVAILABLE(503);

    private final int status;

    ScrapeOutcome(int status) {
        this.status = status;
    }

    /** The HTTP status of the answer. */
    public int status() {
        return status;
    }

    /** As in metrics and Actuator: {@code upstream_error}. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
