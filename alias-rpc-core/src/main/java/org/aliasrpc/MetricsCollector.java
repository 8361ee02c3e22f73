package org.aliasrpc;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/** Where a {@link MetricsServer} gets an application's metrics. */
@FunctionalInterface
public interface MetricsCollector {
    /**
     * Called for each scrape on the node's callback executor, at times more than once at a time. A collector that takes
     * long should answer with a stage that completes elsewhere; there is a time limit
     * ({@link MetricsServer.Builder#timeout}).
     *
     * @return UTF-8 text in the format of Prometheus, from position to limit; the buffer is only read, and its content
     *     must not change any more. A failure is told to the scraper: the reason of a {@link Refusal}, of any other
     *     failure only that there was one, with the connection's uid
     */
    CompletionStage<ByteBuffer> collect();

    /** A collector's failure whose reason the scraper may know. */
    final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /**
         * @param reason sent to the scraper as it is
         */
        public Refusal(String reason) {
            super(reason);
        }
    }
}
