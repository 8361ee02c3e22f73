package org.aliasrpc.hyperdht;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Accepted connections whose client was not seen yet to be where it says.
 *
 * <p>When there are too many the oldest gives way. To refuse the newest instead would let whoever sends 200 replayed or
 * forged messages 1 a second keep everybody out; so a client has as long as it takes to fill the table, and needs one round
 * trip.
 */
final class UnprovenConnections {
    private final int max;
    private final Set<Connection> oldestFirst = new LinkedHashSet<>();

    /**
     * @param max how many there may be, at least 1
     */
    UnprovenConnections(int max) {
        this.max = max;
    }

    void add(Connection connection) {
        while (oldestFirst.size() >= max) {
            Connection oldest = oldestFirst.iterator().next();
            oldest.onProofOver(); // removes it
        }
        oldestFirst.add(connection);
    }

    void remove(Connection connection) {
        oldestFirst.remove(connection);
    }

    int size() {
        return oldestFirst.size();
    }
}
