package org.aliasrpc.hyperdht;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.dht.IncomingRequest;
import org.aliasrpc.encoding.Bytes;

/**
 * The handshakes that a listener remembers, by the bytes of message 1: copies of it come by several nodes and by
 * retransmission, and all must have the same answer and lead to one connection.
 *
 * <p>Bounded over all listeners of the node: what comes in excess is not answered, the client asks again.
 *
 * <p>Source: docs/protocol/hyperdht.md §6.2.
 */
final class IncomingHandshakes {
    /** How long an outcome is remembered (§6.2, "clear later"). */
    static final long CLEAR_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** How long the client has to connect (§6.2, step 13). */
    static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Shortest message 1: ephemeral key, encrypted static key, authenticator of the payload (§3). */
    static final int MIN_MESSAGE = 32 + 48 + 16;

    private final NodeCore core;
    private final Listener listener;
    private final Map<Bytes, IncomingHandshake> byMessage = new HashMap<>();
    private final BitSet slots = new BitSet();

    IncomingHandshakes(NodeCore core, Listener listener) {
        this.core = core;
        this.listener = listener;
    }

    void onRequest(IncomingRequest request, HandshakeMessage message) {
        IncomingHandshake known = byMessage.get(message.noise());
        if (known != null) {
            known.onRequest(request, message);
            return;
        }
        if (message.noise().length() < MIN_MESSAGE
                || core.handshakes >= core.config.maxHandshakes()
                || core.pendingHandshakes >= core.config.maxPendingHandshakes()) {
            return;
        }
        int slot = slots.nextClearBit(0);
        slots.set(slot);
        // In the table before anything is computed: a copy that comes meanwhile must find it.
        IncomingHandshake fresh = new IncomingHandshake(core, listener, this, slot, request, message);
        byMessage.put(message.noise(), fresh);
        core.handshakes++;
        core.pendingHandshakes++;
        fresh.start();
    }

    void forget(IncomingHandshake handshake) {
        if (byMessage.remove(handshake.message(), handshake)) {
            slots.clear(handshake.slot());
            core.handshakes--;
        }
    }

    /** Drops all, with the streams that were not connected yet (§6.6). */
    void clear() {
        new ArrayList<>(byMessage.values()).forEach(IncomingHandshake::drop);
    }

    int size() {
        return byMessage.size();
    }
}
