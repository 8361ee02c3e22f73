package org.aliasrpc.udx;

import org.jspecify.annotations.Nullable;

/**
 * Judges which packets are lost: by time and order of delivery (RACK), by the retransmission timeout, and with tail probes
 * when nothing follows a loss (TLP). RFC 8985 as udx.md §12 tells it; there is no counter of duplicate acknowledgements.
 */
final class LossDetector {
    /** Above this many packets past a gap, a gap is a loss as long as no reordering was ever seen. */
    private static final int SACKED_FOR_LOSS = 3;

    /** What a peer may wait before it acknowledges a single packet. */
    private static final long ACK_DELAY = 2_000_000;

    /** Turns of event loops take about a millisecond: below, tail probes would all be spurious. */
    private static final long SHORTEST_TAIL_PROBE = 3_000_000;

    /** Tail probes in a row that nothing answers. */
    private static final int MAX_TAIL_PROBES = 4;

    private final SentPackets sent;
    private final RttEstimator rtt;
    private final MtuSearch mtu;
    private State state = State.OPEN;
    private int recoveryEnd;
    private long rackRtt;
    private long rackSentNanos = Long.MIN_VALUE;
    private int rackSeq;
    private int fack;
    private boolean reorderingSeen;
    private long reorderDeadline;
    private int probes;

    LossDetector(SentPackets sent, RttEstimator rtt, MtuSearch mtu) {
        this.sent = sent;
        this.rtt = rtt;
        this.mtu = mtu;
        this.fack = sent.next();
    }

    State state() {
        return state;
    }

    /** When to call {@link #detect} again though no acknowledgement came; 0 if never. */
    long reorderDeadline() {
        return reorderDeadline;
    }

    /** A packet is acknowledged; its last sending is still noted in it. */
    void onAcked(SentPacket packet, long nowNanos) {
        long elapsed = nowNanos - packet.sentNanos;
        probes = 0;
        if (isAnswerToLatest(packet, elapsed)) {
            rackRtt = elapsed;
            onDelivered(packet, packet.sentNanos);
        } else {
            // One sending or the other: all that left before the first of them had its chance to arrive. Without this a
            // lost
            // end of a burst is repaired by tail probes alone, one packet for each.
            onDelivered(packet, packet.begunNanos);
        }
        if (packet.seq + 1 - fack > 0) {
            fack = packet.seq + 1;
        } else if (!packet.retransmitted()) {
            reorderingSeen = true;
        }
    }

    /**
     * An answer much faster than a round trip is one to an earlier sending and says nothing about this one. The reference
     * compares with the minimum only, as is done here with packets that were known to be lost; of others, sent again on
     * suspicion, one needless repetition behind a long queue would then make all of that queue look lost.
     */
    private boolean isAnswerToLatest(SentPacket packet, long elapsed) {
        long shortest = packet.knownLost ? rtt.minimum() : Math.max(rtt.minimum(), rtt.smoothed() / 2);
        return !packet.retransmitted() || elapsed >= shortest;
    }

    private void onDelivered(SentPacket packet, long sentNanos) {
        if (sentNanos > rackSentNanos || (sentNanos == rackSentNanos && packet.seq + 1 - rackSeq > 0)) {
            rackSentNanos = sentNanos;
            rackSeq = packet.seq + 1;
        }
    }

    /**
     * The ack field moved up.
     *
     * @return whether recovery, or the time after a timeout, ended by it
     */
    boolean onAdvanced(int ack) {
        // The reference waits for a packet sent after the loss and may stay in recovery for ever when idle, where
        // tail probes are off (udx.md §12.4). All that was open at the loss being acknowledged is enough (RFC 6675).
        if (state != State.OPEN && ack - recoveryEnd >= 0) {
            state = State.OPEN;
            return true;
        }
        return false;
    }

    /**
     * Judges packets sent before one that was delivered.
     *
     * @return how many were lost to congestion: probes of the MTU do not count
     */
    int detect(long nowNanos) {
        reorderDeadline = 0;
        long window = reorderWindow();
        int congested = 0;
        SentPacket packet = sent.firstInFlight();
        while (packet != null && isBeforeDelivered(packet)) {
            long due = packet.sentNanos + rackRtt + window;
            if (due > nowNanos) {
                reorderDeadline = due; // the rest was sent later
                break;
            }
            SentPacket next = packet.later;
            packet.knownLost = true;
            congested += judgeLost(packet);
            packet = next;
        }
        return congested;
    }

    /**
     * Begins recovery after {@link #detect} found losses.
     *
     * @return false if it goes on already
     */
    boolean enterRecovery() {
        if (state != State.OPEN) {
            return false;
        }
        state = State.RECOVERY;
        recoveryEnd = sent.next();
        return true;
    }

    /** The retransmission timer fired: the oldest packet and all that had their time are lost. */
    void onTimeout(long nowNanos) {
        state = State.LOSS;
        recoveryEnd = sent.next();
        reorderDeadline = 0;
        SentPacket oldest = sent.get(sent.una());
        if (oldest != null) {
            oldest.knownLost = false;
            judgeLost(oldest);
        }
        long time = rackRtt + reorderWindow();
        SentPacket packet = sent.firstInFlight();
        while (packet != null && packet.sentNanos + time <= nowNanos) {
            SentPacket next = packet.later;
            packet.knownLost = false;
            judgeLost(packet);
            packet = next;
        }
    }

    /**
     * Whether a tail probe may be armed. The reference has one at a time, none in recovery and none above a gap (udx.md
     * §12.3), where a lost last repetition then costs a timeout of seconds. Here they go on at growing intervals, as in
     * QUIC (RFC 9002 §6.2), until the timeout takes over.
     */
    boolean mayProbe() {
        return rtt.hasSample() && probes < MAX_TAIL_PROBES;
    }

    /** How long after the last sending the next tail probe leaves. */
    long tailProbeNanos() {
        long delay = 2 * rtt.smoothed() + (sent.next() - sent.una() == 1 ? ACK_DELAY : 0);
        return Math.max(delay, SHORTEST_TAIL_PROBE) << probes;
    }

    /**
     * A tail probe is due.
     *
     * @return whether it is the first since anything was acknowledged
     */
    boolean onTailProbe() {
        probes++;
        return probes == 1;
    }

    /** The packet a tail probe repeats, or null: one known to be lost, the last one, or one before it that is open. */
    @Nullable
    SentPacket tailProbe() {
        SentPacket lost = sent.firstLost();
        if (lost != null) {
            return lost;
        }
        SentPacket last = sent.isEmpty() ? null : sent.get(sent.next() - 1);
        SentPacket probe = last != null ? last : sent.firstInFlight();
        if (probe != null) {
            probe.knownLost = false;
        }
        return probe;
    }

    private long reorderWindow() {
        if (!reorderingSeen && (state != State.OPEN || sent.sackedCount() >= SACKED_FOR_LOSS)) {
            return 0;
        }
        return Math.min(rtt.minimum() / 4, rtt.smoothed());
    }

    private boolean isBeforeDelivered(SentPacket packet) {
        return packet.sentNanos < rackSentNanos || (packet.sentNanos == rackSentNanos && packet.seq + 1 - rackSeq < 0);
    }

    private int judgeLost(SentPacket packet) {
        sent.onLost(packet);
        if (packet.probeSize == 0) {
            return 1;
        }
        mtu.onProbeLost(packet.probeSize);
        packet.probeSize = 0;
        packet.padding = 0; // repeated without
        return 0;
    }

    /** What recent losses mean for sending. */
    enum State {
        /** All is well. */
        OPEN,
        /** A loss is being repaired. */
        RECOVERY,
        /** The retransmission timer fired. */
        LOSS
    }
}
