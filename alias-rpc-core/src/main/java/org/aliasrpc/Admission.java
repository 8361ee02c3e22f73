package org.aliasrpc;

import java.util.Set;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.hyperdht.HandshakeFilter;
import org.aliasrpc.hyperdht.NoisePayload;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/** Who may connect to a listener: a set of keys is asked at once, a firewall of the user's on the callback executor. */
final class Admission {
    /**
     * Verdicts that the firewall was asked for and has not given, those included that nobody awaits any more; in excess
     * the answer is no.
     */
    static final int MAX_VERDICTS_ASKED = 1024;

    private final LiveHyperDht dht;
    private final @Nullable Set<PublicKey> allowed;
    private final Hyperswarm.@Nullable Firewall firewall;
    private final Rejections rejections;

    // Confined to the loop.
    private int verdictsAsked;

    /**
     * @param allowed keys that may connect without a question; null means everybody unless there is a firewall
     * @param firewall is asked about all others; null means that they may not connect
     * @param rejections hears who may not
     */
    Admission(
            LiveHyperDht dht,
            @Nullable Set<PublicKey> allowed,
            Hyperswarm.@Nullable Firewall firewall,
            Rejections rejections) {
        this.dht = dht;
        this.allowed = allowed == null ? null : Set.copyOf(allowed);
        this.firewall = firewall;
        this.rejections = rejections;
    }

    /** As a firewall says; everybody if there is none. */
    static Admission of(LiveHyperDht dht, Hyperswarm.@Nullable Firewall firewall) {
        return new Admission(dht, firewall == null ? null : Set.of(), firewall, (remote, payload, address) -> {});
    }

    /** Hears of handshakes that were refused. On the loop, within the node's calls. */
    @FunctionalInterface
    interface Rejections {
        void onRejected(PublicKey remote, NoisePayload payload, PeerAddress address);
    }

    HandshakeFilter.Verdict decide(PublicKey remote, NoisePayload payload, PeerAddress address) {
        if (allowed == null || allowed.contains(remote)) {
            return HandshakeFilter.Verdict.ACCEPT;
        } else if (firewall != null) {
            return HandshakeFilter.Verdict.ASK;
        }
        rejections.onRejected(remote, payload, address);
        return HandshakeFilter.Verdict.REJECT;
    }

    /** The node wants the answer to {@link HandshakeFilter.Verdict#ASK}. */
    void ask(long handshake, PublicKey remote, NoisePayload payload, PeerAddress address) {
        Hyperswarm.Firewall decides = firewall;
        if (decides == null || verdictsAsked >= MAX_VERDICTS_ASKED) {
            dht.onVerdict(handshake, false);
            return;
        }
        verdictsAsked++;
        dht.callbacks().execute(() -> {
            boolean rejected = true;
            try {
                rejected = decides.rejects(remote);
            } finally {
                boolean accepted = !rejected;
                dht.loop().tryExecute(() -> {
                    verdictsAsked--;
                    if (!accepted) {
                        rejections.onRejected(remote, payload, address);
                    }
                    dht.onVerdict(handshake, accepted);
                });
            }
        });
    }
}
