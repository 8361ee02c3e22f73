package org.aliasrpc.rpc;

import org.aliasrpc.encoding.Bytes;

/** A call or event of a pool on its way. */
final class PooledCall {
    final long id;
    final String method;
    final Bytes value;
    final boolean event;
    final long deadlineNanos;
    final PoolEntry entry;

    /** The id in the RPC channel, once sent. */
    long requestId;

    PooledCall(long id, String method, Bytes value, boolean event, long deadlineNanos, PoolEntry entry) {
        this.id = id;
        this.method = method;
        this.value = value;
        this.event = event;
        this.deadlineNanos = deadlineNanos;
        this.entry = entry;
    }
}
