package org.aliasrpc.dht;

/** Why a request ended without an answer (dht-rpc.md §7.6). */
public enum RequestFailure {
    /** All datagrams stayed unanswered. */
    TIMED_OUT,
    /** Its owner cancelled it, alone or with its session. */
    CANCELLED,
    /** The node is or was suspended. */
    SUSPENDED,
    /** The node is closed. */
    CLOSED,
    /** Too many requests are outstanding ({@link RpcNode#MAX_REQUESTS}). */
    OVERLOADED
}
