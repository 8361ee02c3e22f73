package org.aliasrpc.hyperdht;

import org.aliasrpc.crypto.Blake2b;
import org.aliasrpc.encoding.Bytes;

/**
 * Keeps what is signed or hashed for one purpose from being of use for another. The number of each is that of its
 * command.
 *
 * <p>Source: docs/protocol/hyperdht.md §1.3.
 */
final class Namespaces {
    static final Bytes PEER_HANDSHAKE = of(Command.PEER_HANDSHAKE);
    static final Bytes PEER_HOLEPUNCH = of(Command.PEER_HOLEPUNCH);
    static final Bytes ANNOUNCE = of(Command.ANNOUNCE);
    static final Bytes UNANNOUNCE = of(Command.UNANNOUNCE);
    static final Bytes MUTABLE_PUT = of(Command.MUTABLE_PUT);
    static final Bytes PLUGIN = of(Command.PLUGIN);

    private Namespaces() {}

    private static Bytes of(int command) {
        return Blake2b.namespace("hyperswarm/dht", command);
    }
}
