package org.aliasrpc.hyperdht;

import java.util.HashSet;
import java.util.Set;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.dht.NodeId;
import org.aliasrpc.dht.Peer;
import org.aliasrpc.dht.Reply;
import org.aliasrpc.dht.RequestFailure;
import org.aliasrpc.dht.RequestOptions;
import org.aliasrpc.encoding.Bytes;

/**
 * Deletes a server's record at nodes that store it: asks each for the record, which gives a token, and then to forget it.
 *
 * <p>Source: docs/protocol/hyperdht.md §8, "Unannounce one node".
 */
final class Unannouncer implements RpcOwner {
    private final NodeCore core;
    private final Announcer announcer;
    private final KeyPair keyPair;
    private final NodeId target;
    private final long session;
    private final Set<Long> finding = new HashSet<>();
    private final Set<Long> deleting = new HashSet<>();

    Unannouncer(NodeCore core, Announcer announcer, KeyPair keyPair, NodeId target) {
        this.core = core;
        this.announcer = announcer;
        this.keyPair = keyPair;
        this.target = target;
        this.session = core.rpc.openSession();
    }

    /** Whether nothing is under way. */
    boolean isDone() {
        return finding.isEmpty() && deleting.isEmpty();
    }

    void delete(Peer node) {
        RequestOptions options = RequestOptions.DEFAULT.withSession(session);
        finding.add(core.request(this, node.address(), Command.FIND_PEER, target, null, null, options));
    }

    /** Gives up what is under way. */
    void cancel() {
        finding.clear();
        deleting.clear();
        core.rpc.cancelSession(session, core.now());
    }

    @Override
    public void onReply(long request, Reply reply, long nowNanos) {
        NodeId node = reply.from().id();
        Bytes token = reply.token();
        if (finding.remove(request) && node != null && token != null && reply.value() != null) {
            // Always with an empty list of relays, whatever was announced (§5.1, rule 1).
            PeerRecord record = PeerRecord.of(keyPair.publicKey());
            AnnounceMessage message =
                    AnnounceSignature.sign(Namespaces.UNANNOUNCE, target.bytes(), node.bytes(), token, record, keyPair);
            deleting.add(core.request(
                    this,
                    reply.from().address(),
                    Command.UNANNOUNCE,
                    target,
                    AnnounceMessage.CODEC.encode(message),
                    token,
                    RequestOptions.DEFAULT.withSession(session)));
        }
        deleting.remove(request);
        announcer.onUnannounced();
    }

    @Override
    public void onFailed(long request, RequestFailure failure, long nowNanos) {
        finding.remove(request);
        deleting.remove(request);
        announcer.onUnannounced();
    }
}
