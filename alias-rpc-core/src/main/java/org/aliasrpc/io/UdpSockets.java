package org.aliasrpc.io;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.jspecify.annotations.Nullable;

/**
 * The UDP sockets of one loop by name. Joins datagrams that follow each other to one address and have one size, so that
 * they cross into the kernel as one (UDP GSO). Confined to the loop.
 */
final class UdpSockets {
    private static final int MAX_SEGMENTS = 64; // Linux UDP_MAX_SEGMENTS before 6.9
    private static final int MAX_RUN_BYTES = 65_507; // the largest UDP payload over IPv4
    private static final int CACHED_ADDRESSES = 512;

    private final EventLoop loop;
    private final UdpTransport transport;
    private final UdpSocket.Receiver receiver;
    private final Map<SocketId, UdpSocket> sockets = new HashMap<>();
    private final Map<PeerAddress, InetSocketAddress> addresses = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<PeerAddress, InetSocketAddress> eldest) {
            return size() > CACHED_ADDRESSES;
        }
    };

    private final List<Transmit> run = new ArrayList<>(MAX_SEGMENTS);
    private @Nullable UdpSocket runSocket;
    private int runBytes;

    UdpSockets(EventLoop loop, UdpTransport transport, UdpSocket.Receiver receiver) {
        this.loop = loop;
        this.transport = transport;
        this.receiver = receiver;
    }

    /**
     * Opens a socket.
     *
     * @param id its name, which must be free
     * @param host IPv4 address to bind to
     * @param ports tried in order; 0 means any free one
     * @param bound completed with where it is bound; fails with the last port's error
     */
    void bind(SocketId id, InetAddress host, IntStream ports, CompletableFuture<PeerAddress> bound) {
        if (sockets.containsKey(id)) {
            bound.completeExceptionally(new IllegalStateException("socket " + id.number() + " is open"));
            return;
        }
        bind(id, host, ports.iterator(), bound);
    }

    /** Closes a socket, if it is open. */
    void close(SocketId id) {
        UdpSocket socket = sockets.remove(id);
        if (socket != null) {
            endRun();
            socket.close();
        }
    }

    void closeAll() {
        List.copyOf(sockets.keySet()).forEach(this::close);
    }

    /** Whether every socket takes more datagrams. */
    boolean isWritable() {
        for (UdpSocket socket : sockets.values()) {
            if (!socket.isWritable()) {
                return false;
            }
        }
        return true;
    }

    /** Queues a datagram; one for a socket that is not open is lost. */
    void send(Transmit transmit) {
        int bytes = transmit.payload().remaining();
        if (!run.isEmpty() && !continuesRun(transmit, bytes)) {
            endRun();
        }
        if (run.isEmpty()) {
            runSocket = sockets.get(transmit.socket());
            if (runSocket == null) {
                return;
            }
        }
        run.add(transmit);
        runBytes += bytes;
    }

    /** Hands everything queued to the kernel. */
    void flush() {
        endRun();
        for (UdpSocket socket : sockets.values()) {
            socket.flush();
        }
    }

    private boolean continuesRun(Transmit next, int bytes) {
        Transmit first = run.get(0);
        int segment = first.payload().remaining();
        return runSocket != null
                && runSocket.segments()
                && next.socket().equals(first.socket())
                && next.to().equals(first.to())
                && next.ttl() == Transmit.DEFAULT_TTL
                && first.ttl() == Transmit.DEFAULT_TTL
                && bytes <= segment
                && bytes > 0
                && runBytes == segment * run.size() // else the one before was shorter: nothing may follow it
                && runBytes + bytes <= MAX_RUN_BYTES
                && run.size() < MAX_SEGMENTS;
    }

    private void endRun() {
        if (!run.isEmpty() && runSocket != null) {
            Transmit first = run.get(0);
            runSocket.write(run, addressOf(first.to()), first.payload().remaining(), runBytes);
        }
        run.clear();
        runBytes = 0;
    }

    private InetSocketAddress addressOf(PeerAddress peer) {
        InetSocketAddress address = addresses.get(peer);
        if (address == null) {
            address = peer.toInetSocketAddress();
            addresses.put(peer, address);
        }
        return address;
    }

    private void bind(
            SocketId id, InetAddress host, PrimitiveIterator.OfInt ports, CompletableFuture<PeerAddress> bound) {
        InetSocketAddress local;
        UdpSocket socket;
        try {
            local = new InetSocketAddress(host, ports.nextInt());
            socket = new UdpSocket(id, transport, receiver);
        } catch (RuntimeException e) { // the process may have no file descriptor left
            bound.completeExceptionally(e);
            return;
        }
        ChannelFuture registered = loop.register(socket.channel());
        registered.channel().bind(local).addListener(done -> {
            if (done.isSuccess()) {
                sockets.put(id, socket);
                bound.complete(PeerAddress.of(socket.channel().localAddress()));
                return;
            }
            socket.close();
            if (ports.hasNext()) {
                bind(id, host, ports, bound);
            } else {
                bound.completeExceptionally(done.cause());
            }
        });
    }
}
