package org.aliasrpc;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.UUID;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.Bytes;

/**
 * What a {@link MetricsServer} reports. One record for each event of the reference, with its fields (docs/protocol,
 * alias-rpc.md §9).
 */
public sealed interface MetricsServerEvent {
    /** The key of the other end: proven, unless the event is {@link FirewallBlock}. */
    PublicKey remotePublicKey();

    /** A connection was accepted. */
    record ConnectionOpen(UUID uid, PublicKey remotePublicKey, InetSocketAddress remoteAddress)
            implements MetricsServerEvent {}

    /** A connection is gone; the last event of a connection, except for requests that were still running. */
    record ConnectionClose(UUID uid, PublicKey remotePublicKey) implements MetricsServerEvent {}

    /**
     * A connection broke. Scrapers of the reference end by a reset, so this is nothing to worry about.
     *
     * @param error what happened, for people
     */
    record ConnectionError(UUID uid, PublicKey remotePublicKey, String error) implements MetricsServerEvent {}

    /**
     * The metrics were asked for.
     *
     * @param uid of the connection, also in the events below
     */
    record MetricsRequest(UUID uid, PublicKey remotePublicKey) implements MetricsServerEvent {}

    /**
     * The metrics are on their way.
     *
     * @param bytes length of the text
     * @param duration since the request
     */
    record MetricsSuccess(UUID uid, PublicKey remotePublicKey, int bytes, Duration duration)
            implements MetricsServerEvent {}

    /**
     * The metrics could not be collected, or are too long. The scraper learns the connection's uid, not the error.
     *
     * @param error the collector's failure, or ours
     * @param duration since the request
     */
    record MetricsError(UUID uid, PublicKey remotePublicKey, Throwable error, Duration duration)
            implements MetricsServerEvent {}

    /**
     * Somebody who may not connect was refused in the handshake. The key is proven unless an old handshake was replayed.
     *
     * @param payload what the other end said about itself in the handshake, encoded (docs/protocol, hyperdht.md §4.2)
     * @param address where it is, as the node in between says
     */
    record FirewallBlock(PublicKey remotePublicKey, Bytes payload, InetSocketAddress address)
            implements MetricsServerEvent {}

    /** Receives the events of a server, in order for each connection, on the node's callback executor. */
    @FunctionalInterface
    interface Listener {
        /**
         * May throw or block: it disturbs nothing but its own later events.
         *
         * @param event what happened
         */
        void onEvent(MetricsServerEvent event);
    }
}
