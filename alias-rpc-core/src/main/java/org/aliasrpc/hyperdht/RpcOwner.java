package org.aliasrpc.hyperdht;

import org.aliasrpc.dht.Reply;
import org.aliasrpc.dht.RequestFailure;
import org.aliasrpc.dht.RpcEvent;

/** The part of the node that started a request or a query of the layer below and gets what comes of it. */
interface RpcOwner {
    /** A request was answered. */
    default void onReply(long request, Reply reply, long nowNanos) {}

    /** A request ended without answer. */
    default void onFailed(long request, RequestFailure failure, long nowNanos) {}

    /** A node answered the walk of a query. */
    default void onQueryReply(long query, Reply reply, long nowNanos) {}

    /** A query is over. */
    default void onQueryEnded(RpcEvent.QueryEnded ended, long nowNanos) {}
}
