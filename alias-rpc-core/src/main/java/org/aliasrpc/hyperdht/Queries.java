package org.aliasrpc.hyperdht;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.dht.CommitStrategy;
import org.aliasrpc.dht.NodeId;
import org.aliasrpc.dht.OutgoingRequest;
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
    private final Map<Long, Running> unannouncing = new HashMap<>();

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
        PeerRecord record = new PeerRecord(keyPair.publicKey(), relays);
        CommitStrategy commit = closest -> {
            NodeId node = closest.from().id();
            Bytes token = closest.token();
            if (node == null || token == null) {
                return null;
            }
            AnnounceMessage message =
                    AnnounceSignature.sign(Namespaces.ANNOUNCE, topic.bytes(), node.bytes(), token, record, keyPair);
            return new OutgoingRequest(Command.ANNOUNCE, topic, AnnounceMessage.CODEC.encode(message), token);
        };
        return start(
                new Running(topic, false, clear ? keyPair : null),
                QueryOptions.of(topic, Command.LOOKUP, null).withCommit(commit));
    }

    long unannounce(NodeId topic, KeyPair keyPair) {
        return start(new Running(topic, false, keyPair), QueryOptions.of(topic, Command.LOOKUP, null));
    }

    void cancel(long query) {
        if (running.containsKey(query)) {
            core.rpc.cancel(query, core.now());
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
        AnnounceMessage message = AnnounceSignature.sign(
                Namespaces.UNANNOUNCE,
                query.target.bytes(),
                node.bytes(),
                token,
                PeerRecord.of(keyPair.publicKey()),
                keyPair);
        long request = core.request(
                this,
                reply.from().address(),
                Command.UNANNOUNCE,
                query.target,
                AnnounceMessage.CODEC.encode(message),
                token,
                RequestOptions.DEFAULT);
        query.requests.add(request);
        unannouncing.put(request, query);
    }

    @Override
    public void onReply(long request, Reply reply, long nowNanos) {
        onUnannounced(request);
    }

    @Override
    public void onFailed(long request, RequestFailure failure, long nowNanos) {
        onUnannounced(request);
    }

    private void onUnannounced(long request) {
        Running query = unannouncing.remove(request);
        if (query != null) {
            query.requests.remove(request);
            endWhenDone(query);
        }
    }

    @Override
    public void onQueryEnded(RpcEvent.QueryEnded ended, long nowNanos) {
        Running query = running.get(ended.query());
        if (query != null) {
            query.ended = ended;
            endWhenDone(query);
        }
    }

    private void endWhenDone(Running query) {
        RpcEvent.QueryEnded ended = query.ended;
        if (ended != null && query.requests.isEmpty()) {
            running.remove(query.handle);
            core.events.add(new HyperDhtEvent.QueryEnded(query.handle, ended.closestNodes(), ended.failure()));
        }
    }

    /** A query that goes on. */
    private static final class Running {
        private final NodeId target;
        private final boolean findPeer;
        private final @Nullable KeyPair unannounce;
        private final Set<Long> requests = new HashSet<>();
        private long handle;
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
