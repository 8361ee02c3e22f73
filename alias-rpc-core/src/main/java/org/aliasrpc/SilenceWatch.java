package org.aliasrpc;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Notices that the other end of a connection is gone without a word, as after a crash: UDX itself goes on for half a
 * minute, and a peer that was started anew does not answer packets of a stream it does not know.
 *
 * <p>What counts is the acknowledgement, which comes at once, not the answer, which may take its time. On the loop.
 */
final class SilenceWatch {
    /** Enough for a packet and two repetitions of it to be lost. */
    static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private record Mark(long atNanos, int acknowledged) {}

    /** By the time of the mark, since that is when they were added. */
    private final Map<PoolConnection, Mark> marks = new LinkedHashMap<>();

    /** Something was written to a connection, be it a keep-alive: an acknowledgement has to come. */
    void onSent(PoolConnection connection, long nowNanos) {
        if (!marks.containsKey(connection)) {
            mark(connection, nowNanos);
        }
    }

    void remove(PoolConnection connection) {
        marks.remove(connection);
    }

    /** When {@link #onTimeout} is due. */
    long nextTimeout() {
        return marks.isEmpty() ? Long.MAX_VALUE : marks.values().iterator().next().atNanos + SILENCE_NANOS;
    }

    /** Breaks the connections whose other end has not stirred. */
    void onTimeout(long nowNanos) {
        while (nextTimeout() <= nowNanos) {
            Map.Entry<PoolConnection, Mark> oldest = marks.entrySet().iterator().next();
            PoolConnection connection = oldest.getKey();
            Mark mark = oldest.getValue();
            marks.remove(connection);
            if (connection.isFinished() || connection.connection().bufferedBytes() == 0) {
                continue;
            }
            if (connection.connection().acknowledged() != mark.acknowledged) {
                mark(connection, nowNanos);
            } else {
                connection.destroy("the other end acknowledges nothing");
            }
        }
    }

    private void mark(PoolConnection connection, long nowNanos) {
        marks.put(connection, new Mark(nowNanos, connection.connection().acknowledged()));
    }
}
