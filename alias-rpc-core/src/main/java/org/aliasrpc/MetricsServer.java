package org.aliasrpc;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * Serves an application's metrics to the alias servers that may scrape it. Everybody else is refused in the handshake and
 * sees no answer at all (docs/protocol, alias-rpc.md §9).
 */
public interface MetricsServer extends AutoCloseable {
    /**
     * @param dht the node below, made by {@link HyperDht#create}; it stays open when the server is closed
     * @param keyPair the identity: its public key is what the application registers as target. Not closed by the server
     * @param collector where the metrics come from
     */
    static Builder builder(HyperDht dht, KeyPair keyPair, MetricsCollector collector) {
        return new Builder(dht, keyPair, collector);
    }

    /** The key under which the metrics are found. */
    PublicKey publicKey();

    /**
     * Makes the server reachable. Idempotent.
     *
     * @return completes when a DHT node has acknowledged the announce. Keeps trying while none is reachable; fails with
     *     {@link AliasRpcException} only if the server is closed or the key is already listened on
     */
    CompletionStage<Void> listenAsync();

    /** {@link #listenAsync} for callers that may block. */
    default void listen() throws InterruptedException {
        Blocking.await(listenAsync());
    }

    /** Connections now open. */
    int connectionCount();

    /**
     * Closes its connections, stops listening and takes the announcement back. The DHT stays open.
     *
     * @return completes when that is done, at the latest after two seconds
     */
    CompletionStage<Void> closeAsync();

    /** {@link #closeAsync}, waited for. */
    @Override
    void close();

    /** Collects options. Who may scrape has to be said: by {@link #allow}, by {@link #firewall}, or by both. */
    final class Builder {
        /** Longest text that fits a frame (docs/protocol, alias-rpc.md §8). */
        public static final int MAX_REPLY_BYTES = 16_777_170;

        /** Longest message (docs/protocol, secret-stream.md §5). */
        static final int MAX_FRAME_BYTES = 16_777_198;

        private final HyperDht dht;
        private final KeyPair keyPair;
        private final MetricsCollector collector;
        private @Nullable Set<PublicKey> allowed;
        private Hyperswarm.@Nullable Firewall firewall;
        private MetricsServerEvent.@Nullable Listener listener;
        private Duration timeout = Duration.ofSeconds(5);
        private int maxReplyBytes = MAX_REPLY_BYTES;
        private int maxConcurrent = 16;
        private int maxConnections = 64;

        private Builder(HyperDht dht, KeyPair keyPair, MetricsCollector collector) {
            this.dht = dht;
            this.keyPair = keyPair;
            this.collector = collector;
        }

        /**
         * @param scrapers public keys of the alias servers that may connect
         */
        public Builder allow(Collection<PublicKey> scrapers) {
            this.allowed = Set.copyOf(scrapers);
            return this;
        }

        /**
         * @param scrapers public keys of the alias servers that may connect
         */
        public Builder allow(PublicKey... scrapers) {
            return allow(Set.of(scrapers));
        }

        /**
         * @param decides about keys that are not allowed by name
         */
        public Builder firewall(Hyperswarm.Firewall decides) {
            this.firewall = decides;
            return this;
        }

        /**
         * @param receiver of the server's events; none by default
         */
        public Builder listener(MetricsServerEvent.Listener receiver) {
            this.listener = receiver;
            return this;
        }

        /**
         * @param limit for one collection, 5 s by default; then the scraper is told that it failed, and a result that
         *     comes later is dropped
         */
        public Builder timeout(Duration limit) {
            this.timeout = Checked.positiveTimeout(limit);
            return this;
        }

        /**
         * @param bytes of metrics in one reply, {@link #MAX_REPLY_BYTES} by default and at most; for longer ones the
         *     scraper gets an error
         */
        public Builder maxReplyBytes(int bytes) {
            this.maxReplyBytes = Checked.replyBytes(bytes);
            return this;
        }

        /**
         * @param count of collections that may run at a time, 16 by default; for more the scraper gets an error
         */
        public Builder maxConcurrent(int count) {
            this.maxConcurrent = Checked.atLeastOne(count, "collections");
            return this;
        }

        /**
         * @param count of connections of all scrapers, 64 by default; who comes then sees no answer
         */
        public Builder maxConnections(int count) {
            this.maxConnections = Checked.atLeastOne(count, "connections");
            return this;
        }

        /**
         * The server. It can be scraped once it {@linkplain MetricsServer#listen listens}.
         *
         * @throws IllegalArgumentException if the node is not one of {@link HyperDht#create}
         * @throws IllegalStateException if nobody may scrape
         */
        public MetricsServer build() {
            if (allowed == null && firewall == null) {
                throw new IllegalStateException("nobody may scrape: allow keys, or set a firewall");
            }
            return new LiveMetricsServer(this, Checked.live(dht));
        }

        KeyPair keyPair() {
            return keyPair;
        }

        MetricsCollector collector() {
            return collector;
        }

        Set<PublicKey> allowed() {
            return allowed == null ? Set.of() : allowed;
        }

        Hyperswarm.@Nullable Firewall firewall() {
            return firewall;
        }

        MetricsServerEvent.@Nullable Listener listener() {
            return listener;
        }

        Duration timeout() {
            return timeout;
        }

        int maxReplyBytes() {
            return maxReplyBytes;
        }

        int maxConcurrent() {
            return maxConcurrent;
        }

        int maxConnections() {
            return maxConnections;
        }
    }
}
