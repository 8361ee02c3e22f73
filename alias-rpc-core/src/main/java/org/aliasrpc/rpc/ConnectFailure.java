package org.aliasrpc.rpc;

/**
 * Why a connection could not be made, as the owner of a pool tells it.
 *
 * @param kind what a program can act on
 * @param reason for people
 */
public record ConnectFailure(Kind kind, String reason) {
    /** Kinds of failure. */
    public enum Kind {
        /** The DHT knows no route to the key. */
        PEER_NOT_FOUND,
        /** A route was there and did not lead to a connection. */
        FAILED,
        /** This side's DHT node is gone: there is no sense in trying again. */
        NODE_CLOSED
    }
}
