package org.aliasrpc.alias;

import java.util.UUID;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.net.PeerAddress;

/** What an {@link AliasServerSession} tells its owner: the events of alias-rpc.md §4 with their fields, and the put. */
public sealed interface AliasServerEvent {
    /** connection-open. */
    record ConnectionOpen(UUID uid, PublicKey remotePublicKey, PeerAddress remoteAddress) implements AliasServerEvent {}

    /**
     * connection-error; connection-close follows. Nearly every client ends this way, also after success.
     *
     * @param error for people
     */
    record ConnectionError(String error, UUID uid, PublicKey remotePublicKey) implements AliasServerEvent {}

    /** connection-close. Results of puts may still follow. */
    record ConnectionClose(UUID uid, PublicKey remotePublicKey) implements AliasServerEvent {}

    /** alias-unauthorised. */
    record Unauthorised(
            UUID uid, PublicKey remotePublicKey, PublicKey targetPublicKey, String alias, PeerAddress remoteAddress)
            implements AliasServerEvent {}

    /** alias-request: the secret was right. */
    record Requested(
            UUID uid,
            PublicKey remotePublicKey,
            PublicKey targetPublicKey,
            String alias,
            String hostname,
            String service)
            implements AliasServerEvent {}

    /** alias-success. */
    record Succeeded(UUID uid, String alias, PublicKey remotePublicKey, PublicKey targetPublicKey, boolean updated)
            implements AliasServerEvent {}

    /** alias-error: the put failed; the client learns only the uid. */
    record Failed(UUID uid, PublicKey remotePublicKey, Throwable error) implements AliasServerEvent {}

    /**
     * Not an event of the page: the owner performs the put, then calls {@link AliasServerSession#onPutResult} or
     * {@link AliasServerSession#onPutFailed}. Follows {@link Requested} at once.
     *
     * @param requestId names it towards the session
     */
    record PutRequested(long requestId, Registration registration) implements AliasServerEvent {}
}
