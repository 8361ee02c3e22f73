package org.aliasrpc.rpc;

import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.Bytes;

/** What a {@link ConnectionPool} tells its owner. */
public sealed interface PoolEvent {
    /** Connect; then {@link ConnectionPool#onConnected} or {@link ConnectionPool#onConnectFailed}. */
    record ConnectRequested(long connectionId, PublicKey server) implements PoolEvent {}

    /**
     * Destroy this connection, or give the attempt up. The pool has forgotten it: what is still reported about it is
     * ignored.
     */
    record DisconnectRequested(long connectionId) implements PoolEvent {}

    /**
     * A call was answered.
     *
     * @param value encoded
     */
    record Answered(long callId, Bytes value) implements PoolEvent {}

    /** A call failed. */
    record Failed(long callId, CallFailure failure) implements PoolEvent {}

    /**
     * Idle connections were closed.
     *
     * @param count how many
     */
    record Collected(int count) implements PoolEvent {}
}
