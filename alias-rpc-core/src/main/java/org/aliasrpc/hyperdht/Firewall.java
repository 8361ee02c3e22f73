package org.aliasrpc.hyperdht;

import java.util.List;

/**
 * What is known about the NAT before an end; the order is that of the wire numbers.
 *
 * <p>Source: docs/protocol/hyperdht.md §1.2.
 */
public enum Firewall {
    /** Nothing yet. */
    UNKNOWN(0),
    /** None: anybody reaches the end at its address. */
    OPEN(1),
    /** One that keeps the outside port for all destinations. */
    CONSISTENT(2),
    /** One that takes another outside port for each destination. */
    RANDOM(3);

    private static final List<Firewall> VALUES = List.of(values());

    private final int code;

    Firewall(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    int code() {
        return code;
    }

    /**
     * @param code as received; a number of a later version counts as {@link #UNKNOWN}, as no rule treats it otherwise
     */
    static Firewall of(long code) {
        return code < VALUES.size() ? VALUES.get((int) code) : UNKNOWN;
    }
}
