package org.aliasrpc.metrics;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.protomux.Muxer;
import org.aliasrpc.rpc.CallFailure;
import org.aliasrpc.rpc.Calls;
import org.aliasrpc.rpc.ConnectFailure;
import org.aliasrpc.rpc.ConnectionPool;
import org.aliasrpc.rpc.PoolEvent;
import org.aliasrpc.rpc.PoolKey;
import org.aliasrpc.rpc.PoolOptions;
import org.aliasrpc.rpc.RpcError;
import org.aliasrpc.rpc.RpcErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Scrapes metrics processes over pooled connections. Those processes let in the alias server's key only, so connections
 * have to be made with its key pair (alias-rpc.md §9.2).
 *
 * <p>Used as {@link Calls} are. Source: alias-rpc.md §10.
 */
public final class MetricsClient {
    /** No connection: what {@link #pollSendable} returns in the end. */
    public static final long NONE = Calls.NONE;

    private final Calls calls;
    private final MetricsRequest request;

    /**
     * @param options of the pool
     * @param random for pauses
     */
    public MetricsClient(PoolOptions options, RandomGenerator random) {
        this(options, random, MetricsRequest.OWN);
    }

    /** With a request of another version. */
    MetricsClient(PoolOptions options, RandomGenerator random, MetricsRequest request) {
        this.calls = new ConnectionPool(options, random);
        this.request = request;
    }

    /**
     * Begins a scrape; {@link MetricsClientEvent.Finished} ends it, at the deadline at the latest.
     *
     * @param target the process' key
     * @param deadlineNanos covers waiting, connecting, opening and the request
     * @return the call's id
     */
    public long scrape(PublicKey target, long deadlineNanos, long nowNanos) {
        PoolKey key = new PoolKey(target, MetricsProtocol.NAME, Bytes.EMPTY);
        return calls.call(
                key, MetricsProtocol.METHOD, MetricsRequestCodec.INSTANCE.encode(request), deadlineNanos, nowNanos);
    }

    /** See {@link Calls#onConnected}. */
    public void onConnected(long connectionId, Bytes handshakeHash, long nowNanos) {
        calls.onConnected(connectionId, handshakeHash, nowNanos);
    }

    /** A requested connection did not come about. */
    public void onConnectFailed(long connectionId, ConnectFailure failure, long nowNanos) {
        calls.onConnectFailed(connectionId, failure, nowNanos);
    }

    /** See {@link Calls#onConnectionClosed}. */
    public void onConnectionClosed(long connectionId, @Nullable String error, long nowNanos) {
        calls.onConnectionClosed(connectionId, error, nowNanos);
    }

    /** A message arrived. See {@link Muxer#onFrame}: the frame's content must not change any more. */
    public void onFrame(long connectionId, ByteBuffer frame, long nowNanos) {
        calls.onFrame(connectionId, frame, nowNanos);
    }

    /** The next event, or null. */
    public @Nullable MetricsClientEvent pollEvent() {
        while (true) {
            PoolEvent event = calls.pollEvent();
            if (event == null) {
                return null;
            }
            if (event instanceof PoolEvent.ConnectRequested wish) {
                return new MetricsClientEvent.ConnectRequested(wish.connectionId(), wish.server());
            }
            if (event instanceof PoolEvent.DisconnectRequested wish) {
                return new MetricsClientEvent.DisconnectRequested(wish.connectionId());
            }
            if (event instanceof PoolEvent.Answered answered) {
                return new MetricsClientEvent.Finished(answered.callId(), outcomeOf(answered.value()));
            }
            if (event instanceof PoolEvent.Failed failed) {
                return new MetricsClientEvent.Finished(failed.callId(), outcomeOf(failed.failure()));
            } // that idle connections were collected shows in the wishes to disconnect
        }
    }

    /** See {@link Calls#pollSendable}. */
    public long pollSendable() {
        return calls.pollSendable();
    }

    /** The next message to send on a connection, its array belongs to the caller; null if there is none. */
    public @Nullable ByteBuffer pollFrame(long connectionId) {
        return calls.pollFrame(connectionId);
    }

    /** Whether the owner should stop reading from a connection for now. */
    public boolean isPaused(long connectionId) {
        return calls.isPaused(connectionId);
    }

    /** When {@link #onTimeout} is due; {@code Long.MAX_VALUE} for never. */
    public long nextTimeout() {
        return calls.nextTimeout();
    }

    /** Time has passed. */
    public void onTimeout(long nowNanos) {
        calls.onTimeout(nowNanos);
    }

    /** Ends all connections and fails all scrapes, also later ones. */
    public void close() {
        calls.close();
    }

    private static ScrapeOutcome outcomeOf(Bytes value) {
        try {
            MetricsReply reply = MetricsReplyCodec.INSTANCE.decode(value);
            return reply instanceof MetricsReply.Collected collected
                    ? new ScrapeOutcome.Scraped(collected.metrics())
                    : new ScrapeOutcome.Refused(((MetricsReply.Refused) reply).reason());
        } catch (DecodeException e) {
            return new ScrapeOutcome.IncompatibleVersion(String.valueOf(e.getMessage()));
        }
    }

    private static ScrapeOutcome outcomeOf(CallFailure failure) {
        if (failure instanceof CallFailure.Remote remote && remote.error().code() == RpcErrorCode.DECODE_ERROR) {
            RpcError.Cause cause = remote.error().cause();
            return new ScrapeOutcome.IncompatibleVersion(
                    cause == null ? remote.error().message() : cause.message());
        }
        return new ScrapeOutcome.Failed(failure);
    }
}
