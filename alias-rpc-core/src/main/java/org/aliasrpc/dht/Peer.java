package org.aliasrpc.dht;

import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * A node that we spoke with or heard of.
 *
 * @param address where datagrams reach it
 * @param id its position, always the one derived from the address; null if it did not claim one (it is ephemeral, or
 *     spoke through another socket than its server socket) or claimed a wrong one (dht-rpc.md §4)
 */
public record Peer(PeerAddress address, @Nullable NodeId id) {
    /** The node at an address, with the id that follows from it. */
    public static Peer at(PeerAddress address) {
        return new Peer(address, NodeId.of(address));
    }

    /** A peer without id. */
    public static Peer withoutId(PeerAddress address) {
        return new Peer(address, null);
    }

    @Override
    public String toString() {
        return id == null ? address.toString() : address + "/" + id.toString().substring(0, 8);
    }
}
