package org.aliasrpc.dht;

/** Why a query failed. A query without commit that finds nobody does not fail: it ends without replies. */
public enum QueryFailure {
    /** There is a commit, and no node with an id answered the walk. */
    TOO_FEW_NODES,
    /** Every commit failed, the last because the node had given no token or the strategy declined. */
    COMMIT_REFUSED,
    /** Every commit failed, the last because it stayed unanswered. */
    COMMIT_TIMED_OUT,
    /** Its owner cancelled it, alone or with its session. */
    CANCELLED,
    /** The node is or was suspended. */
    SUSPENDED,
    /** The node is closed. */
    CLOSED,
    /** Too many queries are running ({@link RpcNode#MAX_QUERIES}). */
    OVERLOADED
}
