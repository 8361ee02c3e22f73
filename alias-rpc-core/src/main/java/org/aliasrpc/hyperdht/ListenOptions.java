package org.aliasrpc.hyperdht;

import org.aliasrpc.crypto.KeyPair;

/**
 * How to listen. Start from {@link #of}.
 *
 * @param keyPair the identity to be found under; not closed by the node
 * @param filter which clients to answer
 * @param shareLocalAddress whether clients are told the addresses of this host's interfaces, so that those on the same
 *     network connect directly
 */
public record ListenOptions(KeyPair keyPair, HandshakeFilter filter, boolean shareLocalAddress) {
    /** Answers everybody and shares local addresses. */
    public static ListenOptions of(KeyPair keyPair) {
        return new ListenOptions(keyPair, HandshakeFilter.ACCEPT_ALL, true);
    }

    /** The same with another filter. */
    public ListenOptions withFilter(HandshakeFilter other) {
        return new ListenOptions(keyPair, other, shareLocalAddress);
    }

    /** The same with or without sharing of local addresses. */
    public ListenOptions withShareLocalAddress(boolean share) {
        return new ListenOptions(keyPair, filter, share);
    }
}
