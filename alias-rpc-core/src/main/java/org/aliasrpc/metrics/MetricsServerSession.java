package org.aliasrpc.metrics;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.rpc.RpcEvent;
import org.aliasrpc.rpc.RpcOptions;
import org.aliasrpc.rpc.ServedConnection;
import org.jspecify.annotations.Nullable;

/**
 * The metrics process' side of one connection of a scraper. Which keys may connect at all is the owner's firewall.
 *
 * <p>Used as an {@code AliasServerSession}: created when the connection is accepted, before its first message is read;
 * events are polled until there is none, then frames.
 *
 * <p>Source: alias-rpc.md §9.
 */
public final class MetricsServerSession {
    /** Scrapes of one connection that are collected at a time; further ones are answered with an error. */
    static final int MAX_CONCURRENT = 16;

    private static final String CHANNEL_CLOSED = "RPC closed";

    private final UUID uid;
    private final PublicKey remotePublicKey;
    private final ServedConnection served;
    private final Queue<MetricsServerEvent> events = new ArrayDeque<>();
    private final Set<Long> collections = new HashSet<>();
    private boolean closed;

    /**
     * @param uid names the connection in events and texts; random
     * @param remotePublicKey the scraper's key
     * @param remoteAddress where the connection comes from
     */
    public MetricsServerSession(UUID uid, PublicKey remotePublicKey, PeerAddress remoteAddress) {
        this.uid = uid;
        this.remotePublicKey = remotePublicKey;
        this.served = new ServedConnection(
                RpcOptions.of(MetricsProtocol.NAME).withBounds(MAX_CONCURRENT, 1), MetricsProtocol.METHOD);
        events.add(new MetricsServerEvent.ConnectionOpen(uid, remoteAddress, remotePublicKey));
    }

    /** A message arrived: its content must not change any more. */
    public void onFrame(ByteBuffer frame) {
        served.onFrame(frame);
    }

    /**
     * The connection is gone.
     *
     * @param error what broke it; null if it ended cleanly
     */
    public void onConnectionClosed(@Nullable String error) {
        if (closed) {
            return;
        }
        takeIn(); // what arrived before the end counts
        closed = true;
        served.onClosed(error);
        takeIn();
        if (error != null) {
            events.add(new MetricsServerEvent.ConnectionError(error, uid, remotePublicKey));
        }
        events.add(new MetricsServerEvent.ConnectionClose(uid, remotePublicKey));
    }

    /**
     * Metrics are there, perhaps after the connection has ended. If they do not fit a frame the request fails; in the
     * reference the stream breaks.
     */
    public void onCollected(long requestId, String metrics) {
        if (!collections.contains(requestId)) {
            return;
        }
        Bytes reply = MetricsReplyCodec.INSTANCE.encode(new MetricsReply.Collected(metrics));
        if (reply.length() > served.maxAnswerBytes()) {
            String reason = "Metrics of " + metrics.length() + " characters do not fit a frame";
            fail(requestId, new IllegalArgumentException(reason), reason);
        } else {
            collections.remove(requestId);
            events.add(new MetricsServerEvent.Succeeded(uid, remotePublicKey));
            served.answer(requestId, reply);
        }
    }

    /** Metrics could not be collected. */
    public void onCollectFailed(long requestId, Throwable error) {
        fail(requestId, error, "Failed to obtain metrics (uid " + uid + ")");
    }

    /** The next event, or null. */
    public @Nullable MetricsServerEvent pollEvent() {
        while (events.isEmpty()) {
            RpcEvent event = served.pollEvent();
            if (event == null) {
                return null;
            }
            handle(event);
        }
        return events.poll();
    }

    /** The next message to send, its array belongs to the caller; null if there is none. */
    public @Nullable ByteBuffer pollFrame() {
        return served.pollFrame();
    }

    /** Whether the owner should stop reading from the connection for now. */
    public boolean isPaused() {
        return served.isPaused();
    }

    /** Non-null once the peer broke the protocol: destroy the connection with this reason, then tell the session. */
    public @Nullable String failure() {
        return served.failure();
    }

    /** Whether the connection has ended and nothing is collected: the session can be dropped after its events. */
    public boolean isFinished() {
        return closed && collections.isEmpty();
    }

    private void takeIn() {
        for (RpcEvent event = served.pollEvent(); event != null; event = served.pollEvent()) {
            handle(event);
        }
    }

    private void handle(RpcEvent event) {
        if (event instanceof RpcEvent.RequestReceived request) {
            try {
                MetricsRequestCodec.INSTANCE.decode(request.value());
            } catch (DecodeException e) {
                served.answerUndecodable(request.handle(), e);
                return;
            }
            collections.add(request.handle());
            events.add(new MetricsServerEvent.Requested(uid, remotePublicKey));
            events.add(new MetricsServerEvent.CollectRequested(request.handle()));
        } else if (event instanceof RpcEvent.Closed && !closed) {
            events.add(new MetricsServerEvent.EndRequested(CHANNEL_CLOSED));
        }
    }

    private void fail(long requestId, Throwable error, String reason) {
        if (collections.remove(requestId)) {
            events.add(new MetricsServerEvent.Failed(error, remotePublicKey, uid));
            served.answer(requestId, MetricsReplyCodec.INSTANCE.encode(new MetricsReply.Refused(reason)));
        }
    }
}
