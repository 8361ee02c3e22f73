package org.aliasrpc.sim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * A box in front of one host, which lets datagrams in only from addresses that something was sent to before.
 *
 * <p>It keeps the ports, or gives each inside address one outside port, or one for each destination.
 */
public final class SimFirewall implements SimNat {
    /** Which ports others see. */
    public enum Ports {
        KEPT,
        MAPPED,
        VARYING
    }

    private final String outside;
    private final Ports ports;
    private final Map<Mapping, PeerAddress> outward = new HashMap<>();
    private final Map<PeerAddress, PeerAddress> inward = new HashMap<>();
    private final Set<Mapping> allowed = new HashSet<>();
    private int nextPort = 40000;

    /**
     * @param outside the address others see
     * @param ports which ports others see
     */
    public SimFirewall(String outside, Ports ports) {
        this.outside = outside;
        this.ports = ports;
    }

    @Override
    public PeerAddress outbound(PeerAddress inside, PeerAddress to, long nowNanos) {
        Mapping key = new Mapping(inside, ports == Ports.VARYING ? to : inside);
        PeerAddress mapped = outward.computeIfAbsent(
                key, mapping -> PeerAddress.of(outside, ports == Ports.KEPT ? inside.port() : nextPort++));
        inward.put(mapped, inside);
        allowed.add(new Mapping(mapped, to));
        return mapped;
    }

    @Override
    public @Nullable PeerAddress inbound(PeerAddress to, PeerAddress from, long nowNanos) {
        return allowed.contains(new Mapping(to, from)) ? inward.get(to) : null;
    }

    @Override
    public boolean owns(PeerAddress address) {
        return address.host().equals(outside);
    }

    private record Mapping(PeerAddress from, PeerAddress to) {}
}
