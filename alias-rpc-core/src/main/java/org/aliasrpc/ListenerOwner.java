package org.aliasrpc;

import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.hyperdht.Connection;
import org.aliasrpc.hyperdht.NoisePayload;
import org.aliasrpc.net.PeerAddress;

/** What the node tells about one listener, on the loop. */
interface ListenerOwner {
    /** A client has connected; whoever reads it attaches itself within the call. */
    void onConnection(Connection connection, long nowNanos);

    /** So many nodes hold the announcement. */
    void onAnnounced(int nodes, long nowNanos);

    /** A client asks to connect and the filter could not decide at once. */
    void onVerdictRequested(long handshake, PublicKey remote, NoisePayload payload, PeerAddress address);

    /** The listener has ended. */
    void onListenerClosed(long nowNanos);
}
