package org.aliasrpc.hyperdht;

import java.util.HashMap;
import java.util.Map;
import org.aliasrpc.udx.ReceiveBudget;

/**
 * The beginnings of messages, and messages that nobody took yet, of all connections: a peer may begin a message of 16 MiB
 * on each of its connections and never end it.
 *
 * <p>They may take three quarters of the node's {@link ReceiveBudget}; the rest is for the streams, whose windows shrink
 * by themselves. A message cannot be shortened, so beyond that the connection that holds most is closed, which frees most
 * with the least harm: who wants to drive out one that holds little, as requests do, has to come with so many connections
 * that even as little of each fills the budget. To close the newest one instead would let strangers that came first keep
 * everybody out.
 */
final class HeldMessages {
    /** Less than this of a connection is not counted: nearly every message comes and goes within a turn. */
    static final long SMALL = 1024;

    private final ReceiveBudget budget;
    private final Map<Connection, Long> held = new HashMap<>();
    private long total;

    HeldMessages(ReceiveBudget budget) {
        this.budget = budget;
    }

    /**
     * A connection holds more or less than before.
     *
     * @param before what this has returned last
     * @param bytes what it holds
     * @return what was counted
     */
    long update(Connection connection, long before, long bytes) {
        long now = bytes < SMALL ? 0 : bytes;
        if (now == before) {
            return now;
        }
        if (now == 0) {
            held.remove(connection);
        } else {
            held.put(connection, now);
        }
        total += now - before;
        budget.add(now - before);
        return now;
    }

    /** Closes connections while all of them hold too much. */
    void enforce() {
        while (total > budget.maxBytes() / 4 * 3) {
            Map.Entry<Connection, Long> most = null;
            for (Map.Entry<Connection, Long> each : held.entrySet()) {
                most = most == null || each.getValue() > most.getValue() ? each : most;
            }
            if (most == null) {
                return;
            }
            most.getKey().closeWith(ConnectionEvent.CloseReason.TOO_MUCH_HELD);
        }
    }

    long total() {
        return total;
    }
}
