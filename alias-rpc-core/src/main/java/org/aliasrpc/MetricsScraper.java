package org.aliasrpc;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * Scrapes the metrics of applications over connections that it makes when needed, keeps, and makes again. Safe for use by
 * many threads. Does not close the DHT it was given.
 */
public interface MetricsScraper extends AutoCloseable {
    /**
     * @param dht the node below, made by {@link HyperDht#create}; it stays open when the scraper is closed
     * @param keyPair ours on the connections; targets let in their alias server's key only, so it has to be that. Not
     *     closed by the scraper
     */
    static Builder builder(HyperDht dht, KeyPair keyPair) {
        return new Builder(dht, keyPair);
    }

    /**
     * Asks a target for its metrics. Repeated once, within the time, if the connection turns out to be lost: of a target
     * that was restarted nobody tells.
     *
     * @param target the application's key
     * @param timeout one deadline over connecting, opening the channel and the request
     * @return UTF-8 text in the format of Prometheus as the target sent it, unchecked; read-only. Completes on the node's
     *     callback executor and always ends within the timeout; fails with {@link AliasRpcException} only: {@link
     *     AliasRpcException.Refused} with the target's text, {@link AliasRpcException.TooLarge}, {@link
     *     AliasRpcException.TimedOut}, {@link AliasRpcException.PeerNotFound}, {@link AliasRpcException.ConnectionFailed},
     *     …
     */
    CompletionStage<ByteBuffer> scrapeAsync(PublicKey target, Duration timeout);

    /**
     * {@link #scrapeAsync} for callers that may block.
     *
     * @throws AliasRpcException what the stage would have failed with
     * @throws IllegalStateException if called on an event loop
     */
    default ByteBuffer scrape(PublicKey target, Duration timeout) throws InterruptedException {
        return Blocking.await(scrapeAsync(target, timeout));
    }

    /** The key that targets have to let in. */
    PublicKey publicKey();

    /** Connections now open, and attempts to make one. */
    int connectionCount();

    /** Fails what is waiting or running with {@link AliasRpcException.Closed} and closes the connections it made. */
    @Override
    void close();

    /** Collects options. */
    final class Builder {
        private final HyperDht dht;
        private final KeyPair keyPair;
        private int maxReplyBytes = MetricsServer.Builder.MAX_REPLY_BYTES;
        private int maxConnections = 16_384;
        private Duration idleTimeout = Duration.ofSeconds(150);
        private @Nullable Duration keepAlive;

        private Builder(HyperDht dht, KeyPair keyPair) {
            this.dht = dht;
            this.keyPair = keyPair;
        }

        /**
         * @param bytes of metrics to accept, {@link MetricsServer.Builder#MAX_REPLY_BYTES} by default and at most. A
         *     longer reply ends the connection when its length is known, so that it takes no memory
         */
        public Builder maxReplyBytes(int bytes) {
            this.maxReplyBytes = Checked.replyBytes(bytes);
            return this;
        }

        /**
         * @param count of connections at a time, 16384 by default. For one more the one idle longest is closed; if none
         *     is idle the scrape fails
         */
        public Builder maxConnections(int count) {
            this.maxConnections = Checked.atLeastOne(count, "connections");
            return this;
        }

        /**
         * @param idle a connection is closed one to two such times after its last scrape; 150 s by default, so that
         *     those of targets that are scraped every minute or two stay
         */
        public Builder idleTimeout(Duration idle) {
            this.idleTimeout = Checked.positiveTimeout(idle);
            return this;
        }

        /**
         * @param idle after how long without a message an empty one is sent on a connection; zero for never. As on the
         *     node's other connections by default
         */
        public Builder keepAlive(Duration idle) {
            this.keepAlive = Checked.notNegative(idle, "keep-alive");
            return this;
        }

        /**
         * The scraper. It connects to a target with the first scrape of it.
         *
         * @throws IllegalArgumentException if the node is not one of {@link HyperDht#create}
         */
        public MetricsScraper build() {
            return new LiveMetricsScraper(this, Checked.live(dht));
        }

        KeyPair keyPair() {
            return keyPair;
        }

        int maxReplyBytes() {
            return maxReplyBytes;
        }

        int maxConnections() {
            return maxConnections;
        }

        Duration idleTimeout() {
            return idleTimeout;
        }

        @Nullable
        Duration keepAlive() {
            return keepAlive;
        }
    }
}
