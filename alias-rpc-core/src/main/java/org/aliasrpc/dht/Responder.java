package org.aliasrpc.dht;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.jspecify.annotations.Nullable;

/** Answers requests: this layer's commands itself, all others through the layer above (dht-rpc.md §5, §6, §12). */
final class Responder {
    /** Delayed pings that wait for their time; more are ignored (dht-rpc.md §13). */
    static final int MAX_DELAYED_PINGS = 1024;

    private final NodeState state;
    private final Neighbours neighbours;
    private final RoundTripTokens tokens;
    private final long maxPingDelayNanos;
    private final Queue<RpcEvent> events;
    private final Queue<Transmit> transmits;
    private final PriorityQueue<Delayed> delayed = new PriorityQueue<>(Comparator.comparingLong(Delayed::dueNanos));

    Responder(
            NodeState state,
            RpcConfig config,
            Neighbours neighbours,
            RandomGenerator random,
            Queue<RpcEvent> events,
            Queue<Transmit> transmits) {
        this(state, config.maxPingDelayNanos(), neighbours, new RoundTripTokens(random), events, transmits);
    }

    Responder(
            NodeState state,
            long maxPingDelayNanos,
            Neighbours neighbours,
            RoundTripTokens tokens,
            Queue<RpcEvent> events,
            Queue<Transmit> transmits) {
        this.state = state;
        this.neighbours = neighbours;
        this.tokens = tokens;
        this.maxPingDelayNanos = maxPingDelayNanos;
        this.events = events;
        this.transmits = transmits;
    }

    RoundTripTokens tokens() {
        return tokens;
    }

    /**
     * Whether a request may be looked at: it has no token, or one that proves its sender. If not, it is answered with a
     * good one.
     */
    boolean admits(RequestMessage request, PeerAddress from, SocketId socket) {
        if (request.token() == null || tokens.accepts(request.token(), from)) {
            return true;
        }
        Answer answer = new Answer(request.tid(), from, socket, RpcError.INVALID_TOKEN, null);
        send(answer, true, request.target());
        return false;
    }

    /** A request that was admitted. */
    void onRequest(RequestMessage request, Peer from, SocketId socket, long nowNanos) {
        if (!request.internal()) {
            events.add(new RpcEvent.RequestReceived(new IncomingRequest(
                    request.tid(),
                    from,
                    request.to(),
                    socket,
                    request.token(),
                    request.command(),
                    request.target(),
                    request.value())));
            return;
        }
        InternalCommand command = InternalCommand.of(request.command());
        Answer empty = new Answer(request.tid(), from.address(), socket, RpcError.NONE, null);
        if (command == null) {
            Answer unknown = new Answer(request.tid(), from.address(), socket, RpcError.UNKNOWN_COMMAND, null);
            send(unknown, false, request.target());
            return;
        }
        try {
            Reader value = new Reader(request.value() == null ? Bytes.EMPTY : request.value());
            switch (command) {
                case PING -> send(empty, false, null);
                case PING_NAT -> onPingNat(empty, value.uint16());
                case FIND_NODE -> {
                    if (request.target() != null) {
                        send(empty, false, request.target());
                    }
                }
                case DOWN_HINT -> {
                    neighbours.onDownHint(PeerAddress.IPV4_CODEC.decode(value), nowNanos);
                    send(empty, false, null);
                }
                case DELAYED_PING -> onDelayedPing(empty, value.uint32(), nowNanos);
            }
        } catch (DecodeException e) {
            return; // a missing or short value gets no answer
        }
    }

    /** Answers a request of the layer above. */
    void reply(IncomingRequest request, long error, @Nullable Bytes value, ReplyOptions options) {
        PeerAddress to = options.to() == null ? request.from().address() : options.to();
        SocketId socket = options.socket() == null ? request.socket() : options.socket();
        Answer answer = new Answer(request.tid(), to, socket, error, value);
        send(answer, options.token(), options.closerNodes() ? request.target() : null);
    }

    void relay(IncomingRequest request, @Nullable Bytes value, PeerAddress to, @Nullable SocketId chosen) {
        SocketId socket = chosen == null ? request.socket() : chosen;
        RequestMessage message = new RequestMessage(
                request.tid(), to, state.idOn(socket), null, false, request.command(), request.target(), value);
        transmit(socket, to, RequestMessage.CODEC.encode(message));
    }

    long nextTimeout() {
        Delayed first = delayed.peek();
        return first == null ? Long.MAX_VALUE : first.dueNanos;
    }

    void onTimeout(long nowNanos) {
        for (Delayed first = delayed.peek(); first != null && first.dueNanos <= nowNanos; first = delayed.peek()) {
            send(delayed.remove().answer, false, null);
        }
    }

    /** Nothing can be sent any more. */
    void clear() {
        delayed.clear();
    }

    private void onPingNat(Answer empty, int port) {
        if (port != 0) {
            // Only the port is the sender's choice, else we could be made to flood others.
            send(new Answer(empty.tid, empty.to.withPort(port), empty.socket, RpcError.NONE, null), false, null);
        }
    }

    private void onDelayedPing(Answer empty, long millis, long nowNanos) {
        long delay = TimeUnit.MILLISECONDS.toNanos(millis);
        if (delay <= maxPingDelayNanos && delayed.size() < MAX_DELAYED_PINGS) {
            delayed.add(new Delayed(nowNanos + delay, empty));
        }
    }

    private void send(Answer answer, boolean token, @Nullable NodeId target) {
        List<PeerAddress> closer = target == null
                ? List.of()
                : neighbours.closest(target, RoutingTable.K).stream()
                        .map(Peer::address)
                        .toList();
        ResponseMessage message = new ResponseMessage(
                answer.tid,
                answer.to,
                state.idOn(answer.socket),
                token ? tokens.issue(answer.to) : null,
                closer,
                answer.error,
                answer.value);
        transmit(answer.socket, answer.to, ResponseMessage.CODEC.encode(message));
    }

    private void transmit(SocketId socket, PeerAddress to, Bytes datagram) {
        if (!state.suspended() && !state.closed()) {
            transmits.add(new Transmit(socket, to, datagram.asByteBuffer()));
        }
    }

    private record Answer(
            int tid,
            PeerAddress to,
            SocketId socket,
            long error,
            @Nullable Bytes value) {}

    private record Delayed(long dueNanos, Answer answer) {}
}
