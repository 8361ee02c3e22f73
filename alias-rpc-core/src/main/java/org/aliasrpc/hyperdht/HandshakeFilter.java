package org.aliasrpc.hyperdht;

import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.net.PeerAddress;

/**
 * Decides which clients a listener answers. Asked inside the node's calls: it decides at once and calls nothing back. A
 * client that is turned away sees silence (hyperdht.md §6.3).
 */
@FunctionalInterface
public interface HandshakeFilter {
    /** Answers everybody. */
    HandshakeFilter ACCEPT_ALL = (remotePublicKey, remotePayload, clientAddress) -> Verdict.ACCEPT;

    /**
     * @param remotePublicKey the client's key, which it has proven to own unless this is a replay
     * @param remotePayload what it says about itself
     * @param clientAddress where it is, as the node in between says
     */
    Verdict decide(PublicKey remotePublicKey, NoisePayload remotePayload, PeerAddress clientAddress);

    /** What to do with a client. */
    enum Verdict {
        /** Answer. */
        ACCEPT,
        /** Do not answer. */
        REJECT,
        /** Not known yet: the owner is asked by {@link HyperDhtEvent.VerdictRequested}. */
        ASK
    }
}
