package org.aliasrpc.dht;

import java.nio.ByteBuffer;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;

/** Hands what comes in to whom it concerns, and learns from it who is there. */
final class Inbound {
    private final NodeState state;
    private final Requests requests;
    private final Neighbours neighbours;
    private final NatSamples samples;
    private final Responder responder;

    Inbound(NodeState state, Requests requests, Neighbours neighbours, NatSamples samples, Responder responder) {
        this.state = state;
        this.requests = requests;
        this.neighbours = neighbours;
        this.samples = samples;
        this.responder = responder;
    }

    /**
     * @return whether it was a well-formed message; anything else is dropped without an answer
     */
    boolean onDatagram(SocketId socket, PeerAddress from, ByteBuffer datagram, long nowNanos) {
        if (datagram.remaining() < 2 || !from.isIpv4() || from.port() == 0) {
            return false;
        }
        int first = datagram.get(datagram.position());
        try {
            if (first == RequestMessage.FIRST_BYTE) {
                onRequest(socket, from, RequestMessage.CODEC.decode(new Reader(datagram)), nowNanos);
            } else if (first == ResponseMessage.FIRST_BYTE) {
                onResponse(socket, from, ResponseMessage.CODEC.decode(new Reader(datagram)), nowNanos);
            } else {
                return false;
            }
            return true;
        } catch (DecodeException e) {
            return false;
        }
    }

    private void onRequest(SocketId socket, PeerAddress address, RequestMessage request, long nowNanos) {
        if (!responder.admits(request, address, socket)) {
            return;
        }
        Peer from = NodeState.verify(address, request.id());
        if (from.id() != null && neighbours.accepts(address)) {
            learn(from, request.to(), socket, nowNanos);
        }
        responder.onRequest(request, from, socket, nowNanos);
    }

    private void onResponse(SocketId socket, PeerAddress address, ResponseMessage response, long nowNanos) {
        PendingRequest request = requests.match(response.tid(), nowNanos);
        if (request == null) {
            return;
        }
        Peer from = NodeState.verify(address, response.id());
        if (neighbours.accepts(address)) {
            if (from.id() == null) {
                samples.addWithoutId(address, response.to());
            } else {
                learn(from, response.to(), socket, nowNanos);
                if (socket.equals(state.activeSocket())) {
                    samples.onAnswer(address, response.to(), neighbours.size());
                }
            }
        }
        Reply reply = new Reply(
                response.tid(),
                nowNanos - request.createdNanos,
                from,
                response.to(),
                socket,
                response.token(),
                response.closerNodes(),
                response.error(),
                response.value());
        request.owner.onReply(reply, nowNanos);
    }

    private void learn(Peer from, PeerAddress to, SocketId socket, long nowNanos) {
        boolean external = !socket.equals(state.activeSocket());
        neighbours.onHeard(from, to, external, samples::add, nowNanos);
    }

    /** Repeats or gives up requests whose time is over. */
    void onTimeout(long nowNanos) {
        PendingRequest request;
        while ((request = requests.pending().pollDue(nowNanos)) != null) {
            request.owner.onSlow(nowNanos);
            if (request.ended || requests.pending().sendAgain(request, nowNanos)) {
                continue;
            }
            NodeId id = request.ask.to().id();
            if (id != null && request.ask.blamesNode()) {
                neighbours.onSilent(id);
            }
            request.owner.onFailure(RequestFailure.TIMED_OUT, nowNanos);
        }
    }
}
