package org.aliasrpc;

import java.util.concurrent.CompletionStage;
import org.aliasrpc.crypto.PublicKey;

/**
 * Accepts alias registrations on the connections of a swarm. Its life is bound to the swarm, which it does not own: it
 * has a public key from the start and accepts connections once it listens.
 */
public interface AliasRpcServer extends AutoCloseable {
    /** The swarm's public key, which clients need. */
    PublicKey publicKey();

    /**
     * Listens on the swarm's key; the same as {@link Hyperswarm#listenAsync}.
     *
     * @return completes when a DHT node has acknowledged the announce, so that a client that starts now finds the server
     */
    CompletionStage<Void> listenAsync();

    /** {@link #listenAsync} for callers that may block. */
    default void listen() throws InterruptedException {
        Blocking.await(listenAsync());
    }

    /** Connections now open. */
    int connectionCount();

    /** Stops serving: closes its connections and accepts no more. The swarm and the DHT stay open. */
    @Override
    void close();
}
