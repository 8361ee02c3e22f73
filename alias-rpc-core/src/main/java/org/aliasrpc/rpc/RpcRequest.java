package org.aliasrpc.rpc;

import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;

/**
 * Message type 0 of a channel: a request or an event.
 *
 * @param id what the response will carry; {@link #EVENT} for an event, which gets none
 * @param method which one
 * @param value encoded
 */
record RpcRequest(long id, String method, Bytes value) {
    /** The id of events. */
    static final long EVENT = 0;

    /** {@code uint id, string method, raw value}. Source: protomux-rpc.md §2. */
    static final Codec<RpcRequest> CODEC = new Codec<>() {
        @Override
        public void encode(Writer out, RpcRequest request) {
            out.uint(request.id).utf8(request.method).fixed(request.value);
        }

        @Override
        public RpcRequest decode(Reader in) throws DecodeException {
            return new RpcRequest(in.uint(), in.utf8(), in.raw());
        }
    };

    /** About the length of the encoding. */
    int expectedBytes() {
        return 9 + 3 * method.length() + 5 + value.length();
    }

    /** Without the content: it may hold secrets. */
    @Override
    public String toString() {
        return "RpcRequest[" + id + ", " + method + ", " + value.length() + " bytes]";
    }
}
