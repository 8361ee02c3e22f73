package org.aliasrpc.hyperdht;

import java.util.List;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;

/**
 * Which leg of its way a handshake or hole punching message is on; the order is that of the wire numbers.
 *
 * <p>Source: docs/protocol/hyperdht.md §1.2.
 */
enum Mode {
    FROM_CLIENT(0),
    FROM_SERVER(1),
    FROM_RELAY(2),
    FROM_SECOND_RELAY(3),
    REPLY(4);

    private static final List<Mode> VALUES = List.of(values());

    private final int code;

    Mode(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    int code() {
        return code;
    }

    /**
     * @throws DecodeException for an unknown number: such a message is ignored wherever it arrives (§11.3, §11.4)
     */
    static Mode read(Reader in) throws DecodeException {
        return VALUES.get(in.uint(VALUES.size() - 1));
    }
}
