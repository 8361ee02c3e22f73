package org.aliasrpc.hyperswarm;

import org.aliasrpc.crypto.PublicKey;

/** What {@link PeerConnections} has to know of a connection. Compared by identity. */
public interface SwarmConnection {
    /** The key of the other end. */
    PublicKey remotePublicKey();

    /**
     * Whether encrypted messages, keep-alives included, have gone both ways; the header of the secret stream does not
     * count (hyperswarm.md §6).
     */
    boolean hasReadAndWritten();

    /** When something was received last, in nanoseconds since the node's start. */
    long lastReadNanos();
}
