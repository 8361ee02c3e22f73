package org.aliasrpc.dht;

import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.SocketId;
import org.jspecify.annotations.Nullable;

/** A request that waits for its answer. */
final class PendingRequest {
    final int tid;
    final Ask ask;
    final SocketId socket;
    final Bytes datagram; // repetitions are identical
    final RequestOwner owner;
    final long createdNanos;

    /** Transmissions so far. */
    int sends;

    /** When the last transmission counts as unanswered; only while in the set of timers. */
    long deadlineNanos;

    boolean ended;

    PendingRequest(int tid, Ask ask, SocketId socket, Bytes datagram, RequestOwner owner, long createdNanos) {
        this.tid = tid;
        this.ask = ask;
        this.socket = socket;
        this.datagram = datagram;
        this.owner = owner;
        this.createdNanos = createdNanos;
    }

    /**
     * What to send to whom.
     *
     * @param to with its id if it is to leave the routing table when it stays silent
     * @param internal whether the command is one of {@link InternalCommand}
     * @param timeoutNanos how long to wait for an answer to each transmission; 0 for the usual time
     */
    record Ask(Peer to, boolean internal, OutgoingRequest request, RequestOptions options, long timeoutNanos) {
        /** A request of this layer. */
        static Ask internal(
                Peer to,
                InternalCommand command,
                @Nullable NodeId target,
                @Nullable Bytes value,
                RequestOptions options) {
            return new Ask(to, true, new OutgoingRequest(command.number(), target, value), options, 0);
        }

        /** Whether silence says that the node is down. */
        boolean blamesNode() {
            // A PING_NAT is answered to another port than the one that asked: that port's firewall explains the
            // silence.
            // The reference removes the node even so, and every firewalled node loses the first node it met (dht-rpc.md
            // §7.3, quirk).
            return to.id() != null && !(internal && request.command() == InternalCommand.PING_NAT.number());
        }
    }
}
