package org.aliasrpc.rpc;

import org.aliasrpc.encoding.Bytes;

/**
 * How to open an {@link RpcChannel}.
 *
 * @param protocol its name
 * @param id channel-id; empty for none
 * @param handshake encoded handshake value; empty for none
 * @param maxRunning requests of the remote that are served at a time; further ones are answered with an error. The
 *     reference has no bound (protomux-rpc.md §8)
 * @param maxPending own calls that wait for a response at a time
 */
public record RpcOptions(String protocol, Bytes id, Bytes handshake, int maxRunning, int maxPending) {
    /** The reference's protocol name. */
    public static final String DEFAULT_PROTOCOL = "protomux-rpc";

    /** Without id and handshake; 1024 requests each way. */
    public static RpcOptions of(String protocol) {
        return new RpcOptions(protocol, Bytes.EMPTY, Bytes.EMPTY, 1024, 1024);
    }

    /** The same with a channel-id. */
    public RpcOptions withId(Bytes newId) {
        return new RpcOptions(protocol, newId, handshake, maxRunning, maxPending);
    }

    /** The same with a handshake value. */
    public RpcOptions withHandshake(Bytes newHandshake) {
        return new RpcOptions(protocol, id, newHandshake, maxRunning, maxPending);
    }

    /** The same with other bounds. */
    public RpcOptions withBounds(int newMaxRunning, int newMaxPending) {
        return new RpcOptions(protocol, id, handshake, newMaxRunning, newMaxPending);
    }
}
