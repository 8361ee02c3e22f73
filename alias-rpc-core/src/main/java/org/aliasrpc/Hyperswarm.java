package org.aliasrpc;

import java.util.concurrent.CompletionStage;
import org.aliasrpc.crypto.PublicKey;

/**
 * One identity on a DHT and the connections made to it. Keeps one connection for each remote key unless told otherwise
 * (docs/protocol, hyperswarm.md §6).
 */
public interface Hyperswarm extends AutoCloseable {
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
}
