package org.aliasrpc.hyperdht;

import java.util.List;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * How to connect. Start from {@link #DEFAULT} and change what differs.
 *
 * <p>Source: docs/protocol/hyperdht.md §7.1.
 *
 * @param keyPair the identity to show; null means the node's. Not closed by the node
 * @param relayAddresses nodes of the DHT, or the server itself, to try at once; empty means those that worked before
 * @param localConnection whether addresses of the local network are told and used
 */
public record ConnectOptions(@Nullable KeyPair keyPair, List<PeerAddress> relayAddresses, boolean localConnection) {
    /** As the node, by whatever nodes know the server, also over the local network. */
    public static final ConnectOptions DEFAULT = new ConnectOptions(null, List.of(), true);

    public ConnectOptions {
        relayAddresses = List.copyOf(relayAddresses);
    }

    /** The same with another identity. */
    public ConnectOptions withKeyPair(@Nullable KeyPair other) {
        return new ConnectOptions(other, relayAddresses, localConnection);
    }

    /** The same with nodes to try at once. */
    public ConnectOptions withRelayAddresses(List<PeerAddress> other) {
        return new ConnectOptions(keyPair, other, localConnection);
    }

    /** The same with or without the local network. */
    public ConnectOptions withLocalConnection(boolean local) {
        return new ConnectOptions(keyPair, relayAddresses, local);
    }
}
