package org.aliasrpc.dht;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Limits the requests in the air, which protects the network: a window of four slots, one for each drain interval
 * (dht-rpc.md §7.5).
 */
final class CongestionWindow {
    /** Time between two drains. */
    static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(750);

    /** Unanswered datagrams in one slot. */
    static final int MAX_PER_SLOT = 80;

    private static final int SLOTS = 4;

    private final int maxPerSlot;
    private final int[] slots = new int[SLOTS];
    private int current;
    private int total;

    CongestionWindow(int maxPerSlot) {
        this.maxPerSlot = maxPerSlot;
    }

    /** Whether the next datagram has to wait. */
    boolean isFull() {
        return total >= 2 * maxPerSlot || slots[current] >= maxPerSlot;
    }

    /** A datagram was sent, be it a repetition. */
    void onSend() {
        slots[current]++;
        total++;
    }

    /** A request has ended, with or without answer. */
    void onEnd() {
        if (slots[current] > 0) {
            slots[current]--;
            total--;
        }
    }

    /** A drain interval has passed: forgets the oldest slot. */
    void drain() {
        current = (current + 1) % SLOTS;
        total -= slots[current];
        slots[current] = 0;
    }

    void clear() {
        Arrays.fill(slots, 0);
        current = 0;
        total = 0;
    }

    @Override
    public String toString() {
        return Arrays.toString(slots).replace(" ", "") + " of which slot " + current + " is current, total " + total;
    }
}
