package org.aliasrpc;

import java.util.concurrent.CompletionStage;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * One identity on a DHT and the connections made to it. Keeps one connection for each remote key unless told otherwise
 * (docs/protocol, hyperswarm.md §6).
 */
public interface Hyperswarm extends AutoCloseable {
    /**
     * A swarm with every default.
     *
     * @param dht the node below, which stays open when the swarm is closed
     * @param keyPair the identity; copied, so that the caller may close it
     */
    static Hyperswarm create(HyperDht dht, KeyPair keyPair) {
        return builder(dht, keyPair).build();
    }

    /**
     * @param dht the node below, made by {@link HyperDht#create}; it stays open when the swarm is closed
     * @param keyPair the identity; copied, so that the caller may close it
     */
    static Builder builder(HyperDht dht, KeyPair keyPair) {
        return new Builder(dht, keyPair);
    }

    /** The key under which this swarm is found. */
    PublicKey publicKey();

    /** The node below; it was given in and stays open when the swarm is closed. */
    HyperDht dht();

    /**
     * Makes this swarm reachable by its public key. Idempotent.
     *
     * @return completes when a DHT node has acknowledged the announce. Keeps trying while none is reachable; completes
     *     exceptionally only if the swarm is closed or the key is already listened on
     */
    CompletionStage<Void> listenAsync();

    /** {@link #listenAsync} for callers that may block. */
    default void listen() throws InterruptedException {
        Blocking.await(listenAsync());
    }

    /**
     * Receives every connection from now on. Set it before listening: a connection that nobody takes is closed.
     *
     * @param handler called on the node's callback executor with the connection still paused
     */
    void onConnection(PeerConnection.Handler handler);

    /** Connections now open. */
    int connectionCount();

    /**
     * Closes its connections, stops listening and takes the announcement back.
     *
     * @return completes when that is done, at the latest after two seconds
     */
    CompletionStage<Void> closeAsync();

    /** {@link #closeAsync}, waited for. */
    @Override
    void close();

    /** Decides who may connect. */
    @FunctionalInterface
    interface Firewall {
        /**
         * Called on the node's callback executor. Whoever is rejected sees no answer at all.
         *
         * @param remotePublicKey the key of who wants to connect
         * @return true to reject
         */
        boolean rejects(PublicKey remotePublicKey);
    }

    /** Collects options. */
    final class Builder {
        private final HyperDht dht;
        private final KeyPair keyPair;
        private @Nullable Firewall firewall;
        private int connectionsPerPeer = 1;
        private int maxConnections = 16_384;

        private Builder(HyperDht dht, KeyPair keyPair) {
            this.dht = dht;
            this.keyPair = keyPair;
        }

        /**
         * @param decides who may connect; everybody by default
         */
        public Builder firewall(Firewall decides) {
            this.firewall = decides;
            return this;
        }

        /**
         * @param count connections that one remote key may have at a time: 1 by default, the rule of the reference.
         *     Services whose clients share a key, as all of one DHT node do, allow more. Beyond the count the connection
         *     silent longest is closed
         */
        public Builder connectionsPerPeer(int count) {
            this.connectionsPerPeer = Checked.atLeastOne(count, "connections per peer");
            return this;
        }

        /**
         * @param count of incoming connections of all peers, 16384 by default; who comes then sees no answer
         */
        public Builder maxConnections(int count) {
            this.maxConnections = Checked.atLeastOne(count, "connections");
            return this;
        }

        /**
         * The swarm.
         *
         * @throws IllegalArgumentException if the node is not one of {@link HyperDht#create}
         * @throws IllegalStateException if the key pair is closed
         */
        public Hyperswarm build() {
            LiveHyperDht live = Checked.live(dht);
            return new LiveHyperswarm(live, keyPair, Admission.of(live, firewall), connectionsPerPeer, maxConnections);
        }
    }
}
