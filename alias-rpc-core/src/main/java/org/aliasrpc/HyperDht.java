package org.aliasrpc;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.jspecify.annotations.Nullable;

/** One node of a HyperDHT: two UDP sockets and one event loop. Safe for use by many threads. */
public interface HyperDht extends AutoCloseable {
    /**
     * Starts a node and waits until its sockets are bound, which takes milliseconds. It looks for its neighbours by
     * itself; what needs them waits for that.
     *
     * @throws AliasRpcException.ListenFailed if no socket could be bound, or the transport is missing
     */
    static HyperDht create(HyperDhtOptions options) {
        Blocking.requireOffLoop();
        return Blocking.awaitUninterruptibly(LiveHyperDht.start(options).started());
    }

    /**
     * {@link #create} for callers that must not block.
     *
     * @return completes on the callback executor
     */
    static CompletionStage<HyperDht> createAsync(HyperDhtOptions options) {
        try {
            LiveHyperDht dht = LiveHyperDht.start(options);
            return dht.started().whenCompleteAsync((started, failure) -> {}, dht.callbacks());
        } catch (AliasRpcException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** The key pair of outgoing connections that name no other; random unless given in the options. */
    KeyPair defaultKeyPair();

    /** Where the server socket is bound; its port is the one that others should know. */
    InetSocketAddress localAddress();

    /**
     * What others see of this node, or null while it is not known or not the same for everybody.
     */
    @Nullable
    InetSocketAddress remoteAddress();

    /**
     * @return completes when the node has looked for its neighbours, also if it found none
     */
    CompletionStage<Void> fullyBootstrappedAsync();

    /** {@link #fullyBootstrappedAsync} for callers that may block. */
    default void fullyBootstrapped() throws InterruptedException {
        Blocking.await(fullyBootstrappedAsync());
    }

    /**
     * Connects to whoever listens on a public key.
     *
     * @param remotePublicKey the key
     * @param keyPair ours on this connection
     * @return the connection, paused; fails with {@link AliasRpcException}. Like the reference it completes as soon as a
     *     path is chosen, which for some paths is before the peer has answered
     */
    CompletionStage<PeerConnection> connectAsync(PublicKey remotePublicKey, KeyPair keyPair);

    /** {@link #connectAsync(PublicKey, KeyPair)} with the default key pair. */
    default CompletionStage<PeerConnection> connectAsync(PublicKey remotePublicKey) {
        return connectAsync(remotePublicKey, defaultKeyPair());
    }

    /** {@link #connectAsync} for callers that may block. */
    default PeerConnection connect(PublicKey remotePublicKey, KeyPair keyPair) throws InterruptedException {
        return Blocking.await(connectAsync(remotePublicKey, keyPair));
    }

    /** {@link #connect(PublicKey, KeyPair)} with the default key pair. */
    default PeerConnection connect(PublicKey remotePublicKey) throws InterruptedException {
        return connect(remotePublicKey, defaultKeyPair());
    }

    /** What this node has done so far. */
    HyperDhtStats stats();

    /**
     * Closes connections, takes announcements back, and frees sockets and threads.
     *
     * @return completes when that is done, at the latest after two seconds for announcements that nobody acknowledges
     */
    CompletionStage<Void> closeAsync();

    /** {@link #closeAsync}, waited for. */
    @Override
    void close();
}
