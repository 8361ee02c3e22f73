package org.aliasrpc.io;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.aliasrpc.udx.Firewall;
import org.aliasrpc.udx.UdxConfig;
import org.aliasrpc.udx.UdxEndpoint;
import org.aliasrpc.udx.UdxEvent;
import org.aliasrpc.udx.UdxStream;
import org.jspecify.annotations.Nullable;

/**
 * Bare UDX over one real socket on 127.0.0.1, for tests against other implementations. What touches streams runs on its
 * loop: {@link #call}, and the handlers.
 */
public final class UdxPeer implements AutoCloseable {
    private final NodeLoop loop;
    private final UdxEndpoint endpoint;
    private final PeerAddress address;

    private UdxPeer(NodeLoop loop, UdxEndpoint endpoint, PeerAddress address) {
        this.loop = loop;
        this.endpoint = endpoint;
        this.address = address;
    }

    /** Takes the events of one stream, on the loop. */
    @FunctionalInterface
    public interface Handler {
        /**
         * @param stream whose
         * @param event of {@link UdxEvent.Data} the handler has to tell {@link UdxStream#consumed}
         */
        void onEvent(UdxStream stream, UdxEvent event);
    }

    public static UdxPeer open(UdpTransport transport, UdxConfig config) throws Exception {
        NodeLoop loop = NodeLoop.start(transport, "udx-peer");
        PeerAddress address = loop.bind(SocketId.SERVER, InetAddress.getLoopbackAddress(), IntStream.of(0))
                .get(PATIENCE_SECONDS, SECONDS);
        UdxPeer peer = new UdxPeer(loop, new UdxEndpoint(config, loop.random()), address);
        loop.execute(() -> loop.drive(peer.new Driver()));
        return peer;
    }

    /** Where its socket is bound. */
    public PeerAddress address() {
        return address;
    }

    /** A stream that can be connected to but is not connected; call on the loop. */
    public UdxStream createStream(int localId, Firewall firewall, Handler handler) {
        UdxStream stream = endpoint.createStream(localId, firewall);
        stream.attach(handler);
        return stream;
    }

    /** A connected stream; call on the loop. */
    public UdxStream connect(int localId, int remoteId, PeerAddress remote, Handler handler) {
        UdxStream stream = createStream(localId, Firewall.REFUSE_ALL, handler);
        stream.connect(SocketId.SERVER, remoteId, remote);
        return stream;
    }

    /** Runs something on the loop, and waits for it. */
    public <T> T call(Callable<T> task) throws Exception {
        FutureTask<T> result = new FutureTask<>(task);
        loop.execute(result);
        return result.get(PATIENCE_SECONDS, SECONDS);
    }

    @Override
    public void close() {
        loop.close().orTimeout(PATIENCE_SECONDS, SECONDS).join();
    }

    private final class Driver implements Machine {
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
            for (UdxStream stream = endpoint.pollActive(); stream != null; stream = endpoint.pollActive()) {
                Handler handler = (Handler) stream.attachment();
                for (UdxEvent event = stream.pollEvent(); event != null; event = stream.pollEvent()) {
                    if (handler != null) {
                        handler.onEvent(stream, event);
                    }
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
    }
}
