package org.aliasrpc.spring.limits;

import java.util.Locale;
import org.aliasrpc.AliasServerGate;

/** Why an alias server refused a request, or did not take or keep a connection: few values, for a metric's tag. */
public enum RefusalReason {
    /** A wrong secret, or one that has ended. */
    UNAUTHORISED(false),
    /** Too many wrong secrets from this key or host: not even answered. */
    UNAUTHORISED_RATE(false),
    /** The secret does not cover the alias. */
    ALIAS_NOT_COVERED(false),
    /** Too many registrations of this key. */
    PER_PEER_RATE(false),
    /** The request is too long. */
    FRAME_SIZE(false),
    /** Too many requests of one connection at a time. */
    CONCURRENT_REQUESTS(false),
    /** Too many registrations wait for the table. */
    WAITING_REGISTRATIONS(false),
    /** The table is full. */
    MAX_ALIASES(false),
    /** The alias belongs to another key. */
    CONFLICT(false),
    /** The table refused for another reason, or failed. */
    REGISTRAR(false),
    /** All connections are taken: turned away, or made room for another. */
    CONNECTIONS(true),
    /** Too many connections of one key: the one silent longest was closed. */
    CONNECTIONS_PER_PEER(true),
    /** Too many wrong secrets from this key: no handshake. */
    BLOCKED_PEER(true),
    /** Too many late answers wait: cut off. */
    HELD_ANSWERS(true),
    /** No right secret in time. */
    FIRST_REQUEST_TIMEOUT(true),
    /** No request for a long time. */
    IDLE_TIMEOUT(true);

    private final boolean ofConnections;

    RefusalReason(boolean ofConnections) {
        this.ofConnections = ofConnections;
    }

    static RefusalReason of(AliasServerGate.Limit limit) {
        return switch (limit) {
            case CONNECTIONS -> CONNECTIONS;
            case CONNECTIONS_PER_PEER -> CONNECTIONS_PER_PEER;
            case REQUEST_SIZE -> FRAME_SIZE;
            case CONCURRENT_REQUESTS -> CONCURRENT_REQUESTS;
            case WAITING_REGISTRATIONS -> WAITING_REGISTRATIONS;
            case HELD_ANSWERS -> HELD_ANSWERS;
            case FIRST_REQUEST_TIMEOUT -> FIRST_REQUEST_TIMEOUT;
            case IDLE_TIMEOUT -> IDLE_TIMEOUT;
        };
    }

    /** Whether it is about a connection, not about a request. */
    public boolean isOfConnections() {
        return ofConnections;
    }

    /** The value of a metric's tag, such as {@code per-peer-rate}. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
