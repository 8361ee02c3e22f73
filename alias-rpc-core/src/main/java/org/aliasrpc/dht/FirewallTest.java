package org.aliasrpc.dht;

import java.util.ArrayList;
import java.util.List;
import org.aliasrpc.dht.PendingRequest.Ask;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.jspecify.annotations.Nullable;

/**
 * Asks some nodes to answer to our server socket, from which nothing was sent: what gets through shows that anybody can
 * reach us (dht-rpc.md §9.4). For one use.
 */
final class FirewallTest {
    private static final int PROBES = 5;
    private static final int NEEDED = 3;

    /** Who waits for the verdict. */
    interface Owner {
        /**
         * @param sampler what the answers said about the server socket's address
         */
        void onVerdict(boolean firewalled, NatSampler sampler, long nowNanos);
    }

    private final NodeState state;
    private final Requests requests;
    private final NatSamples samples;
    private final Owner owner;
    private final NatSampler fresh = new NatSampler();
    private int probes;
    private int missing;
    private int counted;

    FirewallTest(NodeState state, Requests requests, NatSamples samples, Owner owner) {
        this.state = state;
        this.requests = requests;
        this.samples = samples;
        this.owner = owner;
    }

    /** The value of a PING_NAT: the port to answer to, uint16. */
    static Bytes portOf(NodeState state) {
        return new Writer(2).uint16(state.port(SocketId.SERVER)).toBytes();
    }

    void start(Neighbours neighbours, BootstrapResolver bootstrap, long nowNanos) {
        List<Peer> nodes =
                neighbours.latest(PROBES).stream().map(TableNode::peer).toList();
        if (nodes.size() >= PROBES) {
            probe(nodes, nowNanos);
        } else {
            bootstrap.resolve(
                    (more, now) -> {
                        List<Peer> all = new ArrayList<>(nodes);
                        all.addAll(more);
                        probe(all, now);
                    },
                    nowNanos);
        }
    }

    private void probe(List<Peer> nodes, long nowNanos) {
        probes = nodes.size();
        missing = 1; // so that the verdict waits for the end of the loop
        for (Peer node : nodes) {
            Ask ask = Ask.internal(
                    node,
                    InternalCommand.PING_NAT,
                    null,
                    portOf(state),
                    RequestOptions.DEFAULT.withSocket(SocketId.CLIENT));
            if (requests.send(ask, new Probe(), nowNanos) != null) {
                missing++;
            }
        }
        onDone(nowNanos);
    }

    private void onDone(long nowNanos) {
        if (--missing == 0) {
            owner.onVerdict(isFirewalled(), fresh, nowNanos);
        }
    }

    private boolean isFirewalled() {
        PeerAddress found = fresh.address();
        PeerAddress known = samples.address();
        if (counted < (probes >= PROBES ? NEEDED : 1) || found == null || known == null) {
            return true;
        }
        // A NAT that maps our port to another one counts as a firewall too: nobody else knows that port.
        return !found.sameHost(known) || found.port() == 0 || found.port() != state.port(SocketId.SERVER);
    }

    private final class Probe implements RequestOwner {
        @Override
        public void onReply(Reply reply, long nowNanos) {
            // An answer on the client socket shows nothing.
            if (reply.socket().equals(SocketId.SERVER)) {
                counted++;
                fresh.add(reply.to());
            }
            onDone(nowNanos);
        }

        @Override
        public void onFailure(RequestFailure failure, long nowNanos) {
            onDone(nowNanos);
        }
    }

    /** For {@link Bootstrapper}: one probe whose answer makes the whole test worth while. */
    static @Nullable PendingRequest probeOnce(
            PeerAddress node, NodeState state, Requests requests, RequestOwner owner, long nowNanos) {
        Ask ask = Ask.internal(
                Peer.withoutId(node), InternalCommand.PING_NAT, null, portOf(state), RequestOptions.DEFAULT);
        return requests.send(ask, owner, nowNanos);
    }
}
