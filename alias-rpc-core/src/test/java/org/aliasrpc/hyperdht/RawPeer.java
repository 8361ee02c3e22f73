package org.aliasrpc.hyperdht;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.aliasrpc.dht.IncomingRequest;
import org.aliasrpc.dht.NodeId;
import org.aliasrpc.dht.OutgoingRequest;
import org.aliasrpc.dht.Reply;
import org.aliasrpc.dht.RequestOptions;
import org.aliasrpc.dht.RpcConfig;
import org.aliasrpc.dht.RpcEvent;
import org.aliasrpc.dht.RpcNode;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.aliasrpc.sim.SimNetwork;
import org.aliasrpc.sim.SimNode;
import org.jspecify.annotations.Nullable;

/** Speaks dht-rpc and nothing above it: asks a node of HyperDHT for anything, and keeps what comes. */
final class RawPeer implements SimNode {
    final List<IncomingRequest> requests = new ArrayList<>();
    final List<ByteBuffer> others = new ArrayList<>();
    final PeerAddress address;

    final RpcNode rpc;

    /** Called with each request that comes in. */
    Consumer<IncomingRequest> handler = request -> {};

    private final SimNetwork network;
    private final Map<Long, Reply> replies = new HashMap<>();

    RawPeer(SimNetwork network, String host, int port, long seed) {
        this.network = network;
        this.address = PeerAddress.of(host, port);
        this.rpc = new RpcNode(
                RpcConfig.builder()
                        .mode(RpcConfig.Mode.EPHEMERAL)
                        .firewalled(false)
                        .build(),
                new Random(seed));
        rpc.start(network.now());
        network.touch(this);
        network.runFor(1);
    }

    /** Asks once and waits 100 ms; null when nothing came back. */
    @Nullable
    Reply ask(PeerAddress node, int command, @Nullable NodeId target, @Nullable Bytes value, @Nullable Bytes token) {
        long request = send(node, command, target, value, token);
        network.runFor(TimeUnit.MILLISECONDS.toNanos(100));
        return replies.get(request);
    }

    /** As {@link #ask}, where an answer must come. */
    Reply mustAsk(
            PeerAddress node, int command, @Nullable NodeId target, @Nullable Bytes value, @Nullable Bytes token) {
        return Objects.requireNonNull(ask(node, command, target, value, token), "no answer");
    }

    /** The token of a reply that must have one. */
    static Bytes token(Reply reply) {
        return Objects.requireNonNull(reply.token(), "no token");
    }

    /** The value of a reply that must have one. */
    static Bytes value(Reply reply) {
        return Objects.requireNonNull(reply.value(), "no value");
    }

    /** Asks once, without waiting. */
    long send(PeerAddress node, int command, @Nullable NodeId target, @Nullable Bytes value, @Nullable Bytes token) {
        long request = rpc.request(
                node, new OutgoingRequest(command, target, value, token), RequestOptions.ONCE, network.now());
        network.touch(this);
        return request;
    }

    /** Passes a request on with another value, as relays and servers do, and waits 10 ms. */
    void relay(PeerAddress node, IncomingRequest request, Bytes value) {
        rpc.relay(request, value, node, null);
        network.touch(this);
        network.runFor(TimeUnit.MILLISECONDS.toNanos(10));
    }

    /** The reply that must have come. */
    Reply reply(long request) {
        return Objects.requireNonNull(replies.get(request), "no answer");
    }

    /** The handshake messages that were sent to us as requests, in order. */
    List<HandshakeMessage> handshakes() {
        return requests.stream()
                .filter(request -> request.command() == Command.PEER_HANDSHAKE)
                .map(request -> {
                    try {
                        return HandshakeMessage.CODEC.decode(request.value() == null ? Bytes.EMPTY : request.value());
                    } catch (DecodeException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }

    @Override
    public void onDatagram(SocketId socket, PeerAddress from, ByteBuffer datagram, long nowNanos) {
        if (!rpc.onDatagram(socket, from, datagram, nowNanos)) {
            others.add(datagram);
        }
    }

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos) {
        return rpc.pollTransmit();
    }

    @Override
    public long nextTimeout() {
        return rpc.nextTimeout();
    }

    @Override
    public void onTimeout(long nowNanos) {
        rpc.onTimeout(nowNanos);
    }

    @Override
    public void onTurn(long nowNanos) {
        for (RpcEvent event = rpc.pollEvent(); event != null; event = rpc.pollEvent()) {
            if (event instanceof RpcEvent.BindRequested request) {
                int port = request.socket().equals(SocketId.SERVER) ? address.port() : address.port() + 1;
                network.bind(this, request.socket(), address.withPort(port));
                rpc.onSocketBound(request.socket(), port, nowNanos);
            } else if (event instanceof RpcEvent.RequestReceived received) {
                requests.add(received.request());
                handler.accept(received.request());
            } else if (event instanceof RpcEvent.Replied replied) {
                replies.put(replied.request(), replied.reply());
            }
        }
    }
}
