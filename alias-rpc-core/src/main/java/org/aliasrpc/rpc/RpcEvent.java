package org.aliasrpc.rpc;

import org.aliasrpc.encoding.Bytes;

/** What an {@link RpcChannel} tells its owner. */
public sealed interface RpcEvent {
    /**
     * Both sides have opened.
     *
     * @param handshake the remote's handshake bytes, possibly none
     */
    record Opened(Bytes handshake) implements RpcEvent {}

    /**
     * A request for a served method; ends with one of the {@code answer} methods.
     *
     * @param handle names it towards the channel; never repeated, unlike the remote's ids
     * @param method which one
     * @param value encoded
     */
    record RequestReceived(long handle, String method, Bytes value) implements RpcEvent {
        /** Without the content: it may hold secrets. */
        @Override
        public String toString() {
            return "RequestReceived[" + handle + ", " + method + ", " + value.length() + " bytes]";
        }
    }

    /**
     * An event for a served method: no answer is expected.
     *
     * @param method which one
     * @param value encoded
     */
    record EventReceived(String method, Bytes value) implements RpcEvent {}

    /**
     * A response.
     *
     * @param id what {@link RpcChannel#request} returned
     * @param value encoded
     */
    record Responded(long id, Bytes value) implements RpcEvent {}

    /**
     * A call ended without a response or with an error response.
     *
     * @param id what {@link RpcChannel#request} returned
     * @param error why
     */
    record Failed(long id, RpcError error) implements RpcEvent {}

    /**
     * The channel is closed; all calls have failed before.
     *
     * @param remote false if this side did it
     */
    record Closed(boolean remote) implements RpcEvent {}

    /** The channel is closed and no handler runs any more. The last event, but for the failures of calls made later. */
    record Finished() implements RpcEvent {}
}
