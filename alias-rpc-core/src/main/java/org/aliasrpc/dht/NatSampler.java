package org.aliasrpc.dht;

import java.util.ArrayList;
import java.util.List;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * Finds out our public address from what others say about it: the address, or the host alone if the ports differ, that
 * a large enough part of the last 16 statements agrees on (dht-rpc.md §9.3).
 */
final class NatSampler {
    /** Statements remembered. */
    static final int SIZE = 16;

    private static final int LOOK_BACK = 4;

    private final List<Sample> withPort = new ArrayList<>(SIZE);
    private final List<Sample> hostOnly = new ArrayList<>(SIZE);
    private @Nullable Sample bestWithPort;
    private @Nullable Sample bestHost;
    private @Nullable PeerAddress result;
    private int threshold;
    private int next;

    /**
     * What most agree on: null if nothing, port 0 if only the host.
     */
    @Nullable
    PeerAddress address() {
        return result;
    }

    /**
     * @param stated our address as a node states it
     */
    void add(PeerAddress stated) {
        int count = Math.min(withPort.size() + 1, SIZE);
        if (withPort.size() < SIZE) {
            threshold = count - (count < 4 ? 0 : count < 8 ? 1 : count < 12 ? 2 : 3);
        }
        Sample a = place(withPort, stated);
        Sample b = place(hostOnly, stated.withPort(0));
        next = (next + 1) % SIZE;
        // The best is remembered even after it left the ring; its hits fall then.
        if (bestWithPort == null || bestWithPort.hits < a.hits) {
            bestWithPort = a;
        }
        if (bestHost == null || bestHost.hits < b.hits) {
            bestHost = b;
        }
        result = bestWithPort.hits >= threshold
                ? bestWithPort.address
                : bestHost.hits >= threshold ? bestHost.address : null;
    }

    private Sample place(List<Sample> ring, PeerAddress address) {
        Sample sample = null;
        for (int back = 1; back <= Math.min(LOOK_BACK, ring.size()); back++) {
            Sample recent = ring.get(Math.floorMod(next - back, SIZE));
            if (recent.address.equals(address)) {
                sample = recent;
                break;
            }
        }
        if (sample == null) {
            sample = new Sample(address);
        }
        sample.hits++;
        if (ring.size() < SIZE) {
            ring.add(sample);
        } else {
            ring.set(next, sample).hits--;
        }
        return sample;
    }

    /** An address and the number of places of the ring that refer to it. */
    private static final class Sample {
        private final PeerAddress address;
        private int hits;

        Sample(PeerAddress address) {
            this.address = address;
        }
    }
}
