package org.aliasrpc.hyperdht;

import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When the many parts of a node want to be called. A part that moves its time later, as keep-alives do with every write,
 * costs nothing: it is asked again when the earlier time has come.
 */
final class TimerQueue {
    /** A part that fails and stays due must not keep the others from being called. */
    static final long PAUSE_AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private final Map<Timed, Entry> current = new HashMap<>();

    /** Tells that a part's {@link Timed#nextTimeout} may have become earlier. */
    void update(Timed timed) {
        long wanted = timed.nextTimeout();
        Entry known = current.get(timed);
        if (wanted == Long.MAX_VALUE || (known != null && known.atNanos <= wanted)) {
            return;
        }
        add(timed, wanted);
    }

    private void add(Timed timed, long atNanos) {
        Entry entry = new Entry(atNanos, timed);
        current.put(timed, entry);
        entries.add(entry);
    }

    /** The earliest time of all, maybe too early; {@link Long#MAX_VALUE} for none. */
    long nextTimeout() {
        Entry first = entries.peek();
        return first == null ? Long.MAX_VALUE : first.atNanos;
    }

    /**
     * Calls the parts whose time has come, all of them. One that throws is called again after a pause, if it still wants
     * to be; what it threw is thrown in the end.
     */
    void onTimeout(long nowNanos) {
        @Nullable RuntimeException failure = null;
        @Nullable Error error = null;
        for (Entry first = entries.peek(); first != null && first.atNanos <= nowNanos; first = entries.peek()) {
            entries.remove();
            Timed timed = first.timed;
            if (!current.remove(timed, first)) {
                continue; // replaced by an earlier entry, which was served
            }
            try {
                if (timed.nextTimeout() <= nowNanos) {
                    timed.onTimeout(nowNanos);
                }
                update(timed);
            } catch (RuntimeException e) {
                failure = e;
                add(timed, nowNanos + PAUSE_AFTER_FAILURE_NANOS);
            } catch (Error e) {
                error = e;
                add(timed, nowNanos + PAUSE_AFTER_FAILURE_NANOS);
            }
        }
        if (error != null) {
            throw error;
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Forgets everything: the node is closed. */
    void clear() {
        entries.clear();
        current.clear();
    }

    /** Entries held, stale ones included. */
    int size() {
        return entries.size();
    }

    private record Entry(long atNanos, Timed timed) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            return Long.compare(atNanos, other.atNanos);
        }
    }
}
