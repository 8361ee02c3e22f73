package org.aliasrpc.metrics;

import org.aliasrpc.rpc.CallFailure;

/** How a scrape ended. */
public sealed interface ScrapeOutcome {
    /**
     * @param metrics in the text format of Prometheus
     */
    record Scraped(String metrics) implements ScrapeOutcome {
        /** The length: metrics are long. */
        @Override
        public String toString() {
            return "Scraped[" + metrics.length() + " characters]";
        }
    }

    /**
     * The process could not collect its metrics.
     *
     * @param reason the process' text: for people
     */
    record Refused(String reason) implements ScrapeOutcome {}

    /**
     * The process and we do not understand each other.
     *
     * @param reason for people
     */
    record IncompatibleVersion(String reason) implements ScrapeOutcome {}

    /** No answer came, or an error. */
    record Failed(CallFailure failure) implements ScrapeOutcome {}
}
