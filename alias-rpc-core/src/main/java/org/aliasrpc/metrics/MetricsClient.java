package org.aliasrpc.metrics;

import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.rpc.CallConnections;
import org.aliasrpc.rpc.CallFailure;
import org.aliasrpc.rpc.ConnectionPool;
import org.aliasrpc.rpc.PoolEvent;
import org.aliasrpc.rpc.PoolKey;
import org.aliasrpc.rpc.PoolOptions;
import org.aliasrpc.rpc.RpcError;
import org.aliasrpc.rpc.RpcErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Scrapes metrics processes over pooled {@link #connections} that the owner drives. Those processes let in the alias
 * server's key only, so connections have to be made with its key pair (alias-rpc.md §9.2).
 *
 * <p>Source: alias-rpc.md §10.
 */
public final class MetricsClient {
    private final ConnectionPool calls;
    private final MetricsRequest request;
    private final int maxReplyBytes;
    private final Map<Long, Scrape> scrapes = new HashMap<>(); // by the call under way

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
        PoolKey key = new PoolKey(target, MetricsProtocol.NAME, Bytes.EMPTY);
        long id = call(key, deadlineNanos, nowNanos);
        scrapes.put(id, new Scrape(id, key, deadlineNanos));
        return id;
    }

    private long call(PoolKey key, long deadlineNanos, long nowNanos) {
        return calls.call(
                key, MetricsProtocol.METHOD, MetricsRequestCodec.INSTANCE.encode(request), deadlineNanos, nowNanos);
    }

    /** Ends the connection that has had no scrape for the longest time; false if each has one under way. */
    public boolean endIdlest() {
        return calls.endIdlest();
    }

    /** What the scrapes are made over. Once it is closed they fail, later ones too. */
    public CallConnections connections() {
        return calls;
    }

    /** The next event, or null. */
    public @Nullable MetricsClientEvent pollEvent(long nowNanos) {
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
                finished = onFailed(failed.callId(), failed.failure(), nowNanos);
            } // that idle connections were collected shows in the wishes to disconnect
            if (finished != null) {
                return finished;
            }
        }
    }

    /** A scrape changes nothing at the target, so one whose connection went away is repeated, once. */
    private @Nullable MetricsClientEvent onFailed(long callId, CallFailure failure, long nowNanos) {
        Scrape scrape = scrapes.get(callId);
        if (scrape == null || scrape.repeated || nowNanos >= scrape.deadlineNanos || !isLost(failure)) {
            return finish(callId, outcomeOf(failure));
        }
        scrape.repeated = true;
        scrapes.remove(callId);
        scrapes.put(call(scrape.key, scrape.deadlineNanos, nowNanos), scrape);
        return null;
    }

    private @Nullable MetricsClientEvent finish(long callId, ScrapeOutcome outcome) {
        Scrape scrape = scrapes.remove(callId);
        return scrape == null ? null : new MetricsClientEvent.Finished(scrape.id, outcome);
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
                && lost.reason().equals(CallConnections.TOO_LONG);
    }
}
