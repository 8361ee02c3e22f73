package org.aliasrpc.rpc;

import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What shares one connection of a {@link ConnectionPool}. Absent and empty ids, and any two different ids, are different
 * keys; the reference confuses them (protomux-rpc.md §9.5).
 *
 * @param server the peer
 * @param protocol its name
 * @param id channel-id; empty for a channel without one; null means the server's public key (protomux-rpc.md §9.2)
 */
public record PoolKey(
        PublicKey server, String protocol, @Nullable Bytes id) {
    /** The id that goes over the wire. */
    Bytes channelId() {
        return id == null ? server.bytes() : id;
    }
}
