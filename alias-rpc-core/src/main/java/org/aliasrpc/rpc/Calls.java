package org.aliasrpc.rpc;

import org.aliasrpc.encoding.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Calls to servers, over connections that the owner makes on request.
 *
 * <p>A call has one deadline over all it waits for: a slot, the connection, the remote's open, the answer. Calls are sent
 * once the remote has opened the channel, so one that fails before was not served.
 */
public interface Calls extends CallConnections {
    /**
     * Begins a call; {@link PoolEvent.Answered} or {@link PoolEvent.Failed} ends it, at the deadline at the latest.
     *
     * @param key which server and channel
     * @param method which one
     * @param value encoded
     * @param deadlineNanos covers everything; {@link RpcChannel#NO_DEADLINE} for none
     * @return the call's id
     */
    long call(PoolKey key, String method, Bytes value, long deadlineNanos, long nowNanos);

    /** The next event, or null. */
    @Nullable
    PoolEvent pollEvent();
}
