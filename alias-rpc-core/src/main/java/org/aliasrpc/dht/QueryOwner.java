package org.aliasrpc.dht;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who started a query: the layer above, or a part of the node. */
interface QueryOwner {
    /** The outcome does not matter: nodes get known by the walk itself. */
    QueryOwner NOBODY = (closest, failure, nowNanos) -> {};

    /** A node answered the walk without error. */
    default void onReply(Reply reply, long nowNanos) {}

    /** A node answered the commit. */
    default void onCommitReply(Reply reply, long nowNanos) {}

    /** The query has ended. */
    void onEnd(List<Reply> closest, @Nullable QueryFailure failure, long nowNanos);
}
