package org.aliasrpc.hyperdht;

import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.dht.IncomingRequest;
import org.aliasrpc.dht.NodeId;
import org.aliasrpc.encoding.Bytes;

/**
 * A server of a node: answers handshakes for one key pair and keeps it findable. Made by {@link HyperDhtNode#listen},
 * closed by {@link HyperDhtNode#close(Listener, long)}.
 *
 * <p>Source: docs/protocol/hyperdht.md §6.
 */
public final class Listener {
    private final NodeCore core;
    private final ListenOptions options;
    private final NodeId target;
    private final RouteCheck routeCheck;
    private final Announcer announcer;
    private final IncomingHandshakes handshakes;
    private boolean closed;

    Listener(NodeCore core, ListenOptions options) {
        this.core = core;
        this.options = options;
        this.target = new NodeId(options.keyPair().publicKey().target());
        this.routeCheck = new RouteCheck(options.keyPair());
        this.announcer = new Announcer(core, this, options.keyPair(), target, routeCheck);
        this.handshakes = new IncomingHandshakes(core, this);
    }

    /** The key by which clients find it. */
    public PublicKey publicKey() {
        return options.keyPair().publicKey();
    }

    /** Nodes that acknowledged the latest announce, 0 to 3; with none, clients do not find the listener. */
    public int announcedNodes() {
        return announcer.nodes();
    }

    /** Whether it was told to close. */
    public boolean isClosed() {
        return closed;
    }

    ListenOptions options() {
        return options;
    }

    NodeId target() {
        return target;
    }

    Announcer announcer() {
        return announcer;
    }

    IncomingHandshakes handshakes() {
        return handshakes;
    }

    void onHandshake(IncomingRequest request, HandshakeMessage message) {
        if (closed || core.isSuspended()) {
            return;
        }
        if (routeCheck.isQuestion(message.noise())) {
            Bytes answer = routeCheck.answer(message.noise());
            if (answer != null) {
                Router.answer(core, request, message, answer);
            }
            return;
        }
        handshakes.onRequest(request, message);
    }

    void close() {
        closed = true;
        handshakes.clear();
        core.closingListeners++;
        announcer.stop();
    }

    void suspend() {
        handshakes.clear();
        announcer.suspend();
    }

    /** Ends without deleting the record. */
    void abandon() {
        closed = true;
        handshakes.clear();
        announcer.abandon();
        routeCheck.close();
    }

    void onAnnouncerStopped() {
        core.closingListeners--;
        routeCheck.close();
        core.events.add(new HyperDhtEvent.ListenerClosed(this));
    }
}
