package org.aliasrpc.hyperdht;

/**
 * Why a connection could not be made. The names are those of the reference's error codes, where it has one.
 *
 * <p>Source: docs/protocol/hyperdht.md §7.9.
 */
public enum ConnectFailure {
    /** No node of the DHT knows the key. */
    PEER_NOT_FOUND,
    /** Nodes know the key, but every handshake stayed unanswered: the server is gone or turns us away. */
    PEER_CONNECTION_FAILED,
    /** The server speaks another version. */
    SERVER_INCOMPATIBLE,
    /** The server answered with an error, or named no stream. */
    SERVER_ERROR,
    /** Both ends are behind firewalls and no way around them is known. */
    CANNOT_HOLEPUNCH,
    /** The server did not come to us in time, or could not be reached on the local network. */
    HOLEPUNCH_ABORTED,
    /** The public key is not a usable point of the curve, so nobody can own it. */
    INVALID_KEY,
    /** {@link Connection#destroy} was called before the connection was open. */
    DESTROYED,
    /** The node is suspended. */
    SUSPENDED,
    /** The node is closed. */
    NODE_CLOSED,
    /** The node has no room for another stream or query. */
    OVERLOADED
}
