package org.aliasrpc.metrics;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import org.aliasrpc.crypto.PublicKey;
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
    private final int maxReplyBytes;
    private final Map<Long, Long> collections = new HashMap<>(); // request to its time
    private long latestNanos;
    private boolean closed;

    /**
     * @param uid names the connection in events and texts; random
     * @param remotePublicKey the scraper's key
     * @param remoteAddress where the connection comes from
     * @param maxReplyBytes longest text that is sent; a frame's length limits it, too
     */
    public MetricsServerSession(UUID uid, PublicKey remotePublicKey, PeerAddress remoteAddress, int maxReplyBytes) {
        this.uid = uid;
        this.remotePublicKey = remotePublicKey;
        this.maxReplyBytes = maxReplyBytes;
        this.served = new ServedConnection(
                RpcOptions.of(MetricsProtocol.NAME).withBounds(MAX_CONCURRENT, 1), MetricsProtocol.METHOD);
        events.add(new MetricsServerEvent.ConnectionOpen(uid, remoteAddress, remotePublicKey));
    }

    /** A message arrived: its content must not change any more. */
    public void onFrame(ByteBuffer frame, long nowNanos) {
        latestNanos = nowNanos;
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
     * Metrics are there, perhaps after the connection has ended. If they are too long the request fails; in the reference
     * the stream breaks.
     */
    public void onCollected(long requestId, CollectedMetrics metrics, long nowNanos) {
        Long since = collections.get(requestId);
        if (since == null) {
            return;
        }
        String excess = excess(metrics);
        if (excess != null) {
            onCollectFailed(requestId, new IllegalArgumentException(excess), excess, nowNanos);
            return;
        }
        collections.remove(requestId);
        events.add(new MetricsServerEvent.Succeeded(uid, remotePublicKey, metrics.textBytes(), nowNanos - since));
        served.answer(requestId, metrics.reply());
    }

    private @Nullable String excess(CollectedMetrics metrics) {
        if (metrics.textBytes() > maxReplyBytes) {
            return "Metrics of " + metrics.textBytes() + " bytes are longer than the limit of " + maxReplyBytes;
        }
        return metrics.reply().length() > served.maxAnswerBytes()
                ? "Metrics of " + metrics.textBytes() + " bytes do not fit a frame"
                : null;
    }

    /** Metrics could not be collected; the scraper learns the connection's uid. */
    public void onCollectFailed(long requestId, Throwable error, long nowNanos) {
        onCollectFailed(requestId, error, "Failed to obtain metrics (uid " + uid + ")", nowNanos);
    }

    /**
     * Metrics could not be collected.
     *
     * @param reason what the scraper learns
     */
    public void onCollectFailed(long requestId, Throwable error, String reason, long nowNanos) {
        Long since = collections.remove(requestId);
        if (since != null) {
            events.add(new MetricsServerEvent.Failed(error, remotePublicKey, uid, nowNanos - since));
            served.answer(requestId, MetricsReplyCodec.INSTANCE.encode(new MetricsReply.Refused(reason)));
        }
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

    /** See {@link ServedConnection#allow}: how much work may be done before others get their turn. */
    public void allow(int entries) {
        served.allow(entries);
    }

    /** See {@link ServedConnection#hasMore}: the owner calls {@link #allow} in another turn and goes on. */
    public boolean hasMore() {
        return served.hasMore();
    }

    /** Bytes of messages that wait to be polled. */
    public long queuedBytes() {
        return served.queuedBytes();
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
            collections.put(request.handle(), latestNanos);
            events.add(new MetricsServerEvent.Requested(uid, remotePublicKey));
            events.add(new MetricsServerEvent.CollectRequested(request.handle()));
        } else if (event instanceof RpcEvent.Closed && !closed) {
            events.add(new MetricsServerEvent.EndRequested(CHANNEL_CLOSED));
        }
    }
}
