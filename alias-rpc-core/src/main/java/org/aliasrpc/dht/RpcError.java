package org.aliasrpc.dht;

/** Error numbers of replies that belong to this layer; the layer above uses 16 and up (dht-rpc.md §7.6). */
public final class RpcError {
    /** Success; never written. */
    public static final long NONE = 0;

    /** The node does not know the command, or does not serve it. */
    public static final long UNKNOWN_COMMAND = 1;

    /** The token of the request was wrong or too old; the reply carries a fresh one. */
    public static final long INVALID_TOKEN = 2;

    private RpcError() {}
}
