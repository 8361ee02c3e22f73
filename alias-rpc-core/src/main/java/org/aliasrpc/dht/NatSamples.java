package org.aliasrpc.dht;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * What others say about our address, and the event when that changes (dht-rpc.md §9.3).
 *
 * <p>A node is sampled once in 30 minutes, so that few cannot outvote many. In the reference a node whose public address
 * has changed, as that of a router does that dials in anew, therefore goes on telling peers the old one for up to two
 * hours, and nobody behind a NAT reaches its servers. Here the samples are given up as soon as the nodes that answered
 * last, each counted once, agree on another host.
 */
final class NatSamples {
    /** Distinct nodes that have to agree that we are elsewhere, unless we know fewer. */
    private static final int MOVED = 3;

    private final Queue<RpcEvent> events;
    private final int maxWithoutId;
    private final Set<PeerAddress> sampledWithoutId = new HashSet<>();

    /** What each of the nodes that answered last stated, the latest answer last. */
    private final Map<PeerAddress, PeerAddress> answers = new LinkedHashMap<>();

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

    /**
     * A node with a valid id answered on the active socket. Requests do not count here: anybody can send them in a node's
     * name.
     *
     * @param knownNodes how many nodes there are that could answer
     */
    void onAnswer(PeerAddress from, PeerAddress stated, int knownNodes) {
        answers.remove(from);
        answers.put(from, stated);
        while (answers.size() > Math.min(NatSampler.SIZE, Math.max(1, knownNodes))) {
            answers.remove(answers.keySet().iterator().next()); // maybe of a node that is gone
        }
        PeerAddress believed = sampler.address();
        if ((believed != null && believed.sameHost(stated)) || answers.size() < Math.min(MOVED, knownNodes)) {
            return;
        }
        NatSampler latest = new NatSampler();
        answers.values().forEach(latest::add);
        PeerAddress agreed = latest.address();
        if (agreed != null && (believed == null || !agreed.sameHost(believed))) {
            sampler = latest;
            onChange(believed);
        }
    }

    /** Goes on with what was sampled for another socket, which is the active one from now on. */
    void replace(NatSampler other) {
        PeerAddress before = sampler.address();
        sampler = other;
        sampledWithoutId.clear();
        answers.clear(); // they were about the other socket
        onChange(before);
    }

    private void onChange(@Nullable PeerAddress before) {
        PeerAddress now = sampler.address();
        if (now == null ? before != null : !now.equals(before)) {
            events.add(new RpcEvent.NatUpdate(now));
        }
    }
}
