package org.aliasrpc.sim;

import java.util.HashSet;
import java.util.Set;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * A router in front of one host that forwards every port, unless told not to, and whose public address changes as that of a
 * dial-in does.
 */
public final class SimRouter implements SimNat {
    private final String inside;
    private final Set<String> owned = new HashSet<>();
    private final Set<Flow> flows = new HashSet<>();
    private String outside;
    private boolean forwarding = true;

    /**
     * @param inside the host behind it
     * @param outside its address, as others see it
     */
    public SimRouter(String inside, String outside) {
        this.inside = inside;
        this.outside = outside;
        owned.add(outside);
    }

    /** From now on it has another address; what is sent to the one before is lost. */
    public void move(String newOutside) {
        outside = newOutside;
        owned.add(newOutside);
    }

    /** Whether to let in what nobody asked for; else only answers come in. */
    public void forward(boolean all) {
        forwarding = all;
    }

    @Override
    public PeerAddress outbound(PeerAddress from, PeerAddress to, long nowNanos) {
        flows.add(new Flow(from.port(), to));
        return PeerAddress.of(outside, from.port());
    }

    @Override
    public @Nullable PeerAddress inbound(PeerAddress to, PeerAddress from, long nowNanos) {
        boolean letIn = forwarding || flows.contains(new Flow(to.port(), from));
        return letIn && to.host().equals(outside) ? PeerAddress.of(inside, to.port()) : null;
    }

    @Override
    public boolean owns(PeerAddress address) {
        return owned.contains(address.host());
    }

    private record Flow(int port, PeerAddress remote) {}
}
