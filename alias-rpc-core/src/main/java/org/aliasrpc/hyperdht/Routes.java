package org.aliasrpc.hyperdht;

import java.util.concurrent.TimeUnit;
import org.aliasrpc.dht.NodeId;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * How this node reaches servers that announced themselves to it. Its own listeners come before these.
 *
 * <p>Source: docs/protocol/hyperdht.md §11.1.
 */
final class Routes {
    /** Most servers remembered (§12.3). */
    static final int MAX_ROUTES = 65536;

    /** How long, roughly, after the last use (§12.3). */
    static final long MAX_AGE_NANOS = TimeUnit.MINUTES.toNanos(20);

    private final AgeingCache<NodeId, Route> routes;

    Routes(long nowNanos) {
        this.routes = new AgeingCache<>(MAX_ROUTES, MAX_AGE_NANOS, nowNanos);
    }

    @Nullable
    Route get(NodeId target, long nowNanos) {
        return routes.get(target, nowNanos);
    }

    void put(NodeId target, Route route, long nowNanos) {
        routes.put(target, route, nowNanos);
    }

    void remove(NodeId target) {
        routes.remove(target);
    }

    /**
     * @param relay the source address of the announce, which is where the server waits for handshakes
     * @param record what it announced
     */
    record Route(PeerAddress relay, PeerRecord record) {}
}
