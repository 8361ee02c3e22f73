package org.aliasrpc.rpc;

import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Codec;

/** Message type 1 of a channel: how a request ended. */
sealed interface RpcResponse {
    /** See {@link RpcResponseCodec}. */
    Codec<RpcResponse> CODEC = RpcResponseCodec.INSTANCE;

    /** The request's id. */
    long id();

    /**
     * It was served.
     *
     * @param value encoded
     */
    record Value(long id, Bytes value) implements RpcResponse {}

    /** It failed. */
    record Failure(long id, RpcError error) implements RpcResponse {}
}
