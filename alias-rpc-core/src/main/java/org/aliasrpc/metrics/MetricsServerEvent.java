package org.aliasrpc.metrics;

import java.util.UUID;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.net.PeerAddress;

/** What a {@link MetricsServerSession} tells its owner: the events of alias-rpc.md §9 with their fields, and wishes. */
public sealed interface MetricsServerEvent {
    /** connection-open. */
    record ConnectionOpen(UUID uid, PeerAddress remoteAddress, PublicKey remotePublicKey)
            implements MetricsServerEvent {}

    /**
     * connection-error; connection-close follows.
     *
     * @param error for people
     */
    record ConnectionError(String error, UUID uid, PublicKey remotePublicKey) implements MetricsServerEvent {}

    /** connection-close. Results of collections may still follow. */
    record ConnectionClose(UUID uid, PublicKey remotePublicKey) implements MetricsServerEvent {}

    /** metrics-request. */
    record Requested(UUID uid, PublicKey remotePublicKey) implements MetricsServerEvent {}

    /**
     * metrics-success.
     *
     * @param bytes length of the text
     * @param nanos since the request
     */
    record Succeeded(UUID uid, PublicKey remotePublicKey, int bytes, long nanos) implements MetricsServerEvent {}

    /**
     * metrics-error: the scraper learns only the uid.
     *
     * @param nanos since the request
     */
    record Failed(Throwable error, PublicKey remotePublicKey, UUID uid, long nanos) implements MetricsServerEvent {}

    /**
     * Not an event of the page: collect the metrics, then call {@link MetricsServerSession#onCollected} or
     * {@link MetricsServerSession#onCollectFailed}. Follows {@link Requested} at once.
     *
     * @param requestId names it towards the session
     */
    record CollectRequested(long requestId) implements MetricsServerEvent {}

    /**
     * Not an event of the page: the scraper closed the channel. End the write side; when that is flushed, destroy the
     * connection with this reason, so that the scraper connects anew (alias-rpc.md §9.5).
     */
    record EndRequested(String reason) implements MetricsServerEvent {}
}
