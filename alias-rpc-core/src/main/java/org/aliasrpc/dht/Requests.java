package org.aliasrpc.dht;

import java.util.Queue;
import java.util.random.RandomGenerator;
import org.aliasrpc.dht.PendingRequest.Ask;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.jspecify.annotations.Nullable;

/** Makes requests for all parts of the node, and keeps count. */
final class Requests {
    private final NodeState state;
    private final PendingRequests pending;
    private final long[] sent = new long[InternalCommand.COUNT];
    private final long[] answered = new long[InternalCommand.COUNT];
    private long total;

    Requests(NodeState state, RpcConfig config, Queue<Transmit> transmits, RandomGenerator random) {
        this.state = state;
        this.pending =
                new PendingRequests(transmits, random, config.adaptiveTimeout() ? new AdaptiveTimeout(random) : null);
    }

    PendingRequests pending() {
        return pending;
    }

    /** Why no request can be made now, null if one can. */
    @Nullable
    RequestFailure refusal() {
        return state.closed()
                ? RequestFailure.CLOSED
                : state.suspended() ? RequestFailure.SUSPENDED : pending.isFull() ? RequestFailure.OVERLOADED : null;
    }

    /**
     * Makes a request.
     *
     * @param owner hears of its end, never from within this call
     * @return null, and nothing happens, while there is a {@link #refusal}
     */
    @Nullable
    PendingRequest send(Ask ask, RequestOwner owner, long nowNanos) {
        if (refusal() != null) {
            return null;
        }
        SocketId chosen = ask.options().socket();
        SocketId socket = chosen == null ? state.activeSocket() : chosen;
        OutgoingRequest request = ask.request();
        int tid = pending.newTid();
        RequestMessage message = new RequestMessage(
                tid,
                ask.to().address(),
                state.idOn(socket),
                request.token(),
                ask.internal(),
                request.command(),
                request.target(),
                request.value());
        if (ask.internal()) {
            sent[(int) request.command()]++;
        }
        total++;
        PendingRequest made =
                new PendingRequest(tid, ask, socket, RequestMessage.CODEC.encode(message), owner, nowNanos);
        pending.add(made, nowNanos);
        return made;
    }

    /** Our request for a response, null if there is none (any more). */
    @Nullable
    PendingRequest match(int tid, long nowNanos) {
        PendingRequest request = pending.match(tid, nowNanos);
        if (request != null && request.ask.internal()) {
            answered[(int) request.ask.request().command()]++;
        }
        return request;
    }

    RpcStats stats(int activeQueries, long queries) {
        return new RpcStats(
                activeQueries,
                queries,
                pending.size(),
                total,
                pending.responses(),
                pending.timeouts(),
                pending.retries(),
                count(InternalCommand.PING),
                count(InternalCommand.PING_NAT),
                count(InternalCommand.FIND_NODE),
                count(InternalCommand.DOWN_HINT),
                count(InternalCommand.DELAYED_PING));
    }

    private RpcStats.Command count(InternalCommand command) {
        return new RpcStats.Command(sent[command.number()], answered[command.number()]);
    }
}
