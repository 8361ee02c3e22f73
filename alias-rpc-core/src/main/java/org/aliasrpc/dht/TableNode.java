package org.aliasrpc.dht;

import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/** A node of the routing table. All ages are ticks ({@link NodeState#tick}). */
final class TableNode {
    /** So long ago that it counts as never. */
    static final long NEVER = Long.MIN_VALUE / 2;

    final NodeId id;
    final PeerAddress address;

    /** When it came into the table. */
    long added;

    /** When we last contacted or heard it. */
    long pinged;

    /** When its statement about our address was last taken. */
    long sampled = NEVER;

    /** How often others said that it is down. */
    int downHints;

    /** How often we heard it: tells whether it spoke between two moments of one tick. */
    long heard;

    @Nullable
    TableNode older;

    @Nullable
    TableNode newer;

    TableNode(NodeId id, PeerAddress address) {
        this.id = id;
        this.address = address;
    }

    Peer peer() {
        return new Peer(address, id);
    }

    @Override
    public String toString() {
        return peer().toString();
    }
}
