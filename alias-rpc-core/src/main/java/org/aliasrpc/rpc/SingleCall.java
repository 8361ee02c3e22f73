package org.aliasrpc.rpc;

import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.protomux.Muxer;
import org.jspecify.annotations.Nullable;

/** A call with a connection of its own, and how far it is. */
final class SingleCall {
    final long id;
    final PoolKey key;
    final String method;
    final Bytes value;

    CallStep step = CallStep.QUEUE;
    long connectionId = Calls.NONE;

    @Nullable
    Muxer muxer;

    @Nullable
    RpcChannel rpc;

    SingleCall(long id, PoolKey key, String method, Bytes value) {
        this.id = id;
        this.key = key;
        this.method = method;
        this.value = value;
    }
}
