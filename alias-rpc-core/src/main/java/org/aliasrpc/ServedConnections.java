package org.aliasrpc;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one alias server and how long they may be silent: strangers, who have not shown a right secret yet,
 * until the first-request timeout, the others until the idle timeout. Does no I/O and reads no clock. On the loop.
 *
 * @param <C> the owner's connections
 */
final class ServedConnections<C> {
    private final long firstRequestNanos;
    private final long idleNanos;
    private final ToLongFunction<C> lastActivityNanos;

    private final Set<C> all = new LinkedHashSet<>();

    /** When each of them came, in this order. */
    private final Map<C, Long> strangers = new LinkedHashMap<>();

    private long nextIdleSweepNanos = Long.MAX_VALUE;

    /**
     * @param firstRequestNanos 0 for no limit
     * @param idleNanos 0 for no limit
     * @param lastActivityNanos of a connection
     */
    ServedConnections(long firstRequestNanos, long idleNanos, ToLongFunction<C> lastActivityNanos) {
        this.firstRequestNanos = firstRequestNanos;
        this.idleNanos = idleNanos;
        this.lastActivityNanos = lastActivityNanos;
    }

    void add(C connection, long nowNanos) {
        all.add(connection);
        strangers.put(connection, nowNanos);
        if (idleNanos > 0 && nextIdleSweepNanos == Long.MAX_VALUE) {
            nextIdleSweepNanos = nowNanos + idleNanos;
        }
    }

    /** It has shown a right secret. */
    void onAuthorised(C connection) {
        strangers.remove(connection);
    }

    void remove(C connection) {
        all.remove(connection);
        strangers.remove(connection);
    }

    int size() {
        return all.size();
    }

    /** A copy. */
    List<C> all() {
        return List.copyOf(all);
    }

    /** Whether there is somebody who would have to make room for others. */
    boolean hasStranger() {
        return !strangers.isEmpty();
    }

    /**
     * The oldest stranger, which has to make room, or null; it is told once. Since the oldest goes first, everybody has as
     * long to make a request as it takes to fill the server with strangers.
     */
    @Nullable
    C pollStranger() {
        return hasStranger() ? pollFirst() : null;
    }

    long nextTimeout() {
        return Math.min(nextIdleSweepNanos, nextFirstRequestTimeout());
    }

    /** The next stranger whose time is over, or null. It is told once. */
    @Nullable
    C pollTooLate(long nowNanos) {
        return nextFirstRequestTimeout() <= nowNanos ? pollFirst() : null;
    }

    /** Connections that have been idle for too long, if it is time to look. */
    List<C> idle(long nowNanos) {
        List<C> idle = new ArrayList<>();
        if (nowNanos < nextIdleSweepNanos) {
            return idle;
        }
        long oldest = Long.MAX_VALUE;
        for (C connection : all) {
            long last = lastActivityNanos.applyAsLong(connection);
            if (nowNanos - last >= idleNanos) {
                idle.add(connection);
            } else {
                oldest = Math.min(oldest, last);
            }
        }
        nextIdleSweepNanos = oldest == Long.MAX_VALUE ? Long.MAX_VALUE : oldest + idleNanos;
        return idle;
    }

    /** Nothing is due any more. */
    void stop() {
        strangers.clear();
        nextIdleSweepNanos = Long.MAX_VALUE;
    }

    private long nextFirstRequestTimeout() {
        Iterator<Long> oldest = strangers.values().iterator();
        return firstRequestNanos > 0 && oldest.hasNext() ? oldest.next() + firstRequestNanos : Long.MAX_VALUE;
    }

    private C pollFirst() {
        Iterator<C> first = strangers.keySet().iterator();
        C stranger = first.next();
        first.remove();
        return stranger;
    }
}
