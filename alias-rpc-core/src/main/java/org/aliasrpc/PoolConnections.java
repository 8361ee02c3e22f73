package org.aliasrpc;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aliasrpc.hyperdht.Connection;
import org.aliasrpc.rpc.CallConnections;
import org.jspecify.annotations.Nullable;

/** The connections of a client on the loop of its node: what they bring goes to its calls, what those send to them. */
final class PoolConnections {
    private final CallConnections calls;
    private final Owner owner;
    private final Map<Long, PoolConnection> byId = new HashMap<>();
    private final SilenceWatch silences = new SilenceWatch();
    private volatile int size; // of byId, for other threads

    PoolConnections(CallConnections calls, Owner owner) {
        this.calls = calls;
        this.owner = owner;
    }

    /** Who makes the calls. */
    interface Owner {
        /** Takes the calls' next event and does what it asks for; false if there is none. */
        boolean handleEvent(long nowNanos);

        /** A connection is open; nothing was sent or read on it. */
        default void onOpen(Connection connection, long nowNanos) {}

        /** A connection has ended without being asked to. */
        default void onLost() {}
    }

    CallConnections calls() {
        return calls;
    }

    Owner owner() {
        return owner;
    }

    /** Connections, and attempts to make one. From any thread. */
    int size() {
        return size;
    }

    /** Whether one has left work for its next turn. */
    boolean hasBacklog() {
        return byId.values().stream().anyMatch(PoolConnection::hasBacklog);
    }

    /** Begins with an attempt that the calls asked for. */
    void add(long id, Connection connection, long nowNanos) {
        byId.put(id, new PoolConnection(this, id, connection, nowNanos));
        size = byId.size();
    }

    /** Ends one, as the calls asked for. */
    void disconnect(long id) {
        PoolConnection connection = forget(id);
        if (connection != null) {
            connection.destroy(null);
        }
    }

    /** Fails the calls and ends all connections. */
    void close(long nowNanos) {
        calls.close();
        service(nowNanos);
        List.copyOf(byId.keySet()).forEach(this::disconnect);
    }

    /** When {@link #onTimeout} is due; {@code Long.MAX_VALUE} for never. */
    long nextTimeout() {
        return Math.min(calls.nextTimeout(), silences.nextTimeout());
    }

    /** Time has passed. */
    void onTimeout(long nowNanos) {
        calls.onTimeout(nowNanos);
        silences.onTimeout(nowNanos);
        service(nowNanos);
    }

    /** Something was written to a connection, be it a keep-alive. */
    void onSent(PoolConnection connection, long nowNanos) {
        silences.onSent(connection, nowNanos);
    }

    /** Does what the calls ask for, and sends what they have to send; true if that was something. */
    boolean service(long nowNanos) {
        boolean any = false;
        boolean progress = true;
        while (progress) {
            progress = false;
            while (owner.handleEvent(nowNanos)) {
                progress = true;
            }
            for (long id = calls.pollSendable(); id != CallConnections.NONE; id = calls.pollSendable()) {
                PoolConnection connection = byId.get(id);
                progress |= connection != null && connection.sendFrames(nowNanos);
            }
            any |= progress;
        }
        return any;
    }

    /** Null if it was forgotten before. */
    @Nullable
    PoolConnection forget(long id) {
        PoolConnection connection = byId.remove(id);
        size = byId.size();
        if (connection != null) {
            silences.remove(connection);
        }
        return connection;
    }
}
