package org.aliasrpc.metrics;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.rpc.RpcEvent;
import org.aliasrpc.rpc.RpcOptions;
import org.aliasrpc.rpc.ServerSession;
import org.jspecify.annotations.Nullable;

/**
 * The metrics process' side of one connection of a scraper. Which keys may connect at all is the owner's firewall.
 *
 * <p>Source: alias-rpc.md §9.
 */
public final class MetricsServerSession extends ServerSession<MetricsServerEvent> {
    /** Scrapes of one connection that are collected at a time; further ones are answered with an error. */
    static final int MAX_CONCURRENT = 16;

    private static final String CHANNEL_CLOSED = "RPC closed";

    private final UUID uid;
    private final PublicKey remotePublicKey;
    private final int maxReplyBytes;
    private final Map<Long, Long> collections = new HashMap<>(); // request to its time
    private long latestNanos;

    /**
     * @param uid names the connection in events and texts; random
     * @param remotePublicKey the scraper's key
     * @param remoteAddress where the connection comes from
     * @param maxReplyBytes longest text that is sent; a frame's length limits it, too
     */
    public MetricsServerSession(UUID uid, PublicKey remotePublicKey, PeerAddress remoteAddress, int maxReplyBytes) {
        super(RpcOptions.of(MetricsProtocol.NAME).withBounds(MAX_CONCURRENT, 1), MetricsProtocol.METHOD);
        this.uid = uid;
        this.remotePublicKey = remotePublicKey;
        this.maxReplyBytes = maxReplyBytes;
        tell(new MetricsServerEvent.ConnectionOpen(uid, remoteAddress, remotePublicKey));
    }

    @Override
    public void onFrame(ByteBuffer frame, long nowNanos) {
        latestNanos = nowNanos;
        super.onFrame(frame, nowNanos);
    }

    @Override
    protected void onClosed(@Nullable String error) {
        if (error != null) {
            tell(new MetricsServerEvent.ConnectionError(error, uid, remotePublicKey));
        }
        tell(new MetricsServerEvent.ConnectionClose(uid, remotePublicKey));
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
        tell(new MetricsServerEvent.Succeeded(uid, remotePublicKey, metrics.textBytes(), nowNanos - since));
        served().answer(requestId, metrics.reply());
    }

    private @Nullable String excess(CollectedMetrics metrics) {
        if (metrics.textBytes() > maxReplyBytes) {
            return "Metrics of " + metrics.textBytes() + " bytes are longer than the limit of " + maxReplyBytes;
        }
        return metrics.reply().length() > served().maxAnswerBytes()
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
            tell(new MetricsServerEvent.Failed(error, remotePublicKey, uid, nowNanos - since));
            served().answer(requestId, MetricsReplyCodec.INSTANCE.encode(new MetricsReply.Refused(reason)));
        }
    }

    /** Whether the connection has ended and nothing is collected: the session can be dropped after its events. */
    public boolean isFinished() {
        return isClosed() && collections.isEmpty();
    }

    @Override
    protected void onEvent(RpcEvent event) {
        if (event instanceof RpcEvent.RequestReceived request) {
            try {
                MetricsRequestCodec.INSTANCE.decode(request.value());
            } catch (DecodeException e) {
                served().answerUndecodable(request.handle(), e);
                return;
            }
            collections.put(request.handle(), latestNanos);
            tell(new MetricsServerEvent.Requested(uid, remotePublicKey));
            tell(new MetricsServerEvent.CollectRequested(request.handle()));
        } else if (event instanceof RpcEvent.Closed && !isClosed()) {
            tell(new MetricsServerEvent.EndRequested(CHANNEL_CLOSED));
        }
    }
}
