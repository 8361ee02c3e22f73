package org.aliasrpc.dht;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The numbers under which the layer above knows its requests and queries, and the sessions that group them. */
final class Handles {
    private final Map<Long, Entry> entries = new HashMap<>();
    private final Map<Long, Set<Long>> sessions = new HashMap<>();
    private long lastHandle;
    private long lastSession;

    /** Something that can be called off. */
    interface Cancellable {
        void cancel(long nowNanos);
    }

    /** A number never used before. */
    long next() {
        return ++lastHandle;
    }

    long openSession() {
        return ++lastSession;
    }

    /**
     * @param session 0 for none
     */
    void put(long handle, long session, Cancellable what) {
        entries.put(handle, new Entry(session, what));
        if (session != 0) {
            sessions.computeIfAbsent(session, id -> new LinkedHashSet<>()).add(handle);
        }
    }

    /** What a handle stands for has ended. */
    void remove(long handle) {
        Entry entry = entries.remove(handle);
        Set<Long> session = entry == null ? null : sessions.get(entry.session);
        if (entry != null && session != null) {
            session.remove(handle);
            if (session.isEmpty()) {
                sessions.remove(entry.session);
            }
        }
    }

    void cancel(long handle, long nowNanos) {
        Entry entry = entries.get(handle);
        if (entry != null) {
            entry.what.cancel(nowNanos);
        }
    }

    void cancelSession(long session, long nowNanos) {
        @Nullable Set<Long> handles = sessions.get(session);
        List<Long> copy = handles == null ? List.of() : new ArrayList<>(handles);
        copy.forEach(handle -> cancel(handle, nowNanos));
    }

    private record Entry(long session, Cancellable what) {}
}
