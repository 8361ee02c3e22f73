package org.aliasrpc.dht;

import org.jspecify.annotations.Nullable;

/** Commands of this layer; requests with them carry the internal flag (dht-rpc.md §6). */
enum InternalCommand {
    /** A sign of life. */
    PING(0),
    /** A sign of life to another port of the sender: value is that port, uint16. */
    PING_NAT(1),
    /** The nodes nearest to the target. */
    FIND_NODE(2),
    /** A node that we were told of does not answer: value is its address. */
    DOWN_HINT(3),
    /** A sign of life after a delay: value is milliseconds, uint32. */
    DELAYED_PING(4);

    /** How many there are; their numbers go from 0. */
    static final int COUNT = values().length;

    private final int number;

    InternalCommand(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** The command of a number, null if there is none. */
    static @Nullable InternalCommand of(long number) {
        for (InternalCommand command : values()) {
            if (command.number == number) {
                return command;
            }
        }
        return null;
    }
}
