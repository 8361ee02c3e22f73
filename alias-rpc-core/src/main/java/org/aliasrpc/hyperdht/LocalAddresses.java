package org.aliasrpc.hyperdht;

import java.util.List;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * Finds the address of a peer that is most likely on the same network as this host.
 *
 * <p>Source: docs/protocol/hyperdht.md §7.6.
 */
final class LocalAddresses {
    private LocalAddresses() {}

    /**
     * The first pair that shares three leading octets wins, then two, then one; own addresses are the outer loop.
     *
     * @param own addresses of this host; ports do not matter
     * @param remote the peer's addresses
     * @return one of {@code remote}, or null when none shares even the first octet
     */
    static @Nullable PeerAddress match(List<PeerAddress> own, List<PeerAddress> remote) {
        PeerAddress best = null;
        int bestShared = 0;
        for (PeerAddress mine : own) {
            for (PeerAddress theirs : remote) {
                int shared = sharedOctets(mine, theirs);
                if (shared > bestShared) {
                    best = theirs;
                    bestShared = shared;
                }
            }
        }
        return best;
    }

    /** Leading octets that are equal, counted up to three: a fourth makes no better match. */
    private static int sharedOctets(PeerAddress a, PeerAddress b) {
        if (!a.isIpv4() || !b.isIpv4()) {
            return 0;
        }
        return Math.min(3, Integer.numberOfLeadingZeros(a.ipv4() ^ b.ipv4()) / 8);
    }
}
