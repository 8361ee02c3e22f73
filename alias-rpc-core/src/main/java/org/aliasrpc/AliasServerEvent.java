package org.aliasrpc;

import java.net.InetSocketAddress;
import java.util.UUID;
import org.aliasrpc.crypto.PublicKey;

/**
 * What an {@link AliasRpcServer} reports. One record for each event of the reference, with its fields (docs/protocol,
 * alias-rpc.md §4). Strings come from the network: escape control characters before they go to a terminal or a log.
 */
public sealed interface AliasServerEvent {
    /** Of the connection, drawn at random when it was accepted. */
    UUID uid();

    /** The proven key of the client's end. */
    PublicKey remotePublicKey();

    /** A connection was accepted. */
    record ConnectionOpen(UUID uid, PublicKey remotePublicKey, InetSocketAddress remoteAddress)
            implements AliasServerEvent {}

    /** A connection is gone; the last event of a connection, except for requests that were still running. */
    record ConnectionClose(UUID uid, PublicKey remotePublicKey) implements AliasServerEvent {}

    /**
     * A connection broke. Clients of the reference end by a reset, so this is normal after a success.
     *
     * @param error what happened, for people
     */
    record ConnectionError(UUID uid, PublicKey remotePublicKey, String error) implements AliasServerEvent {}

    /** A request with a wrong secret was refused. */
    record AliasUnauthorised(
            UUID uid,
            PublicKey remotePublicKey,
            PublicKey targetPublicKey,
            String alias,
            InetSocketAddress remoteAddress)
            implements AliasServerEvent {}

    /** A request with the right secret arrived and goes to the registrar. */
    record AliasRequest(
            UUID uid,
            PublicKey remotePublicKey,
            PublicKey targetPublicKey,
            String alias,
            String hostname,
            String service)
            implements AliasServerEvent {}

    /**
     * The registrar accepted.
     *
     * @param updated whether its table changed
     */
    record AliasSuccess(UUID uid, PublicKey remotePublicKey, String alias, PublicKey targetPublicKey, boolean updated)
            implements AliasServerEvent {}

    /**
     * The registrar refused or failed.
     *
     * @param error its failure, for people
     */
    record AliasError(UUID uid, PublicKey remotePublicKey, Throwable error) implements AliasServerEvent {}

    /** Receives the events of a server, in order for each connection, on the node's callback executor. */
    @FunctionalInterface
    interface Listener {
        /**
         * May throw or block: it disturbs nothing but its own later events.
         *
         * @param event what happened
         */
        void onEvent(AliasServerEvent event);
    }
}
