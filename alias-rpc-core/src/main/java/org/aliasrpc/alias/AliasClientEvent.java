package org.aliasrpc.alias;

import java.util.UUID;
import org.aliasrpc.crypto.PublicKey;

/** What an {@link AliasClient} tells its owner: the events of alias-rpc.md §5, results, and wishes. */
public sealed interface AliasClientEvent {
    /** alias-attempt: raised for each registration, before anything is done. */
    record Attempt(String alias, PublicKey targetKey, String hostname, String service, UUID uid)
            implements AliasClientEvent {}

    /**
     * connection-error: only with one connection a call (alias-rpc.md §5).
     *
     * @param error for people
     */
    record ConnectionError(String error, String alias, PublicKey targetKey, UUID uid) implements AliasClientEvent {}

    /** A registration ended. */
    record Finished(long callId, AliasOutcome outcome) implements AliasClientEvent {}

    /** Connect to the server; then {@link AliasClient#onConnected} or {@link AliasClient#onConnectFailed}. */
    record ConnectRequested(long connectionId, PublicKey server) implements AliasClientEvent {}

    /**
     * Destroy this connection, or give the attempt up. The client has forgotten it: nothing needs to be reported about it
     * any more, and what is reported is ignored.
     */
    record DisconnectRequested(long connectionId) implements AliasClientEvent {}
}
