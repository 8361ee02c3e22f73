package org.aliasrpc.dht;

import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/** What others say about our address, and the event when that changes (dht-rpc.md §9.3). */
final class NatSamples {
    private final Queue<RpcEvent> events;
    private final int maxWithoutId;
    private final Set<PeerAddress> sampledWithoutId = new HashSet<>();
    private NatSampler sampler = new NatSampler();

    /**
     * @param bootstrapNodes how many are configured; so many nodes without id are believed once each, for bootstrap
     *     nodes may be ephemeral
     */
    NatSamples(int bootstrapNodes, Queue<RpcEvent> events) {
        this.maxWithoutId = Math.max(1, bootstrapNodes);
        this.events = events;
    }

    NatSampler sampler() {
        return sampler;
    }

    @Nullable
    PeerAddress address() {
        return sampler.address();
    }

    void add(PeerAddress stated) {
        PeerAddress before = sampler.address();
        sampler.add(stated);
        onChange(before);
    }

    /** A node without valid id answered. */
    void addWithoutId(PeerAddress from, PeerAddress stated) {
        if (sampledWithoutId.size() < maxWithoutId && sampledWithoutId.add(from)) {
            add(stated);
        }
    }

    /** Goes on with what was sampled for another socket, which is the active one from now on. */
    void replace(NatSampler other) {
        PeerAddress before = sampler.address();
        sampler = other;
        sampledWithoutId.clear();
        onChange(before);
    }

    private void onChange(@Nullable PeerAddress before) {
        PeerAddress now = sampler.address();
        if (now == null ? before != null : !now.equals(before)) {
            events.add(new RpcEvent.NatUpdate(now));
        }
    }
}
