package org.aliasrpc.rpc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.protomux.Muxer;
import org.aliasrpc.protomux.MuxerEvent;
import org.jspecify.annotations.Nullable;

/**
 * One key of a pool: its connection and the calls that share it.
 *
 * <p>A call gets one of the slots or queues for one; a call with a slot waits for an open channel; then it is sent. An
 * attempt to connect begins when a call waits and is repeated with growing pauses while one does. An attempt that the
 * calls before have given up on is taken over by the next call if it is young, and else begun anew.
 */
final class PoolEntry {
    private enum Phase {
        /** Nothing to do. */
        IDLE,
        /** The owner is connecting. */
        CONNECTING,
        /** Connected; the remote has not opened the channel. */
        OPENING,
        /** Calls are sent at once. */
        OPEN,
        /** The next attempt comes at {@link #retryAtNanos}. */
        PAUSE
    }

    /** Reason of a failure when the remote has ended the connection without one. */
    static final String CONNECTION_ENDED = "the remote ended the connection";

    /**
     * How old an attempt may be that a call joins when no other waits for it any more. What takes longer is probably on
     * its way to an address where the server is not any more; what is younger may still come about, and calls with short
     * deadlines, each with an attempt of its own, might never see one succeed.
     */
    static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(3);

    final PoolKey key;
    private final ConnectionPool pool;

    private Phase phase = Phase.IDLE;
    private long connectionId = Calls.NONE;
    private long attemptSinceNanos;
    private int failedAttempts;
    private long retryAtNanos = Long.MAX_VALUE;
    private @Nullable CallFailure latestFailure;

    private @Nullable Muxer muxer;
    private @Nullable RpcChannel rpc;
    private Bytes handshakeHash = Bytes.EMPTY;

    private final Deque<PooledCall> queued = new ArrayDeque<>();
    private final Set<PooledCall> waiting = new LinkedHashSet<>();
    private final Map<Long, PooledCall> sent = new HashMap<>();
    private long latestCallNanos;

    PoolEntry(PoolKey key, ConnectionPool pool) {
        this.key = key;
        this.pool = pool;
    }

    long connectionId() {
        return connectionId;
    }

    @Nullable
    Muxer muxer() {
        return muxer;
    }

    /** When the next attempt is due; {@code Long.MAX_VALUE} if none is. */
    long retryAtNanos() {
        return retryAtNanos;
    }

    boolean hasCalls() {
        return !waiting.isEmpty() || !sent.isEmpty() || !queued.isEmpty();
    }

    long latestCallNanos() {
        return latestCallNanos;
    }

    /** A new call. */
    void add(PooledCall call, long nowNanos) {
        latestCallNanos = nowNanos;
        if (waiting.size() + sent.size() < pool.options().maxConcurrent()) {
            start(call);
        } else if (queued.size() < pool.options().maxWaiting()) {
            queued.add(call);
        } else {
            pool.fail(call, new CallFailure.QueueFull());
        }
    }

    /** The deadline of a call has passed. */
    void onDeadline(PooledCall call) {
        if (queued.remove(call)) {
            pool.fail(call, new CallFailure.TimedOut(CallStep.QUEUE));
        } else if (waiting.remove(call)) {
            pool.fail(call, failureOfWaiting());
            fillSlots();
            if (waiting.isEmpty() && phase == Phase.OPENING) {
                // A remote that never opens must not make the next call wait as well.
                disconnect();
            } else if (waiting.isEmpty() && phase == Phase.PAUSE) {
                rest();
            }
        } else if (sent.remove(call.requestId, call)) {
            if (rpc != null) {
                rpc.cancel(call.requestId);
            }
            pool.fail(call, new CallFailure.TimedOut(CallStep.REQUEST));
            fillSlots();
        }
    }

    /** The time for the next attempt has come, or connections are allowed again. */
    void retry(long nowNanos) {
        if (phase == Phase.PAUSE && retryAtNanos <= nowNanos) {
            connect();
        } else if (phase == Phase.IDLE && !waiting.isEmpty()) {
            connect();
        }
    }

    void onConnected(Bytes streamHandshakeHash) {
        Muxer newMuxer = new Muxer();
        RpcOptions options = RpcOptions.of(key.protocol())
                .withId(key.channelId())
                .withBounds(1, pool.options().maxConcurrent());
        Capability capability = pool.options().capability();
        if (capability != null) {
            options = options.withHandshake(capability.handshake(streamHandshakeHash, true));
        }
        handshakeHash = streamHandshakeHash;
        muxer = newMuxer;
        rpc = RpcChannel.open(newMuxer, options);
        phase = Phase.OPENING;
        pool.hasFrames(this);
    }

    void onConnectFailed(ConnectFailure failure, long nowNanos) {
        CallFailure reason = new CallFailure.NotConnected(failure);
        if (failure.kind() == ConnectFailure.Kind.NODE_CLOSED) {
            forgetConnection();
            failWaiting(reason);
        } else {
            attemptFailed(reason, nowNanos);
        }
    }

    void onConnectionClosed(@Nullable String error, long nowNanos) {
        String reason = error == null ? CONNECTION_ENDED : error;
        if (phase == Phase.OPEN) {
            forgetConnection();
            failSent(new CallFailure.ConnectionLost(reason, error != null), nowNanos);
        } else {
            attemptFailed(notConnected(reason), nowNanos);
        }
    }

    private void onProtocolViolation(String reason, long nowNanos) {
        if (phase == Phase.OPEN) {
            forgetConnection();
            failSent(new CallFailure.ProtocolViolation(reason), nowNanos);
        } else {
            attemptFailed(new CallFailure.ProtocolViolation(reason), nowNanos);
        }
    }

    /** Takes in what frames have brought; true while there may be more. */
    boolean pump(long nowNanos) {
        Muxer current = muxer;
        RpcChannel channel = rpc;
        if (current == null || channel == null) {
            return false;
        }
        MuxerEvent event = current.pollEvent();
        if (event == null) {
            pumpRpc(channel, nowNanos);
            return false;
        }
        if (event instanceof MuxerEvent.Failed failed) {
            // The owner has not told of a closed connection, or this muxer would be gone: the remote broke the rules.
            pool.disconnect(connectionId);
            onProtocolViolation(String.valueOf(failed.reason()), nowNanos);
        } else if (event instanceof MuxerEvent.ChannelEvent ofChannel) {
            channel.onEvent(ofChannel);
            pumpRpc(channel, nowNanos);
        }
        pool.hasFrames(this);
        return true;
    }

    /** Ends the connection if there is one or an attempt; nobody is told. */
    void disconnect() {
        if (connectionId != Calls.NONE) {
            pool.disconnect(connectionId);
        }
        forgetConnection();
    }

    /** Fails every call. */
    void failAll(CallFailure failure) {
        List<PooledCall> all = new ArrayList<>(sent.values());
        all.addAll(waiting);
        all.addAll(queued);
        sent.clear();
        waiting.clear();
        queued.clear();
        for (PooledCall call : all) {
            pool.fail(call, failure);
        }
    }

    /** Fails the calls that were sent: their connection is taken away. */
    void failSent(CallFailure failure, long nowNanos) {
        List<PooledCall> all = new ArrayList<>(sent.values());
        sent.clear();
        for (PooledCall call : all) {
            pool.fail(call, failure);
        }
        fillSlots();
        retry(nowNanos);
    }

    private void pumpRpc(RpcChannel channel, long nowNanos) {
        for (RpcEvent event = channel.pollEvent(); event != null && channel == rpc; event = channel.pollEvent()) {
            if (event instanceof RpcEvent.Opened opened) {
                onOpened(channel, opened.handshake(), nowNanos);
            } else if (event instanceof RpcEvent.Responded responded) {
                PooledCall call = sent.remove(responded.id());
                if (call != null) {
                    pool.answer(call, responded.value());
                }
            } else if (event instanceof RpcEvent.Failed failed) {
                // Those of a channel that closes come before Closed, which handles them all.
                PooledCall call = channel.isClosed() ? null : sent.remove(failed.id());
                if (call != null) {
                    pool.fail(call, CallFailure.of(failed.error()));
                }
            } else if (event instanceof RpcEvent.Closed) {
                onChannelClosed(nowNanos);
            }
        }
        fillSlots();
    }

    private void onOpened(RpcChannel channel, Bytes remoteHandshake, long nowNanos) {
        Capability capability = pool.options().capability();
        if (capability != null) {
            try {
                if (!capability.verify(remoteHandshake, handshakeHash, false)) {
                    disconnect();
                    failWaiting(new CallFailure.InvalidCapability());
                    return;
                }
            } catch (DecodeException e) {
                pool.disconnect(connectionId);
                attemptFailed(notConnected("the handshake holds no capability"), nowNanos);
                return;
            }
        }
        phase = Phase.OPEN;
        failedAttempts = 0;
        latestFailure = null;
        pool.countOpened();
        List<PooledCall> ready = new ArrayList<>(waiting);
        waiting.clear();
        for (PooledCall call : ready) {
            send(channel, call);
        }
    }

    private void onChannelClosed(long nowNanos) {
        boolean wasOpen = phase == Phase.OPEN;
        pool.disconnect(connectionId); // the stream is of no use without its only channel (protomux-rpc.md §11.3)
        if (wasOpen) {
            forgetConnection();
            failSent(new CallFailure.ConnectionLost("channel closed", false), nowNanos);
        } else {
            attemptFailed(new CallFailure.ChannelRejected(), nowNanos);
        }
    }

    private void start(PooledCall call) {
        RpcChannel channel = rpc;
        if (phase == Phase.OPEN && channel != null) {
            send(channel, call);
            return;
        }
        if (phase == Phase.CONNECTING && waiting.isEmpty() && pool.now() - attemptSinceNanos >= STALE_NANOS) {
            disconnect(); // whoever waited for it has given up
        }
        waiting.add(call);
        if (phase == Phase.IDLE || (phase == Phase.PAUSE && call.deadlineNanos <= retryAtNanos)) {
            connect(); // every call gets an attempt within its own time
        }
    }

    private void send(RpcChannel channel, PooledCall call) {
        if (call.event) {
            channel.event(call.method, call.value);
            pool.sentEvent(call);
        } else {
            // The pool keeps the deadline, since it covers more than the request.
            call.requestId = channel.request(call.method, call.value, RpcChannel.NO_DEADLINE);
            sent.put(call.requestId, call);
            pool.countSent();
        }
        pool.hasEvents(this);
    }

    private void fillSlots() {
        while (!queued.isEmpty()
                && waiting.size() + sent.size() < pool.options().maxConcurrent()) {
            start(queued.remove());
        }
    }

    private void connect() {
        if (pool.isSuspended()) {
            return;
        }
        if (phase == Phase.IDLE) {
            failedAttempts = 0;
            latestFailure = null;
        }
        rest();
        phase = Phase.CONNECTING;
        attemptSinceNanos = pool.now();
        connectionId = pool.requestConnection(this);
    }

    private void attemptFailed(CallFailure failure, long nowNanos) {
        forgetConnection();
        latestFailure = failure;
        long pauseNanos = pool.pauseNanos(failedAttempts);
        failedAttempts++;
        retryAtNanos = nowNanos + pauseNanos;
        phase = Phase.PAUSE;
        pool.setPaused(this, true);
        failHopeless(waiting, failure);
        failHopeless(queued, failure);
        if (waiting.isEmpty()) {
            rest();
        }
        fillSlots();
    }

    /** Who cannot wait for the next attempt learns of this one's failure now. */
    private void failHopeless(Collection<PooledCall> calls, CallFailure failure) {
        for (PooledCall call : List.copyOf(calls)) {
            if (call.deadlineNanos <= retryAtNanos) {
                calls.remove(call);
                pool.fail(call, failure);
            }
        }
    }

    private CallFailure failureOfWaiting() {
        CallFailure failure = latestFailure;
        if (phase == Phase.OPENING) {
            return new CallFailure.TimedOut(CallStep.OPEN);
        }
        return failure == null ? new CallFailure.TimedOut(CallStep.CONNECT) : failure;
    }

    private void failWaiting(CallFailure failure) {
        List<PooledCall> all = new ArrayList<>(waiting);
        waiting.clear();
        for (PooledCall call : all) {
            pool.fail(call, failure);
        }
        fillSlots();
    }

    /** Nobody waits for a connection any more: the next call begins anew. */
    private void rest() {
        phase = Phase.IDLE;
        retryAtNanos = Long.MAX_VALUE;
        pool.setPaused(this, false);
    }

    private void forgetConnection() {
        pool.forgetConnection(connectionId);
        connectionId = Calls.NONE;
        muxer = null;
        rpc = null;
        rest();
    }

    private static CallFailure notConnected(String reason) {
        return new CallFailure.NotConnected(new ConnectFailure(ConnectFailure.Kind.FAILED, reason));
    }
}
