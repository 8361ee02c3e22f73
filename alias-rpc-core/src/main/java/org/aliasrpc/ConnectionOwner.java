package org.aliasrpc;

/** What the node tells about one connection, on the loop. The attachment of {@link org.aliasrpc.hyperdht.Connection}. */
interface ConnectionOwner {
    /** An outgoing connection is open. */
    void onOpen(long nowNanos);

    /** The connection has events to poll. */
    void onActive(long nowNanos);
}
