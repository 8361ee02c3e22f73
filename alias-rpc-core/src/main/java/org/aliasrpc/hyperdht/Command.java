package org.aliasrpc.hyperdht;

/**
 * Numbers of HyperDHT's commands and errors, as dht-rpc carries them with the internal flag clear.
 *
 * <p>Source: docs/protocol/hyperdht.md §1.1, §1.2.
 */
final class Command {
    static final int PEER_HANDSHAKE = 0;
    static final int PEER_HOLEPUNCH = 1;
    static final int FIND_PEER = 2;
    static final int LOOKUP = 3;
    static final int ANNOUNCE = 4;
    static final int UNANNOUNCE = 5;
    static final int MUTABLE_PUT = 6;
    static final int MUTABLE_GET = 7;
    static final int IMMUTABLE_PUT = 8;
    static final int IMMUTABLE_GET = 9;
    static final int PLUGIN = 10;

    /** dht-rpc's answer to a command that the node does not serve (dht-rpc.md §7.6). */
    static final int ERROR_UNKNOWN_COMMAND = 1;

    /** A mutable value with a used sequence number and other bytes. */
    static final int ERROR_SEQ_REUSED = 16;

    /** A mutable value older than the stored one. */
    static final int ERROR_SEQ_TOO_LOW = 17;

    private Command() {}
}
