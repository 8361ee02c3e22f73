package org.aliasrpc.metrics;

import java.nio.ByteBuffer;
import org.aliasrpc.rpc.CallFailure;

/** How a scrape ended. */
public sealed interface ScrapeOutcome {
    /**
     * @param metrics what the process sent as text in the format of Prometheus, unchanged and unchecked; read-only
     */
    record Scraped(ByteBuffer metrics) implements ScrapeOutcome {
        /** The length: metrics are long. */
        @Override
        public String toString() {
            return "Scraped[" + metrics.remaining() + " bytes]";
        }
    }

    /**
     * The process could not collect its metrics.
     *
     * @param reason the process' text: for people
     */
    record Refused(String reason) implements ScrapeOutcome {}

    /** The reply is longer than allowed. */
    record TooLarge() implements ScrapeOutcome {}

    /**
     * The process and we do not understand each other.
     *
     * @param reason for people
     */
    record IncompatibleVersion(String reason) implements ScrapeOutcome {}

    /** No answer came, or an error. */
    record Failed(CallFailure failure) implements ScrapeOutcome {}
}
