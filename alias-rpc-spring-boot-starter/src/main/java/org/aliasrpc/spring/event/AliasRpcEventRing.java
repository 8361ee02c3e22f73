package org.aliasrpc.spring.event;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The latest events, numbered. Safe for use by many threads. */
public final class AliasRpcEventRing implements AliasRpcEventWatcher {
    private final int capacity;
    private final Deque<Numbered> events = new ArrayDeque<>();
    private long lastSeq;

    /**
     * @param capacity how many are kept
     */
    public AliasRpcEventRing(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a ring of " + capacity + " events");
        }
        this.capacity = capacity;
    }

    @Override
    public synchronized void onEvent(AliasRpcEvent event) {
        if (events.size() == capacity) {
            events.removeFirst();
        }
        events.addLast(new Numbered(++lastSeq, event));
    }

    /**
     * @param after only events with a higher number
     * @param type only events of this type; null means all
     * @return oldest first
     */
    public synchronized List<Numbered> events(long after, @Nullable String type) {
        return events.stream()
                .filter(numbered -> numbered.seq() > after)
                .filter(numbered -> type == null || numbered.event().type().equals(type))
                .toList();
    }

    /**
     * An event and its number.
     *
     * @param seq 1 for the first event since the start, without gaps
     * @param event what happened
     */
    public record Numbered(long seq, AliasRpcEvent event) {}
}
