package org.aliasrpc.udx;

import org.jspecify.annotations.Nullable;

/**
 * Packets sent and not acknowledged: by sequence number, by order of sending while they are in flight, and those judged
 * lost, lowest first.
 */
final class SentPackets {
    /** Sequence numbers between the oldest open packet and the next; a sender waits at this. A power of two. */
    static final int MAX_SPAN = 1 << 14;

    private static final int SMALLEST = 64;

    /** Above this size the ring is given up whenever it is empty: idle streams must be small. */
    private static final int KEPT = 256;

    private @Nullable SentPacket[] ring = new SentPacket[0];
    private SeqSet open = new SeqSet(SMALLEST);
    private SeqSet lost = new SeqSet(SMALLEST);
    private int una;
    private int next;
    private int inFlight;
    private int lostCount;
    private int openCount;
    private long openBytes;
    private @Nullable SentPacket first;
    private @Nullable SentPacket last;

    SentPackets(int initialSeq) {
        una = initialSeq;
        next = initialSeq;
    }

    /** The lowest number not acknowledged by an ack field. */
    int una() {
        return una;
    }

    /** The number of the next new packet. */
    int next() {
        return next;
    }

    /** Packets sent, not acknowledged and not judged lost. */
    int inFlight() {
        return inFlight;
    }

    /** Packets judged lost and not sent again yet. */
    int lostCount() {
        return lostCount;
    }

    /** Packets acknowledged by SACK above a gap. */
    int sackedCount() {
        return next - una - openCount;
    }

    /** Whether everything is acknowledged by ack fields. */
    boolean isEmpty() {
        return una == next;
    }

    /** Payload bytes of packets that are not acknowledged in any way. */
    long openBytes() {
        return openBytes;
    }

    boolean isFull() {
        return next - una >= MAX_SPAN;
    }

    /** Adds the next packet; its number is {@link #next}. */
    void add(SentPacket packet) {
        int span = next - una + 1;
        if (span > ring.length) {
            grow();
        }
        ring[next & (ring.length - 1)] = packet;
        open.add(next);
        next++;
        openCount++;
        openBytes += packet.payload.length();
    }

    /** The packet with a number between {@link #una} and {@link #next}, or null if it is acknowledged. */
    @Nullable
    SentPacket get(int seq) {
        return ring.length == 0 ? null : ring[seq & (ring.length - 1)];
    }

    /** The lowest unacknowledged number from {@code from} on, or {@code to}; both within una to next. */
    int nextOpen(int from, int to) {
        return open.next(from, to);
    }

    /** The lowest packet judged lost, or null. */
    @Nullable
    SentPacket firstLost() {
        return lostCount == 0 ? null : get(lost.next(una, next));
    }

    /** The packet in flight that was sent longest ago, or null. */
    @Nullable
    SentPacket firstInFlight() {
        return first;
    }

    /** Notes that a packet left, for the first time or again. */
    void onSent(SentPacket packet) {
        if (packet.inFlight) {
            unlink(packet);
        } else if (lost.contains(packet.seq)) {
            lost.remove(packet.seq);
            lostCount--;
        }
        if (!packet.retransmitted()) {
            packet.begunNanos = packet.sentNanos;
        }
        packet.inFlight = true;
        inFlight++;
        packet.earlier = last;
        if (last == null) {
            first = packet;
        } else {
            last.later = packet;
        }
        last = packet;
    }

    /** Judges a packet lost: it is no longer in flight, and has to be sent again. */
    void onLost(SentPacket packet) {
        if (packet.inFlight) {
            unlink(packet);
        }
        if (!lost.contains(packet.seq)) {
            lost.add(packet.seq);
            lostCount++;
        }
    }

    /** Forgets an acknowledged packet. */
    void remove(SentPacket packet) {
        if (packet.inFlight) {
            unlink(packet);
        } else if (lost.contains(packet.seq)) {
            lost.remove(packet.seq);
            lostCount--;
        }
        open.remove(packet.seq);
        openCount--;
        ring[packet.seq & (ring.length - 1)] = null;
        openBytes -= packet.payload.length();
    }

    /** Moves the lowest number up; everything below has been {@linkplain #remove removed}. */
    void advance(int ack) {
        una = ack;
        if (una == next && ring.length > KEPT) {
            ring = new SentPacket[0];
            open = new SeqSet(SMALLEST);
            lost = new SeqSet(SMALLEST);
        }
    }

    /** Forgets everything. */
    void clear() {
        ring = new SentPacket[0];
        open = new SeqSet(SMALLEST);
        lost = new SeqSet(SMALLEST);
        una = next;
        inFlight = 0;
        lostCount = 0;
        openCount = 0;
        openBytes = 0;
        first = null;
        last = null;
    }

    private void unlink(SentPacket packet) {
        if (packet.earlier == null) {
            first = packet.later;
        } else {
            packet.earlier.later = packet.later;
        }
        if (packet.later == null) {
            last = packet.earlier;
        } else {
            packet.later.earlier = packet.earlier;
        }
        packet.earlier = null;
        packet.later = null;
        packet.inFlight = false;
        inFlight--;
    }

    private void grow() {
        int length = Math.max(SMALLEST, 2 * ring.length);
        @Nullable SentPacket[] larger = new SentPacket[length];
        for (int seq = una; seq != next; seq++) {
            larger[seq & (length - 1)] = ring[seq & (ring.length - 1)];
        }
        ring = larger;
        if (open.capacity() < length) {
            open.grow(una, length);
            lost.grow(una, length);
        }
    }
}
