package org.aliasrpc.hyperdht;

import java.util.Map;
import org.aliasrpc.dht.IncomingRequest;
import org.aliasrpc.dht.NodeId;
import org.aliasrpc.dht.ReplyOptions;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * Forwards handshakes and rounds of hole punching between clients and servers, or hands them to an own listener. Keeps
 * nothing about them: the request's number, which every leg repeats, leads the answer back.
 *
 * <p>Source: docs/protocol/hyperdht.md §11.
 */
final class Router {
    private final NodeCore core;
    private final Map<NodeId, Listener> listeners;
    private final Routes routes;

    Router(NodeCore core, Map<NodeId, Listener> listeners, Routes routes) {
        this.core = core;
        this.listeners = listeners;
        this.routes = routes;
    }

    void onHandshake(IncomingRequest request) {
        NodeId target = request.target();
        Bytes value = request.value();
        if (target == null || value == null) {
            return;
        }
        HandshakeMessage message;
        try {
            message = HandshakeMessage.CODEC.decode(value);
        } catch (DecodeException e) {
            return;
        }
        Listener listener = listeners.get(target);
        if (listener != null) {
            listener.onHandshake(request, message);
        } else {
            forward(request, target, message);
        }
    }

    /** Answers a handshake as an own listener, which has computed message 2 for it (§11.3, first table). */
    static void answer(NodeCore core, IncomingRequest request, HandshakeMessage message, Bytes noise) {
        switch (message.mode()) {
            case FROM_CLIENT ->
                core.rpc.reply(request, encode(HandshakeMessage.of(Mode.REPLY, noise)), ReplyOptions.BARE);
            case FROM_RELAY ->
                relay(core, request, fromServer(message, noise), request.from().address());
            case FROM_SECOND_RELAY -> relay(core, request, fromServer(message, noise), message.relayAddress());
            case FROM_SERVER, REPLY -> {
                // Nobody asks us that way.
            }
        }
    }

    private static HandshakeMessage fromServer(HandshakeMessage message, Bytes noise) {
        return new HandshakeMessage(Mode.FROM_SERVER, noise, message.peerAddress(), null);
    }

    private void forward(IncomingRequest request, NodeId target, HandshakeMessage message) {
        PeerAddress source = request.from().address();
        Routes.Route route = routes.get(target, core.now());
        PeerAddress server = route == null ? null : route.relay();
        switch (message.mode()) {
            case FROM_CLIENT -> {
                PeerAddress next = message.relayAddress() != null ? message.relayAddress() : server;
                if (next == null) {
                    core.rpc.reply(request, null, ReplyOptions.CLOSER_NODES);
                } else {
                    relay(core, request, new HandshakeMessage(Mode.FROM_RELAY, message.noise(), source, null), next);
                }
            }
            case FROM_RELAY ->
                relay(
                        core,
                        request,
                        new HandshakeMessage(Mode.FROM_SECOND_RELAY, message.noise(), message.peerAddress(), source),
                        server);
            case FROM_SERVER -> {
                PeerAddress client = usable(message.peerAddress());
                if (client != null) {
                    HandshakeMessage reply = new HandshakeMessage(Mode.REPLY, message.noise(), source, null);
                    core.rpc.reply(request, encode(reply), ReplyOptions.BARE.withTo(client));
                }
            }
            case FROM_SECOND_RELAY, REPLY -> {
                // Not for us.
            }
        }
    }

    /** Rounds of hole punching for own listeners are ignored until there is a puncher (§6.2, level 1). */
    void onHolepunch(IncomingRequest request) {
        NodeId target = request.target();
        Bytes value = request.value();
        if (target == null || value == null) {
            return;
        }
        HolepunchMessage message;
        try {
            message = HolepunchMessage.CODEC.decode(value);
        } catch (DecodeException e) {
            return;
        }
        PeerAddress source = request.from().address();
        if (message.mode() == Mode.FROM_CLIENT) {
            // The client may name the next hop itself, so this works without an entry (§11.4).
            Routes.Route route = routes.get(target, core.now());
            PeerAddress server = route == null ? null : route.relay();
            PeerAddress next = usable(message.peerAddress() != null ? message.peerAddress() : server);
            if (next != null) {
                core.rpc.relay(request, encode(message, Mode.FROM_RELAY, source), next, null);
            }
        } else if (message.mode() == Mode.FROM_SERVER) {
            PeerAddress client = usable(message.peerAddress());
            if (client != null) {
                core.rpc.reply(request, encode(message, Mode.REPLY, source), ReplyOptions.BARE.withTo(client));
            }
        }
    }

    private static void relay(
            NodeCore core, IncomingRequest request, HandshakeMessage message, @Nullable PeerAddress to) {
        PeerAddress next = usable(to);
        if (next != null) {
            core.rpc.relay(request, encode(message), next, null);
        }
    }

    private static Bytes encode(HandshakeMessage message) {
        return HandshakeMessage.CODEC.encode(message);
    }

    private static Bytes encode(HolepunchMessage message, Mode mode, PeerAddress peer) {
        return HolepunchMessage.CODEC.encode(new HolepunchMessage(mode, message.id(), message.payload(), peer));
    }

    /** Null for what cannot be sent to. */
    private static @Nullable PeerAddress usable(@Nullable PeerAddress address) {
        return address == null || address.port() == 0 ? null : address;
    }
}
