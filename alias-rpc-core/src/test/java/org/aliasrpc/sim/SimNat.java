package org.aliasrpc.sim;

import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/** A NAT or firewall in front of some inside addresses. */
public interface SimNat {
    /**
     * A datagram leaves.
     *
     * @return the source address others see, or null to drop it
     */
    @Nullable
    PeerAddress outbound(PeerAddress inside, PeerAddress to, long nowNanos);

    /**
     * A datagram arrives at an outside address of this box.
     *
     * @return the inside address it is for, or null to drop it
     */
    @Nullable
    PeerAddress inbound(PeerAddress outside, PeerAddress from, long nowNanos);

    /** Whether this box owns an outside address. */
    boolean owns(PeerAddress outside);
}
