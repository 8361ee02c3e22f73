package org.aliasrpc;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.aliasrpc.crypto.PublicKey;

/** Registers aliases with one alias server. Safe for use by many threads. Does not close the DHT it was given. */
public interface AliasRpcClient extends AutoCloseable {
    /** The server this client registers with. */
    PublicKey serverPublicKey();

    /**
     * Asks the server to map an alias to a target's public key.
     *
     * @return whether the server's table changed; completes on the node's callback executor, never on the event loop;
     *     always ends within the client's timeout; fails with {@link AliasRpcException} only
     */
    default CompletionStage<Boolean> registerAliasAsync(AliasRegistration registration) {
        return registerAliasAsync(registration, timeout());
    }

    /**
     * As {@link #registerAliasAsync(AliasRegistration)} with a timeout for this call.
     *
     * @param timeout one deadline over connecting, opening the channel and the request
     */
    CompletionStage<Boolean> registerAliasAsync(AliasRegistration registration, Duration timeout);

    /**
     * {@link #registerAliasAsync} for callers that may block.
     *
     * @throws AliasRpcException what the stage would have failed with
     * @throws IllegalStateException if called on an event loop
     */
    default boolean registerAlias(AliasRegistration registration) throws InterruptedException {
        return Blocking.await(registerAliasAsync(registration));
    }

    /**
     * As {@link #registerAlias(AliasRegistration)}, in the reference's notation.
     *
     * @param targetPublicKey z-base-32, hexadecimal, or either with {@code pear://} in front
     */
    default boolean registerAlias(String alias, String targetPublicKey, String hostname, String service)
            throws InterruptedException {
        return registerAlias(new AliasRegistration(alias, PublicKey.parse(targetPublicKey), hostname, service));
    }

    /** The time within which a call ends. */
    Duration timeout();

    /** Fails what is waiting or running with {@link AliasRpcException.Closed} and closes the connections it made. */
    @Override
    void close();

    /** What a client does with its connection after a call. */
    enum LifeCycle {
        /** One connection for all calls, closed after one to two minutes without a call (the reference's 2.x). */
        POOLED,
        /** A connection of its own for each call, closed after it (the reference's 1.0.x). */
        PER_CALL
    }
}
