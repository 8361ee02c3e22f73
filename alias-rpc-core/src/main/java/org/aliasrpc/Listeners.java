package org.aliasrpc;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aliasrpc.hyperdht.Connection;
import org.aliasrpc.hyperdht.HyperDhtEvent;
import org.aliasrpc.hyperdht.Listener;
import org.jspecify.annotations.Nullable;

/** Who listens on one node, and what each is told. On the loop. */
final class Listeners {
    private final Map<Listener, ListenerOwner> owners = new HashMap<>();

    void add(Listener listener, ListenerOwner owner) {
        owners.put(listener, owner);
    }

    /** Tells a listener's owner; false for an event that is not a listener's. */
    boolean onEvent(HyperDhtEvent event, long nowNanos) {
        if (event instanceof HyperDhtEvent.ConnectionOpened opened) {
            return onConnectionOpened(opened.listener(), opened.connection(), nowNanos);
        } else if (event instanceof HyperDhtEvent.Announced announced) {
            ListenerOwner owner = owners.get(announced.listener());
            if (owner != null) {
                owner.onAnnounced(announced.nodes(), nowNanos);
            }
            return true;
        } else if (event instanceof HyperDhtEvent.VerdictRequested request) {
            ListenerOwner owner = owners.get(request.listener());
            if (owner != null) {
                owner.onVerdictRequested(
                        request.handshake(),
                        request.remotePublicKey(),
                        request.remotePayload(),
                        request.clientAddress());
            }
            return true;
        } else if (event instanceof HyperDhtEvent.ListenerClosed ended) {
            ListenerOwner owner = owners.remove(ended.listener());
            if (owner != null) {
                owner.onListenerClosed(nowNanos);
            }
            return true;
        }
        return false;
    }

    /** There is no node any more that could close them. */
    void abandon(long nowNanos) {
        List<ListenerOwner> told = List.copyOf(owners.values());
        owners.clear();
        told.forEach(owner -> owner.onListenerClosed(nowNanos));
    }

    private boolean onConnectionOpened(@Nullable Listener listener, Connection connection, long nowNanos) {
        if (listener == null) {
            return false;
        }
        ListenerOwner owner = owners.get(listener);
        if (owner != null) {
            owner.onConnection(connection, nowNanos);
        }
        if (connection.attachment() == null) {
            connection.destroy();
        }
        return true;
    }
}
