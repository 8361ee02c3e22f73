package org.aliasrpc.hyperdht;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.net.PeerAddress;

/**
 * Nodes by which peers were reached before; the next connect tries them at once. Never too old: a wrong one only costs a
 * few datagrams.
 *
 * <p>Source: docs/protocol/hyperdht.md §7.4, §12.3.
 */
final class RelayAddressCache {
    /** Most peers remembered; the one unused for longest is forgotten. */
    static final int MAX_PEERS = 512;

    /** Most nodes remembered of a peer: a server announces to three and may list itself; the message could hold hundreds. */
    static final int MAX_ADDRESSES = 8;

    private final Map<PublicKey, List<PeerAddress>> addresses = new LinkedHashMap<>(16, 0.75f, true);

    /** The nodes to try, possibly none. */
    List<PeerAddress> of(PublicKey peer) {
        return addresses.getOrDefault(peer, List.of());
    }

    void put(PublicKey peer, List<PeerAddress> nodes) {
        List<PeerAddress> usable = nodes.stream()
                .filter(node -> node.port() != 0)
                .limit(MAX_ADDRESSES)
                .toList();
        if (usable.isEmpty()) {
            return;
        }
        addresses.put(peer, usable);
        if (addresses.size() > MAX_PEERS) {
            addresses.remove(addresses.keySet().iterator().next());
        }
    }

    int size() {
        return addresses.size();
    }
}
