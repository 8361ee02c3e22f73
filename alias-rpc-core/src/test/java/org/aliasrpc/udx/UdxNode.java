package org.aliasrpc.udx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.aliasrpc.sim.SimNode;
import org.jspecify.annotations.Nullable;

/** An endpoint on a simulated network, whose application records all events and consumes at once unless told otherwise. */
final class UdxNode implements SimNode {
    final UdxEndpoint endpoint;
    final Map<UdxStream, Inbox> inboxes = new HashMap<>();
    int strays;

    UdxNode(UdxConfig config, long seed) {
        endpoint = new UdxEndpoint(config, new Random(seed));
    }

    /** What a stream received. */
    static final class Inbox {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final List<byte[]> messages = new ArrayList<>();
        final List<UdxEvent> events = new ArrayList<>();
        boolean holdBack;
        int held;
        UdxEvent.@Nullable CloseReason closed;
        Runnable onBytes = () -> {};
        Runnable onEnd = () -> {};
        Runnable onDrained = () -> {};

        boolean ended() {
            return events.stream().anyMatch(UdxEvent.RemoteEnded.class::isInstance);
        }

        long count(Class<? extends UdxEvent> type) {
            return events.stream().filter(type::isInstance).count();
        }
    }

    Inbox inbox(UdxStream stream) {
        return inboxes.computeIfAbsent(stream, s -> new Inbox());
    }

    @Override
    public void onDatagram(SocketId socket, PeerAddress from, ByteBuffer datagram, long nowNanos) {
        if (!endpoint.onDatagram(socket, from, datagram, nowNanos)) {
            strays++;
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
    public void onTimeout(long nowNanos) {
        endpoint.onTimeout(nowNanos);
    }

    @Override
    public void onTurn(long nowNanos) {
        UdxStream stream;
        while ((stream = endpoint.pollActive()) != null) {
            Inbox inbox = inbox(stream);
            UdxEvent event;
            while ((event = stream.pollEvent()) != null) {
                take(stream, inbox, event);
            }
        }
    }

    private static void take(UdxStream stream, Inbox inbox, UdxEvent event) {
        if (event instanceof UdxEvent.Data data) {
            int length = data.bytes().remaining();
            byte[] copy = new byte[length];
            data.bytes().get(copy);
            inbox.bytes.writeBytes(copy);
            if (inbox.holdBack) {
                inbox.held += length;
            } else {
                stream.consumed(length);
            }
            inbox.onBytes.run();
            return;
        }
        inbox.events.add(event);
        if (event instanceof UdxEvent.Message message) {
            byte[] copy = new byte[message.bytes().remaining()];
            message.bytes().get(copy);
            inbox.messages.add(copy);
        } else if (event instanceof UdxEvent.Drained) {
            inbox.onDrained.run();
        } else if (event instanceof UdxEvent.RemoteEnded) {
            inbox.onEnd.run();
        } else if (event instanceof UdxEvent.Closed close) {
            inbox.closed = close.reason();
        }
    }
}
