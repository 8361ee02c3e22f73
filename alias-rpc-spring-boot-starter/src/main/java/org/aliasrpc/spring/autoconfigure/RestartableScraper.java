package org.aliasrpc.spring.autoconfigure;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.MetricsScraper;
import org.aliasrpc.crypto.PublicKey;

/** The scraper of each run of the context, under one key, made by its first scrape. */
final class RestartableScraper implements MetricsScraper {
    private final PublicKey publicKey;
    private final Current<MetricsScraper> scraper;
    private volatile boolean stopped;

    /**
     * @param publicKey of ours on the connections
     * @param factory makes the scraper of one run
     */
    RestartableScraper(PublicKey publicKey, Supplier<MetricsScraper> factory) {
        this.publicKey = publicKey;
        this.scraper = new Current<>(factory, made -> {
            made.close();
            return CompletableFuture.completedStage(null);
        });
    }

    @Override
    public CompletionStage<ByteBuffer> scrapeAsync(PublicKey target, Duration timeout) {
        if (stopped) {
            return CompletableFuture.failedStage(new AliasRpcException.Closed("the application is stopped"));
        }
        try {
            return scraper.get().scrapeAsync(target, timeout);
        } catch (AliasRpcException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    @Override
    public PublicKey publicKey() {
        return publicKey;
    }

    @Override
    public int connectionCount() {
        return scraper.peek().map(MetricsScraper::connectionCount).orElse(0);
    }

    /** Scrapes are possible again. */
    void start() {
        stopped = false;
    }

    /** Fails what is under way, and every scrape until the next start. */
    CompletionStage<Void> stop() {
        stopped = true;
        return scraper.stop();
    }

    @Override
    public void close() {
        stopped = true;
        scraper.close();
    }
}
