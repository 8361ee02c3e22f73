package org.aliasrpc.hyperdht;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.crypto.Blake2b;
import org.aliasrpc.dht.IncomingRequest;
import org.aliasrpc.dht.NodeId;
import org.aliasrpc.dht.ReplyOptions;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * Stores what others announce and answers who asks for it: the part of a node that it plays for the network.
 *
 * <p>Values are not stored so far: those who ask get none, those who want to store are told that the command is unknown.
 *
 * <p>Source: docs/protocol/hyperdht.md §5.2, §12.
 */
final class Responder {
    /** Records on all topics, links of refresh chains, and bumps: so many of each (§12.3). */
    static final int MAX_ENTRIES = 65536;

    /** How long, roughly, they live (§12.3). */
    static final long MAX_AGE_NANOS = TimeUnit.MINUTES.toNanos(20);

    /** Relay addresses kept of a record (§12.1, step 4). */
    static final int MAX_RELAYS = 3;

    /** Records in one answer (§5.2). */
    static final int MAX_RECORDS = 20;

    /** How far in the future a bump may lie (§12.1, step 6). */
    private static final long MAX_BUMP_AHEAD_MILLIS = TimeUnit.SECONDS.toMillis(60);

    private final NodeCore core;
    private final Map<NodeId, Listener> listeners;
    private final Routes routes;
    private final RecordStore records;
    private final AgeingCache<Bytes, Refreshable> refreshes;
    private final AgeingCache<NodeId, Long> bumps;

    Responder(NodeCore core, Map<NodeId, Listener> listeners, Routes routes) {
        this.core = core;
        this.listeners = listeners;
        this.routes = routes;
        this.records = new RecordStore(MAX_ENTRIES, MAX_AGE_NANOS, core.now());
        this.refreshes = new AgeingCache<>(MAX_ENTRIES, MAX_AGE_NANOS, core.now());
        this.bumps = new AgeingCache<>(MAX_ENTRIES, MAX_AGE_NANOS, core.now());
    }

    /** Serves a request that is not a handshake or a round of hole punching. */
    void onRequest(IncomingRequest request) {
        NodeId self = core.rpc.id();
        if (self == null) {
            core.rpc.decline(request); // others store at persistent nodes only (§5.2)
            return;
        }
        NodeId target = request.target();
        if (request.command() > Command.PLUGIN) {
            core.rpc.decline(request);
        } else if (target != null) {
            serve(request, target, self);
        }
    }

    private void serve(IncomingRequest request, NodeId target, NodeId self) {
        switch ((int) request.command()) {
            case Command.FIND_PEER -> findPeer(request, target);
            case Command.LOOKUP -> lookup(request, target);
            case Command.ANNOUNCE -> announce(request, target, self);
            case Command.UNANNOUNCE -> unannounce(request, target, self);
            case Command.MUTABLE_GET -> mutableGet(request);
            case Command.IMMUTABLE_GET -> core.rpc.reply(request, null, ReplyOptions.FULL);
            case Command.MUTABLE_PUT, Command.IMMUTABLE_PUT -> core.rpc.decline(request);
            default -> {
                // PLUGIN: there are none, and a request for an unknown one is ignored (§5.2).
            }
        }
    }

    private void findPeer(IncomingRequest request, NodeId target) {
        PeerRecord record = routed(target);
        core.rpc.reply(request, record == null ? null : PeerRecord.CODEC.encode(record), ReplyOptions.FULL);
    }

    private void lookup(IncomingRequest request, NodeId target) {
        List<PeerRecord> found = records.sample(target.bytes(), MAX_RECORDS, core.random, core.now());
        PeerRecord self = routed(target);
        if (self != null && found.size() < MAX_RECORDS) {
            found.add(self);
        }
        Bytes value = null;
        if (!found.isEmpty()) {
            Long bump = bumps.get(target, core.now());
            value = LookupReply.CODEC.encode(new LookupReply(found, bump == null ? 0 : bump));
        }
        core.rpc.reply(request, value, ReplyOptions.FULL);
    }

    private void announce(IncomingRequest request, NodeId target, NodeId self) {
        Bytes token = request.token();
        AnnounceMessage message = decode(request);
        if (token == null || message == null) {
            return;
        }
        PeerRecord peer = message.peer();
        Bytes refresh = message.refresh();
        if (peer == null) {
            if (refresh != null) {
                refresh(request, refresh);
            }
            return;
        }
        if (!AnnounceSignature.isValid(Namespaces.ANNOUNCE, target.bytes(), self.bytes(), token, message)) {
            return;
        }
        PeerRecord record = peer.relayAddresses().size() <= MAX_RELAYS
                ? peer
                : new PeerRecord(peer.publicKey(), peer.relayAddresses().subList(0, MAX_RELAYS));
        boolean announceSelf = record.publicKey().target().equals(target.bytes());
        if (!announceSelf) {
            bump(target, message.bump());
        }
        Refreshable stored = new Refreshable(target, record, announceSelf);
        store(stored, request.from().address());
        if (refresh != null) {
            refreshes.put(refresh, stored, core.now());
        }
        core.rpc.reply(request, null, ReplyOptions.BARE);
    }

    /** The announcer reveals what the remembered link is the hash of, and thereby the next link (§12.2). */
    private void refresh(IncomingRequest request, Bytes revealed) {
        Refreshable stored = refreshes.remove(Blake2b.hash(revealed));
        if (stored == null) {
            return;
        }
        store(stored, request.from().address());
        refreshes.put(revealed, stored, core.now());
        core.rpc.reply(request, null, ReplyOptions.BARE);
    }

    private void unannounce(IncomingRequest request, NodeId target, NodeId self) {
        Bytes token = request.token();
        AnnounceMessage message = decode(request);
        if (token == null || message == null) {
            return;
        }
        PeerRecord peer = message.peer();
        if (peer == null
                || !AnnounceSignature.isValid(Namespaces.UNANNOUNCE, target.bytes(), self.bytes(), token, message)) {
            return;
        }
        if (peer.publicKey().target().equals(target.bytes())) {
            routes.remove(target);
        }
        records.remove(target.bytes(), peer.publicKey());
        core.rpc.reply(request, null, ReplyOptions.BARE);
    }

    private void mutableGet(IncomingRequest request) {
        Bytes value = request.value();
        try {
            if (value != null) {
                new Reader(value).uint();
                core.rpc.reply(request, null, ReplyOptions.FULL);
            }
        } catch (DecodeException e) {
            // Ignored, as by the reference (§5.2).
        }
    }

    private void store(Refreshable stored, PeerAddress source) {
        PeerRecord record = stored.record;
        if (!stored.announceSelf) {
            records.add(stored.target.bytes(), record, core.now());
        } else if (!listeners.containsKey(stored.target)) {
            routes.put(stored.target, new Routes.Route(source, record), core.now());
            records.remove(stored.target.bytes(), record.publicKey());
        }
    }

    private void bump(NodeId target, long bump) {
        Long before = bumps.get(target, core.now());
        if (bump > (before == null ? 0 : before) && bump <= core.epochMillis() + MAX_BUMP_AHEAD_MILLIS) {
            bumps.put(target, bump, core.now());
        }
    }

    /** The record of the server that can be reached through this node, an own listener among them. */
    private @Nullable PeerRecord routed(NodeId target) {
        Listener listener = listeners.get(target);
        if (listener != null) {
            return PeerRecord.of(listener.publicKey());
        }
        Routes.Route route = routes.get(target, core.now());
        return route == null ? null : route.record();
    }

    private static @Nullable AnnounceMessage decode(IncomingRequest request) {
        try {
            return request.value() == null ? null : AnnounceMessage.CODEC.decode(request.value());
        } catch (DecodeException e) {
            return null;
        }
    }

    /** What a link of a refresh chain stands for. */
    private record Refreshable(NodeId target, PeerRecord record, boolean announceSelf) {}
}
