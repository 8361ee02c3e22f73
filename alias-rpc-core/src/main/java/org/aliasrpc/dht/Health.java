package org.aliasrpc.dht;

/** How well requests get answered, for the layer above; this layer does not act on it (dht-rpc.md §11.1). */
public enum Health {
    /** Most requests are answered, or the node is idle. */
    ONLINE,
    /** More than half of the requests time out, for a while. */
    DEGRADED,
    /** All requests time out. */
    OFFLINE
}
