package org.aliasrpc.interop;

import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.aliasrpc.io.Machine;
import org.aliasrpc.io.NodeLoop;
import org.aliasrpc.io.UdpTransport;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.aliasrpc.udx.Firewall;
import org.aliasrpc.udx.UdxConfig;
import org.aliasrpc.udx.UdxEndpoint;
import org.aliasrpc.udx.UdxStream;
import org.jspecify.annotations.Nullable;

/** Our UDX on one real socket of 127.0.0.1, without anything above it: the Java end of raw transfers. */
final class JavaUdx implements Machine, AutoCloseable {
    static final String LOOPBACK = "127.0.0.1";

    private final NodeLoop loop;
    private final UdxEndpoint endpoint;
    private final int port;
    private final Map<UdxStream, UdxEnd> ends = new HashMap<>();

    JavaUdx(UdpTransport transport, UdxConfig config) {
        this.loop = NodeLoop.start(transport, "udx-interop");
        this.endpoint = new UdxEndpoint(config, loop.random());
        this.port = join(loop.bind(SocketId.SERVER, InetAddress.getLoopbackAddress(), IntStream.of(0)))
                .port();
        loop.execute(() -> loop.drive(this));
    }

    JavaUdx(UdpTransport transport) {
        this(transport, UdxConfig.DEFAULT);
    }

    /** The port of its socket. */
    int port() {
        return port;
    }

    /**
     * A stream that takes packets from anywhere and is not connected yet.
     *
     * @param echoes whether it sends back what it gets
     */
    UdxEnd stream(int id, boolean echoes) {
        return onLoop(() -> {
            UdxStream stream = endpoint.createStream(id, Firewall.ACCEPT_ALL);
            UdxEnd end = new UdxEnd(this, stream, echoes);
            ends.put(stream, end);
            return end;
        });
    }

    /** Forwards packets of two streams to each other. */
    void relay(UdxEnd left, UdxEnd right) {
        onLoop(() -> {
            left.stream.relayTo(right.stream);
            right.stream.relayTo(left.stream);
            return true;
        });
    }

    /** Runs something on the loop and waits for its result. */
    <T> T onLoop(Supplier<T> task) {
        var result = new CompletableFuture<T>();
        loop.execute(() -> {
            try {
                result.complete(task.get());
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return join(result);
    }

    private static <T> T join(CompletableFuture<T> result) {
        return result.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    static PeerAddress loopback(int port) {
        return PeerAddress.of(LOOPBACK, port);
    }

    @Override
    public void onDatagram(SocketId socket, PeerAddress from, ByteBuffer datagram, long nowNanos) {
        endpoint.onDatagram(socket, from, datagram, nowNanos);
    }

    @Override
    public void onTimeout(long nowNanos) {
        endpoint.onTimeout(nowNanos);
    }

    @Override
    public void onTurnEnd(long nowNanos) {
        for (UdxStream active = endpoint.pollActive(); active != null; active = endpoint.pollActive()) {
            UdxEnd end = ends.get(active);
            if (end != null) {
                end.takeEvents();
            }
        }
    }

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos) {
        return endpoint.pollTransmit(nowNanos);
    }

    @Override
    public long nextTimeout() {
        return endpoint.nextTimeout();
    }

    @Override
    public void close() {
        join(loop.close());
    }
}
