package org.aliasrpc.hyperswarm;

/**
 * What the owner of {@link PeerConnections} has to do.
 *
 * @param <C> the owner's connections
 */
public sealed interface SwarmAction<C> {
    /**
     * Hand an incoming connection to the user. If it waited for another one to close, none of its bytes have been taken.
     *
     * @param connection accepted
     */
    record Accept<C>(C connection) implements SwarmAction<C> {}

    /**
     * Destroy a connection ("Duplicate connection"), and report when it has closed.
     *
     * @param connection refused, or replaced by a newer one
     */
    record Destroy<C>(C connection) implements SwarmAction<C> {}

    /**
     * Send a keep-alive, to find out whether the other end still knows this connection.
     *
     * @param connection which stays
     */
    record Probe<C>(C connection) implements SwarmAction<C> {}
}
