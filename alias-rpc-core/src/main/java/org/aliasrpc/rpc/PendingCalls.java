package org.aliasrpc.rpc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Own calls that wait for a response: their ids 1, 2, 3, … and deadlines. */
final class PendingCalls {
    /** No call. */
    static final long NONE = 0;

    private record Due(long deadlineNanos, long id) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byDeadline = Long.compare(deadlineNanos, other.deadlineNanos);
            return byDeadline != 0 ? byDeadline : Long.compare(id, other.id);
        }
    }

    private final Map<Long, Long> deadlines = new LinkedHashMap<>();
    private final TreeSet<Due> byDeadline = new TreeSet<>();
    private long lastId;

    /** The id of a new call. */
    long nextId() {
        return ++lastId;
    }

    int size() {
        return deadlines.size();
    }

    void add(long id, long deadlineNanos) {
        deadlines.put(id, deadlineNanos);
        if (deadlineNanos != RpcChannel.NO_DEADLINE) {
            byDeadline.add(new Due(deadlineNanos, id));
        }
    }

    /** Whether the call was there. */
    boolean remove(long id) {
        Long deadlineNanos = deadlines.remove(id);
        if (deadlineNanos == null) {
            return false;
        }
        byDeadline.remove(new Due(deadlineNanos, id));
        return true;
    }

    /** The ids of all that were there, in order. */
    List<Long> removeAll() {
        List<Long> ids = new ArrayList<>(deadlines.keySet());
        deadlines.clear();
        byDeadline.clear();
        return ids;
    }

    long nextDeadline() {
        return byDeadline.isEmpty()
                ? RpcChannel.NO_DEADLINE
                : byDeadline.first().deadlineNanos();
    }

    /** Removes a call whose deadline is not after now; {@link #NONE} if there is none. */
    long pollDue(long nowNanos) {
        if (nextDeadline() > nowNanos || byDeadline.isEmpty()) {
            return NONE;
        }
        long id = byDeadline.first().id();
        remove(id);
        return id;
    }
}
