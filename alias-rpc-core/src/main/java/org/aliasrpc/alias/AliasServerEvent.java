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
     * @param secretName which secret was presented
     */
    record PutRequested(long requestId, Registration registration, String secretName) implements AliasServerEvent {}

    /**
     * Not an event of the page: the answer to a request waits. The owner calls {@link AliasServerSession#onHoldOver} when
     * its time has come, or {@link AliasServerSession#cutOff} if too many answers wait.
     *
     * @param requestId names it towards the session
     * @param delayNanos how long it waits
     */
    record AnswerHeld(long requestId, long delayNanos) implements AliasServerEvent {}

    /**
     * Not an event of the page: a request was refused since it is over a limit of the session; the owner may count it.
     *
     * @param limit which one
     */
    record OverLimit(Limit limit) implements AliasServerEvent {}

    /** Not an event of the page: the last answer is sent. The owner ends the connection, in order, after its frames. */
    record LastAnswered() implements AliasServerEvent {}

    /** What one connection has at most. */
    enum Limit {
        /** {@link AliasServerLimits#maxRequestBytes}. */
        REQUEST_SIZE,
        /** {@link AliasServerLimits#maxConcurrentPuts}. */
        CONCURRENT_PUTS
    }
}
