package org.aliasrpc.hyperswarm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.aliasrpc.crypto.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one swarm by remote key, and the rule for duplicates: with one connection allowed for each key, the
 * one made by the end with the greater key survives at both ends, unless the older one is in use already.
 *
 * <p>Does no I/O. After each call the owner does what {@link #pollAction} says. Confined to the node's event loop.
 *
 * <p>Source: docs/protocol/hyperswarm.md §6. For one key at most one connection waits here for another to close: a
 * newer one takes its place. (The reference lets any number wait.)
 *
 * @param <C> the owner's connections
 */
public final class PeerConnections<C extends SwarmConnection> {
    private final PublicKey own;
    private final int perPeer;
    private final Map<PublicKey, Entry<C>> peers = new HashMap<>();
    private final Queue<SwarmAction<C>> actions = new ArrayDeque<>();
    private final Set<C> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean destroyed;

    /**
     * @param own our key
     * @param perPeer how many connections one remote key may have at a time; 1 is the rule of the reference
     */
    public PeerConnections(PublicKey own, int perPeer) {
        if (perPeer < 1) {
            throw new IllegalArgumentException("connections per peer " + perPeer + ", at least 1 is needed");
        }
        this.own = own;
        this.perPeer = perPeer;
    }

    /**
     * A connection was made by us, or an attempt to make one begins.
     *
     * @return false if there is a connection or an attempt already, or the swarm is destroyed: then there must be no
     *     other
     */
    public boolean onOutgoing(C connection) {
        if (destroyed || peers.containsKey(connection.remotePublicKey())) {
            return false;
        }
        peers.computeIfAbsent(connection.remotePublicKey(), key -> new Entry<>())
                .present
                .add(connection);
        return true;
    }

    /** An attempt of ours has become a connection. */
    public void onOutgoingOpen(C connection) {
        Entry<C> entry = peers.get(connection.remotePublicKey());
        if (entry != null && entry.present.contains(connection)) {
            open.add(connection);
        }
    }

    /** A peer has connected to us. It is accepted, destroyed, or kept unread until another one has closed. */
    public void onIncoming(C connection) {
        if (destroyed) {
            actions.add(new SwarmAction.Destroy<>(connection));
            return;
        }
        Entry<C> entry = peers.computeIfAbsent(connection.remotePublicKey(), key -> new Entry<>());
        if (entry.present.size() < perPeer) {
            accept(entry, connection);
        } else if (perPeer > 1) {
            C silent = entry.present.stream()
                    .min(Comparator.comparingLong(SwarmConnection::lastReadNanos))
                    .orElseThrow();
            entry.present.remove(silent);
            open.remove(silent);
            actions.add(new SwarmAction.Destroy<>(silent));
            accept(entry, connection);
        } else {
            resolve(entry, entry.present.get(0), connection);
        }
    }

    /** A connection or an attempt has ended, whoever ended it. */
    public void onClosed(C connection) {
        Entry<C> entry = peers.get(connection.remotePublicKey());
        if (entry == null) {
            return;
        }
        if (entry.waiting == connection) {
            entry.waiting = null;
        } else if (entry.present.remove(connection)) { // not if a newer one has its place
            open.remove(connection);
            C waiting = entry.waiting;
            entry.waiting = null;
            if (waiting != null) {
                onIncoming(waiting);
            }
        }
        if (entry.isEmpty()) {
            peers.remove(connection.remotePublicKey());
        }
    }

    /** Destroys every connection and takes no more. */
    public void destroy() {
        destroyed = true;
        for (Entry<C> entry : peers.values()) {
            entry.present.forEach(connection -> actions.add(new SwarmAction.Destroy<>(connection)));
            if (entry.waiting != null) {
                actions.add(new SwarmAction.Destroy<>(entry.waiting));
            }
        }
        peers.clear();
        open.clear();
    }

    /** The next thing to do, or null. */
    public @Nullable SwarmAction<C> pollAction() {
        return actions.poll();
    }

    /** How many connections are open and in use. */
    public int openCount() {
        return open.size();
    }

    private void accept(Entry<C> entry, C connection) {
        entry.present.add(connection);
        open.add(connection);
        actions.add(new SwarmAction.Accept<>(connection));
    }

    private void resolve(Entry<C> entry, C existing, C incoming) {
        boolean weShouldInitiate = own.compareTo(incoming.remotePublicKey()) > 0;
        if (!existing.hasReadAndWritten() && weShouldInitiate) {
            actions.add(new SwarmAction.Probe<>(existing));
            actions.add(new SwarmAction.Destroy<>(incoming));
            return;
        }
        if (entry.waiting != null) {
            actions.add(new SwarmAction.Destroy<>(entry.waiting));
        }
        entry.waiting = incoming;
        actions.add(new SwarmAction.Destroy<>(existing));
    }

    /** What there is of one remote key. */
    private static final class Entry<C> {
        final List<C> present = new ArrayList<>(1);

        @Nullable
        C waiting;

        boolean isEmpty() {
            return present.isEmpty() && waiting == null;
        }
    }
}
