package org.aliasrpc;

import java.util.function.Consumer;
import org.aliasrpc.io.Callbacks;
import org.aliasrpc.io.SerialQueue;
import org.jspecify.annotations.Nullable;

/**
 * Events of one connection of a server on their way to a listener, which may be slow: in order, and no more of them than
 * what waits over all connections allows. On the loop.
 *
 * @param <E> the events
 */
final class ConnectionEvents<E> {
    /** Events of one connection that may wait for a slow listener; a peer can cause them without end. */
    private static final int MAX_WAITING = 1024;

    /** About what an event takes besides its texts. */
    private static final int EVENT_BYTES = 512;

    private final SerialQueue queue;
    private final Backlog waiting;
    private final @Nullable Consumer<E> listener;
    private boolean told; // of the connection; else its other events are of no use

    ConnectionEvents(Callbacks callbacks, Backlog waiting, @Nullable Consumer<E> listener) {
        this.queue = new SerialQueue(callbacks, MAX_WAITING);
        this.waiting = waiting;
        this.listener = listener;
    }

    /** Whether anybody listens. */
    boolean isHeard() {
        return listener != null;
    }

    /** The first event. If there is no room for it, there will be no other. */
    void open(E event) {
        if (listener != null && waiting.take(EVENT_BYTES)) {
            told = true;
            queue.execute(() -> tell(listener, event, EVENT_BYTES));
        }
    }

    /** One of the last events, of which there are few. */
    void close(E event) {
        if (listener != null && told) {
            queue.execute(() -> tell(listener, event, 0));
        }
    }

    /**
     * Any other event; dropped if too much waits.
     *
     * @param textBytes the memory of its texts
     */
    void offer(E event, long textBytes) {
        if (listener == null || !told) {
            return;
        }
        long bytes = EVENT_BYTES + textBytes;
        if (waiting.take(bytes) && !queue.offer(() -> tell(listener, event, bytes))) {
            waiting.give(bytes);
        }
    }

    private void tell(Consumer<E> to, E event, long bytes) {
        try {
            to.accept(event);
        } finally {
            waiting.give(bytes);
        }
    }
}
