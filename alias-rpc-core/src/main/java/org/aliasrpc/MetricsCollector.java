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
     *     must not change any more. What the stage fails with stays here: the scraper learns that it failed
     */
    CompletionStage<ByteBuffer> collect();
}
