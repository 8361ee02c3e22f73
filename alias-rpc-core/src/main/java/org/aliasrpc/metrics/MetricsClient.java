package org.aliasrpc.metrics;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
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

    private static final String TOO_LONG = "the reply is too long";

    private final ConnectionPool calls;
    private final MetricsRequest request;
    private final int maxReplyBytes;
    private final Map<Long, Scrape> scrapes = new HashMap<>(); // by the call under way
    private long latestNanos;

    /**
     * @param options of the pool
     * @param maxReplyBytes longest text that is taken
     * @param random for pauses
     */
    public MetricsClient(PoolOptions options, int maxReplyBytes, RandomGenerator random) {
        this(options, maxReplyBytes, random, MetricsRequest.OWN);
    }

    /** With a request of another version. */
    MetricsClient(PoolOptions options, int maxReplyBytes, RandomGenerator random, MetricsRequest request) {
        this.calls = new ConnectionPool(options, random);
        this.maxReplyBytes = maxReplyBytes;
        this.request = request;
    }

    /** A scrape: a call, and another one if the connection of the first is lost. */
    private static final class Scrape {
        final long id;
        final PoolKey key;
        final long deadlineNanos;
        boolean repeated;

        Scrape(long id, PoolKey key, long deadlineNanos) {
            this.id = id;
            this.key = key;
            this.deadlineNanos = deadlineNanos;
        }
    }

    /**
     * Begins a scrape; {@link MetricsClientEvent.Finished} ends it, at the deadline at the latest.
     *
     * @param target the process' key
     * @param deadlineNanos covers waiting, connecting, opening and the request
     * @return the call's id
     */
    public long scrape(PublicKey target, long deadlineNanos, long nowNanos) {
        latestNanos = nowNanos;
        PoolKey key = new PoolKey(target, MetricsProtocol.NAME, Bytes.EMPTY);
        long id = call(key, deadlineNanos);
        scrapes.put(id, new Scrape(id, key, deadlineNanos));
        return id;
    }

    private long call(PoolKey key, long deadlineNanos) {
        return calls.call(
                key, MetricsProtocol.METHOD, MetricsRequestCodec.INSTANCE.encode(request), deadlineNanos, latestNanos);
    }

    /** Ends the connection that has had no scrape for the longest time; false if each has one under way. */
    public boolean endIdlest() {
        return calls.endIdlest();
    }

    /** See {@link Calls#onConnected}. */
    public void onConnected(long connectionId, Bytes handshakeHash, long nowNanos) {
        latestNanos = nowNanos;
        calls.onConnected(connectionId, handshakeHash, nowNanos);
    }

    /** A requested connection did not come about. */
    public void onConnectFailed(long connectionId, ConnectFailure failure, long nowNanos) {
        latestNanos = nowNanos;
        calls.onConnectFailed(connectionId, failure, nowNanos);
    }

    /** See {@link Calls#onConnectionClosed}. */
    public void onConnectionClosed(long connectionId, @Nullable String error, long nowNanos) {
        latestNanos = nowNanos;
        calls.onConnectionClosed(connectionId, error, nowNanos);
    }

    /** A connection was ended because of a message that is longer than the longest reply. */
    public void onReplyTooLong(long connectionId, long nowNanos) {
        onConnectionClosed(connectionId, TOO_LONG, nowNanos);
    }

    /** A message arrived. See {@link Muxer#onFrame}: the frame's content must not change any more. */
    public void onFrame(long connectionId, ByteBuffer frame, long nowNanos) {
        latestNanos = nowNanos;
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
            MetricsClientEvent finished = null;
            if (event instanceof PoolEvent.Answered answered) {
                finished = finish(answered.callId(), outcomeOf(answered.value()));
            } else if (event instanceof PoolEvent.Failed failed) {
                finished = onFailed(failed.callId(), failed.failure());
            } // that idle connections were collected shows in the wishes to disconnect
            if (finished != null) {
                return finished;
            }
        }
    }

    /** A scrape changes nothing at the target, so one whose connection went away is repeated, once. */
    private @Nullable MetricsClientEvent onFailed(long callId, CallFailure failure) {
        Scrape scrape = scrapes.get(callId);
        if (scrape == null || scrape.repeated || latestNanos >= scrape.deadlineNanos || !isLost(failure)) {
            return finish(callId, outcomeOf(failure));
        }
        scrape.repeated = true;
        scrapes.remove(callId);
        scrapes.put(call(scrape.key, scrape.deadlineNanos), scrape);
        return null;
    }

    private @Nullable MetricsClientEvent finish(long callId, ScrapeOutcome outcome) {
        Scrape scrape = scrapes.remove(callId);
        return scrape == null ? null : new MetricsClientEvent.Finished(scrape.id, outcome);
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
        latestNanos = nowNanos;
        calls.onTimeout(nowNanos);
    }

    /** Ends all connections and fails all scrapes, also later ones. */
    public void close() {
        calls.close();
    }

    private ScrapeOutcome outcomeOf(Bytes value) {
        MetricsReply reply;
        try {
            reply = MetricsReplyCodec.INSTANCE.decode(value);
        } catch (DecodeException e) {
            return new ScrapeOutcome.IncompatibleVersion(String.valueOf(e.getMessage()));
        }
        if (reply instanceof MetricsReply.Collected collected) {
            return collected.metrics().remaining() > maxReplyBytes
                    ? new ScrapeOutcome.TooLarge()
                    : new ScrapeOutcome.Scraped(collected.metrics());
        }
        return new ScrapeOutcome.Refused(((MetricsReply.Refused) reply).reason());
    }

    private static ScrapeOutcome outcomeOf(CallFailure failure) {
        if (failure instanceof CallFailure.Remote remote && remote.error().code() == RpcErrorCode.DECODE_ERROR) {
            RpcError.Cause cause = remote.error().cause();
            return new ScrapeOutcome.IncompatibleVersion(
                    cause == null ? remote.error().message() : cause.message());
        }
        return isTooLong(failure) ? new ScrapeOutcome.TooLarge() : new ScrapeOutcome.Failed(failure);
    }

    private static boolean isLost(CallFailure failure) {
        return failure instanceof CallFailure.ConnectionLost && !isTooLong(failure);
    }

    private static boolean isTooLong(CallFailure failure) {
        return failure instanceof CallFailure.ConnectionLost lost
                && lost.reason().equals(TOO_LONG);
    }
}
