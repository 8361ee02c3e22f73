package org.aliasrpc.udx;

import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;

/**
 * Where a stream sends.
 *
 * @param socket from which socket
 * @param remoteId the peer's id of the stream
 * @param address the peer's address; its port is not 0
 */
record Path(SocketId socket, int remoteId, PeerAddress address) {
    Path {
        if (address.port() == 0) {
            throw new IllegalArgumentException("cannot send to port 0");
        }
    }
}
