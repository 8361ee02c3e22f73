package org.aliasrpc.udx;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Puts packets back in order and keeps account of the receive window (udx.md §6.2 steps 1 and 3, §7, §9).
 *
 * <p>What is stored, and so reported in SACK blocks, stays stored: the peer never sends it again.
 */
final class ReceiveBuffer {
    /** Packets further ahead of the next expected one are dropped: several times what fits the window (udx.md §23). */
    static final int MAX_AHEAD = 1 << 15;

    /**
     * Bytes accepted beyond the window, for a peer that counts in packets (udx.md §8.4); twice that for the very next
     * packet, which is what everything else waits for.
     */
    static final int MAX_OVERRUN = 64 << 10;

    /** Bytes kept for a stream that is not connected yet. */
    static final int MAX_BEFORE_CONNECT = 64 << 10;

    private static final int SMALLEST = 64;
    private static final byte[] NO_BYTES = new byte[0];

    /** Two full packets at the largest MTU: a window that is worth telling about (udx.md §9.4). */
    private static final int WINDOW_UPDATE = 2 * PacketWriter.MAX_DATAGRAM;

    /** About what a stored packet takes beside its payload. */
    private static final int PACKET_BYTES = 24;

    private static final int SLOT_BYTES = 8;

    private final int capacity;
    private final ReceiveBudget budget;
    private final ReceivedBytes inOrder = new ReceivedBytes();
    private byte[] @Nullable [] ahead = new byte[0][];
    private SeqSet stored = new SeqSet(SMALLEST);
    private int next;
    private int storedEnd;
    private int storedCount;
    private long storedBytes;
    private long unconsumed;
    private long handedOut;
    private boolean connected;
    private boolean endKnown;
    private int endSeq;
    private boolean cleared;
    private long accounted; // of the budget
    private long advertised; // the last window the peer was told, or believes in

    /**
     * @param initialSeq the number of the peer's first packet
     * @param capacity the largest window, in bytes
     * @param budget of all streams
     */
    ReceiveBuffer(int initialSeq, int capacity, ReceiveBudget budget) {
        this.budget = budget;
        this.next = initialSeq;
        this.storedEnd = initialSeq;
        this.capacity = capacity;
        this.advertised = capacity;
    }

    /** The number of the packet expected next; what goes into ack fields. */
    int next() {
        return next;
    }

    /** Whether all packets up to the peer's END are here. */
    boolean ended() {
        return endKnown && next - endSeq > 0;
    }

    /** Whether packets wait for an earlier one. */
    boolean hasGaps() {
        return storedCount > 0;
    }

    void onConnected() {
        connected = true;
    }

    /** Takes a packet with DATA or END. */
    Outcome offer(Packet packet) {
        Outcome outcome = take(packet);
        account();
        return outcome;
    }

    private Outcome take(Packet packet) {
        int distance = packet.seq() - next;
        if (distance < 0 || (endKnown && packet.seq() - endSeq > 0)) {
            return Outcome.NOTHING_NEW;
        }
        if (distance >= MAX_AHEAD) {
            return Outcome.REFUSED;
        }
        int length = packet.has(Packet.DATA) ? packet.payloadLength() : 0;
        int overrun = distance == 0 ? 2 * MAX_OVERRUN : MAX_OVERRUN;
        long limit = connected ? (long) capacity + overrun : MAX_BEFORE_CONNECT;
        if (unconsumed + storedBytes + length > limit) {
            return Outcome.NOTHING_NEW; // acknowledged with the window of zero that the peer should have seen
        }
        if (isOverShare(distance, length)) {
            return Outcome.NOTHING_NEW; // as if lost: the peer learns of the smaller window and sends it again
        }
        if (distance > 0 && stored.contains(packet.seq()) && packet.seq() - storedEnd < 0) {
            return Outcome.NOTHING_NEW;
        }
        if (packet.has(Packet.END) && !endKnown) {
            endKnown = true;
            endSeq = packet.seq();
        }
        if (distance > 0) {
            store(packet, length);
            return Outcome.OUT_OF_ORDER;
        }
        if (length > 0) {
            inOrder.add(packet);
            unconsumed += length;
        }
        next++;
        if (storedCount == 0) {
            storedEnd = next;
            return Outcome.IN_ORDER;
        }
        drain();
        return Outcome.OUT_OF_ORDER;
    }

    /** The next packet is what everything stored waits for, so it is measured by what the application has not taken. */
    private boolean isOverShare(int distance, int length) {
        long share = budget.share();
        if (distance == 0) {
            return unconsumed + length > share;
        }
        int slots = distance < ahead.length ? 0 : slotsFor(distance + 1) - ahead.length;
        return accounted + length + PACKET_BYTES + (long) slots * SLOT_BYTES > share;
    }

    private void account() {
        long now = cleared
                ? 0
                : unconsumed + storedBytes + (long) storedCount * PACKET_BYTES + (long) ahead.length * SLOT_BYTES;
        if (now != accounted) {
            budget.add(now - accounted);
            accounted = now;
        }
    }

    private static int slotsFor(int span) {
        return Math.max(SMALLEST, Integer.highestOneBit(span - 1) << 1);
    }

    private void store(Packet packet, int length) {
        int span = packet.seq() - next + 1;
        if (span > ahead.length) {
            grow(span);
        }
        byte[] bytes = length == 0 ? NO_BYTES : new byte[length];
        if (length > 0) {
            packet.copyPayload(bytes, 0);
        }
        ahead[packet.seq() & (ahead.length - 1)] = bytes;
        stored.add(packet.seq());
        storedCount++;
        storedBytes += length;
        if (packet.seq() + 1 - storedEnd > 0) {
            storedEnd = packet.seq() + 1;
        }
    }

    private void grow(int span) {
        int length = slotsFor(span);
        byte[] @Nullable [] larger = new byte[length][];
        for (int seq = stored.next(next, storedEnd); seq != storedEnd; seq = stored.next(seq + 1, storedEnd)) {
            larger[seq & (length - 1)] = ahead[seq & (ahead.length - 1)];
        }
        if (stored.capacity() < length) {
            stored.grow(next, length);
        }
        ahead = larger;
    }

    private void drain() {
        while (storedCount > 0 && stored.contains(next) && !ended()) {
            int slot = next & (ahead.length - 1);
            byte[] bytes = ahead[slot];
            ahead[slot] = null;
            stored.remove(next);
            storedCount--;
            next++;
            if (bytes != null && bytes.length > 0) {
                storedBytes -= bytes.length;
                unconsumed += bytes.length;
                inOrder.add(bytes);
            }
        }
        if (storedCount == 0) {
            storedEnd = next;
            if (ahead.length > SMALLEST) {
                ahead = new byte[0][];
                stored = new SeqSet(SMALLEST);
            }
        }
    }

    /** The start of the first run of stored packets from a number on, or {@link #storedEnd} if there is none. */
    int nextStored(int from) {
        return stored.next(from, storedEnd);
    }

    /** The end of a run of stored packets. */
    int nextMissing(int from) {
        return stored.nextAbsent(from, storedEnd);
    }

    /** One past the highest stored packet. */
    int storedEnd() {
        return storedEnd;
    }

    /** The next bytes for the application, or null. */
    @Nullable
    ByteBuffer take() {
        ByteBuffer piece = inOrder.take();
        if (piece != null) {
            handedOut += piece.remaining();
        }
        return piece;
    }

    boolean hasBytes() {
        return !inOrder.isEmpty();
    }

    /**
     * The application is done with bytes.
     *
     * @return whether the peer should be told that the window opened
     */
    boolean consumed(int bytes) {
        if (bytes < 0 || bytes > handedOut) {
            throw new IllegalArgumentException(bytes + " bytes consumed of " + handedOut + " handed out");
        }
        handedOut -= bytes;
        unconsumed -= bytes;
        account();
        long window = window();
        if (!connected || window <= advertised) {
            return false;
        }
        boolean wasClosed = advertised < PacketWriter.MAX_DATAGRAM;
        return wasClosed ? window >= Math.min(WINDOW_UPDATE, capacity) : window - advertised >= capacity / 2;
    }

    /** Bytes that can be taken now. */
    int window() {
        return (int) Math.max(0, Math.min(capacity, budget.share()) - unconsumed - storedBytes);
    }

    /** The window, as written into a packet. */
    int advertise() {
        int window = window();
        advertised = window;
        return window;
    }

    /** Forgets packets that will never be in order. */
    void clear() {
        ahead = new byte[0][];
        stored = new SeqSet(SMALLEST);
        storedCount = 0;
        storedBytes = 0;
        storedEnd = next;
        cleared = true; // what is left is taken soon, or never
        account();
    }

    /** What became of a packet. */
    enum Outcome {
        /** It was the next one and nothing waits: its acknowledgement may be merged with others. */
        IN_ORDER,
        /** There are or were gaps: acknowledge at once. */
        OUT_OF_ORDER,
        /** Seen before, behind the end, or beyond the window: acknowledge at once what is here. */
        NOTHING_NEW,
        /** Far off the window: dropped without an answer. */
        REFUSED
    }
}
