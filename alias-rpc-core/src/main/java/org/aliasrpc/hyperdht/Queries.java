package org.aliasrpc.hyperdht;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.dht.NodeId;
import org.aliasrpc.dht.QueryFailure;
import org.aliasrpc.dht.QueryOptions;
import org.aliasrpc.dht.Reply;
import org.aliasrpc.dht.RequestFailure;
import org.aliasrpc.dht.RequestOptions;
import org.aliasrpc.dht.RpcEvent;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * The walks that the node's owner asks for.
 *
 * <p>Source: docs/protocol/hyperdht.md §5.1.
 */
final class Queries implements RpcOwner {
    /** A node that lists so many peers may hold ours without listing it (§5.1). */
    private static final int FULL_ANSWER = Responder.MAX_RECORDS;

    private final NodeCore core;
    private final Map<Long, Running> running = new HashMap<>();
    private final Map<Long, Running> asked = new HashMap<>();

    Queries(NodeCore core) {
        this.core = core;
    }

    long findPeer(NodeId target) {
        return start(new Running(target, true, null), QueryOptions.of(target, Command.FIND_PEER, null));
    }

    long lookup(NodeId topic) {
        return start(new Running(topic, false, null), QueryOptions.of(topic, Command.LOOKUP, null));
    }

    long announce(NodeId topic, KeyPair keyPair, List<PeerAddress> relays, boolean clear) {
        Running query = new Running(topic, false, clear ? keyPair : null);
        query.announce = keyPair;
        query.record = new PeerRecord(keyPair.publicKey(), relays);
        return start(query, QueryOptions.of(topic, Command.LOOKUP, null));
    }

    long unannounce(NodeId topic, KeyPair keyPair) {
        return start(new Running(topic, false, keyPair), QueryOptions.of(topic, Command.LOOKUP, null));
    }

    void cancel(long handle) {
        Running query = running.get(handle);
        if (query != null) {
            query.cancelled = true;
            core.rpc.cancel(handle, core.now());
            List.copyOf(query.requests).forEach(request -> core.rpc.cancel(request, core.now()));
        }
    }

    private long start(Running query, QueryOptions options) {
        query.handle = core.query(this, options);
        running.put(query.handle, query);
        return query.handle;
    }

    @Override
    public void onQueryReply(long handle, Reply reply, long nowNanos) {
        Running query = running.get(handle);
        Bytes value = reply.value();
        if (query == null || value == null) {
            return;
        }
        try {
            if (query.findPeer) {
                PeerRecord record = PeerRecord.CODEC.decode(value);
                core.events.add(new HyperDhtEvent.PeerFound(handle, reply.from().address(), record));
                return;
            }
            LookupReply found = LookupReply.CODEC.decode(value);
            core.events.add(new HyperDhtEvent.LookupResult(handle, reply.from(), found.peers(), found.bump()));
            unannounceAt(query, reply, found);
        } catch (DecodeException e) {
            // Dropped, as by the reference (§5.1).
        }
    }

    private void unannounceAt(Running query, Reply reply, LookupReply found) {
        KeyPair keyPair = query.unannounce;
        NodeId node = reply.from().id();
        Bytes token = reply.token();
        if (keyPair == null || node == null || token == null) {
            return;
        }
        boolean listed = found.peers().size() >= FULL_ANSWER
                || found.peers().stream().anyMatch(peer -> peer.publicKey().equals(keyPair.publicKey()));
        if (!listed) {
            return;
        }
        PeerRecord record = PeerRecord.of(keyPair.publicKey());
        AnnounceMessage message = AnnounceSignature.sign(
                Namespaces.UNANNOUNCE, query.target.bytes(), node.bytes(), token, record, keyPair);
        ask(query, reply, Command.UNANNOUNCE, message, token);
    }

    /** When the walk is done, and what it cleared is gone: an UNANNOUNCE must not overtake the ANNOUNCE. */
    private void announceAtClosest(Running query, KeyPair keyPair, PeerRecord record, List<Reply> closest) {
        for (Reply reply : closest) {
            NodeId node = reply.from().id();
            Bytes token = reply.token();
            if (node != null && token != null) {
                AnnounceMessage message = AnnounceSignature.sign(
                        Namespaces.ANNOUNCE, query.target.bytes(), node.bytes(), token, record, keyPair);
                ask(query, reply, Command.ANNOUNCE, message, token);
            }
        }
    }

    private void ask(Running query, Reply node, int command, AnnounceMessage message, Bytes token) {
        Bytes value = AnnounceMessage.CODEC.encode(message);
        PeerAddress to = node.from().address();
        long request = core.request(this, to, command, query.target, value, token, RequestOptions.DEFAULT);
        query.requests.add(request);
        asked.put(request, query);
    }

    @Override
    public void onReply(long request, Reply reply, long nowNanos) {
        onAsked(request, true);
    }

    @Override
    public void onFailed(long request, RequestFailure failure, long nowNanos) {
        onAsked(request, false);
    }

    private void onAsked(long request, boolean answered) {
        Running query = asked.remove(request);
        if (query != null) {
            query.requests.remove(request);
            query.committed |= answered && query.committing;
            proceed(query);
        }
    }

    @Override
    public void onQueryEnded(RpcEvent.QueryEnded ended, long nowNanos) {
        Running query = running.get(ended.query());
        if (query != null) {
            query.ended = ended;
            proceed(query);
        }
    }

    private void proceed(Running query) {
        RpcEvent.QueryEnded ended = query.ended;
        if (ended == null || !query.requests.isEmpty()) {
            return;
        }
        QueryFailure failure = query.cancelled ? QueryFailure.CANCELLED : ended.failure();
        KeyPair keyPair = query.announce;
        PeerRecord record = query.record;
        if (failure == null && keyPair != null && record != null) {
            if (!query.committing) {
                query.committing = true;
                announceAtClosest(query, keyPair, record, ended.closestReplies());
                if (!query.requests.isEmpty()) {
                    return;
                }
                failure = QueryFailure.TOO_FEW_NODES;
            } else if (!query.committed) {
                failure = QueryFailure.COMMIT_TIMED_OUT;
            }
        }
        running.remove(query.handle);
        core.events.add(new HyperDhtEvent.QueryEnded(query.handle, ended.closestNodes(), failure));
    }

    /** A query that goes on. */
    private static final class Running {
        private final NodeId target;
        private final boolean findPeer;
        private final @Nullable KeyPair unannounce;
        private final Set<Long> requests = new HashSet<>();
        private long handle;
        private @Nullable KeyPair announce;
        private @Nullable PeerRecord record;
        private boolean committing;
        private boolean committed;
        private boolean cancelled;
        private RpcEvent.@Nullable QueryEnded ended;

        /**
         * @param unannounce whose records to delete on the way, or null
         */
        Running(NodeId target, boolean findPeer, @Nullable KeyPair unannounce) {
            this.target = target;
            this.findPeer = findPeer;
            this.unannounce = unannounce;
        }
    }
}
