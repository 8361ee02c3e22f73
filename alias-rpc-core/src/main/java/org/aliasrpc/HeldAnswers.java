package org.aliasrpc;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Answers of one server that wait, over all connections: without a thread, and bounded, since strangers cause them. Does
 * no I/O and reads no clock. On the loop.
 *
 * @param <C> the owner's connections
 */
final class HeldAnswers<C> {
    /** Answers that wait at a time. */
    static final int MAX_HELD = 1024;

    /**
     * One answer.
     *
     * @param requestId names the request towards the connection's session
     */
    record Held<C>(C connection, long requestId, long dueNanos) {}

    private final PriorityQueue<Held<C>> held = new PriorityQueue<>(Comparator.comparingLong(Held::dueNanos));

    /** False if too many wait already. */
    boolean hold(C connection, long requestId, long dueNanos) {
        return held.size() < MAX_HELD && held.add(new Held<>(connection, requestId, dueNanos));
    }

    /** The next one whose time has come, or null. */
    @Nullable
    Held<C> pollDue(long nowNanos) {
        Held<C> first = held.peek();
        return first != null && first.dueNanos() <= nowNanos ? held.poll() : null;
    }

    /** A connection is gone: its answers make room for others. */
    void forget(C connection) {
        held.removeIf(answer -> answer.connection() == connection);
    }

    long nextTimeout() {
        Held<C> first = held.peek();
        return first == null ? Long.MAX_VALUE : first.dueNanos();
    }

    int size() {
        return held.size();
    }
}
