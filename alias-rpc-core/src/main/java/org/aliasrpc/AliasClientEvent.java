package org.aliasrpc;

import java.util.UUID;
import org.aliasrpc.crypto.PublicKey;

/**
 * What an {@link AliasRpcClient} reports: the events of the reference (docs/protocol, alias-rpc.md §5), and the two
 * outcomes of an attempt, which the reference tells its caller only.
 */
public sealed interface AliasClientEvent {
    /** Of the attempt, drawn at random; unrelated to the server's. */
    UUID uid();

    /** A registration was asked for. */
    record AliasAttempt(UUID uid, AliasRegistration registration) implements AliasClientEvent {}

    /**
     * No connection could be made, or it broke.
     *
     * @param error what happened
     */
    record ConnectionError(UUID uid, String alias, PublicKey targetPublicKey, AliasRpcException error)
            implements AliasClientEvent {}

    /**
     * The server accepted.
     *
     * @param updated whether its table changed
     */
    record AliasRegistered(UUID uid, AliasRegistration registration, boolean updated) implements AliasClientEvent {}

    /**
     * The attempt ended without success.
     *
     * @param error what the caller was told
     */
    record AliasFailed(UUID uid, AliasRegistration registration, AliasRpcException error) implements AliasClientEvent {}

    /** Receives the events of a client, in order for each attempt, on the node's callback executor. */
    @FunctionalInterface
    interface Listener {
        /**
         * May throw or block: it disturbs nothing but its own later events.
         *
         * @param event what happened
         */
        void onEvent(AliasClientEvent event);

        /**
         * A connection to the server is gone, other than by our own doing: the server may have restarted, and its table
         * be empty. Comes in order with the events.
         */
        default void onConnectionLost() {}
    }
}
