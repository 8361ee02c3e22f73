package org.aliasrpc.rpc;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.protomux.Muxer;
import org.jspecify.annotations.Nullable;

/**
 * Calls to servers over connections that are made when needed, shared, made again and closed when idle.
 *
 * <p>One deadline covers a call; the reference has two budgets, so that a call can last twice its timeout
 * (protomux-rpc.md §10.3). While the time allows it an attempt to connect that failed is repeated with growing pauses.
 * When no further attempt can begin in time the call fails at once, with the failure of the last one; when the deadline
 * passes during an attempt likewise if one had failed before.
 *
 * <p>Source: protomux-rpc.md part B.
 */
public final class ConnectionPool implements Calls {
    private final PoolOptions options;
    private final RandomGenerator random;
    private final Map<PoolKey, PoolEntry> entries = new HashMap<>();
    private final Map<Long, PoolEntry> byConnection = new HashMap<>();
    private final Map<Long, PooledCall> calls = new HashMap<>();
    private final PendingCalls deadlines = new PendingCalls();
    private final Queue<PoolEvent> events = new ArrayDeque<>();
    private final Set<PoolEntry> readable = new LinkedHashSet<>();
    private final Set<Long> sendable = new LinkedHashSet<>();

    /** Those between two attempts: few, while a pool may have thousands of entries. */
    private final Set<PoolEntry> paused = new LinkedHashSet<>();

    private long lastConnectionId;
    private long nextGcNanos = Long.MAX_VALUE;
    private long latestNanos;
    private boolean suspended;
    private boolean closed;

    private long connectionsAttempted;
    private long connectionsOpened;
    private long requestsSent;
    private long requestsAnswered;
    private long eventsSent;

    /**
     * @param options how to work
     * @param random for the pauses between attempts
     */
    public ConnectionPool(PoolOptions options, RandomGenerator random) {
        this.options = options;
        this.random = random;
    }

    @Override
    public long call(PoolKey key, String method, Bytes value, long deadlineNanos, long nowNanos) {
        return begin(key, method, value, false, deadlineNanos, nowNanos);
    }

    /** Tells a server something, as soon as it is connected. Nobody learns whether that worked. */
    public void event(PoolKey key, String method, Bytes value, long deadlineNanos, long nowNanos) {
        begin(key, method, value, true, deadlineNanos, nowNanos);
    }

    @Override
    public void onConnected(long connectionId, Bytes handshakeHash, long nowNanos) {
        latestNanos = nowNanos;
        PoolEntry entry = byConnection.get(connectionId);
        if (entry != null && entry.muxer() == null) {
            entry.onConnected(handshakeHash);
        }
    }

    @Override
    public void onConnectFailed(long connectionId, ConnectFailure failure, long nowNanos) {
        latestNanos = nowNanos;
        PoolEntry entry = byConnection.get(connectionId);
        if (entry != null) {
            entry.onConnectFailed(failure, nowNanos);
        }
    }

    @Override
    public void onConnectionClosed(long connectionId, @Nullable String error, long nowNanos) {
        latestNanos = nowNanos;
        PoolEntry entry = byConnection.get(connectionId);
        while (entry != null && entry.pump(nowNanos)) {
            entry = byConnection.get(connectionId); // an answer that came before the end counts
        }
        if (entry != null) {
            entry.onConnectionClosed(error, nowNanos);
        }
    }

    @Override
    public void onFrame(long connectionId, ByteBuffer frame, long nowNanos) {
        latestNanos = nowNanos;
        PoolEntry entry = byConnection.get(connectionId);
        Muxer muxer = entry == null ? null : entry.muxer();
        if (entry != null && muxer != null) {
            muxer.onFrame(frame);
            readable.add(entry);
        }
    }

    @Override
    public @Nullable PoolEvent pollEvent() {
        while (events.isEmpty() && !readable.isEmpty()) {
            PoolEntry entry = readable.iterator().next();
            readable.remove(entry);
            if (entry.pump(latestNanos)) {
                readable.add(entry);
            }
        }
        return events.poll();
    }

    @Override
    public long pollSendable() {
        if (sendable.isEmpty()) {
            return NONE;
        }
        Long connectionId = sendable.iterator().next();
        sendable.remove(connectionId);
        return connectionId;
    }

    @Override
    public @Nullable ByteBuffer pollFrame(long connectionId) {
        PoolEntry entry = byConnection.get(connectionId);
        Muxer muxer = entry == null ? null : entry.muxer();
        if (entry == null || muxer == null) {
            return null;
        }
        boolean wasPaused = muxer.isPaused();
        ByteBuffer frame = muxer.pollFrame();
        if (wasPaused && !muxer.isPaused()) {
            readable.add(entry);
        }
        return frame;
    }

    @Override
    public boolean isPaused(long connectionId) {
        Muxer muxer = muxer(connectionId);
        return muxer != null && muxer.isPaused();
    }

    @Override
    public void allow(long connectionId, int entries) {
        PoolEntry entry = byConnection.get(connectionId);
        Muxer muxer = entry == null ? null : entry.muxer();
        if (entry != null && muxer != null) {
            if (muxer.hasMore()) {
                readable.add(entry);
            }
            muxer.allow(entries);
        }
    }

    @Override
    public boolean hasMore(long connectionId) {
        Muxer muxer = muxer(connectionId);
        return muxer != null && muxer.hasMore();
    }

    private @Nullable Muxer muxer(long connectionId) {
        PoolEntry entry = byConnection.get(connectionId);
        return entry == null ? null : entry.muxer();
    }

    @Override
    public long nextTimeout() {
        long next = Math.min(deadlines.nextDeadline(), nextGcNanos);
        for (PoolEntry entry : paused) {
            next = Math.min(next, entry.retryAtNanos());
        }
        return next;
    }

    @Override
    public void onTimeout(long nowNanos) {
        latestNanos = nowNanos;
        for (long id = deadlines.pollDue(nowNanos); id != PendingCalls.NONE; id = deadlines.pollDue(nowNanos)) {
            PooledCall call = calls.get(id);
            if (call != null) {
                call.entry.onDeadline(call);
            }
        }
        for (PoolEntry entry : List.copyOf(paused)) {
            entry.retry(nowNanos);
        }
        if (nextGcNanos <= nowNanos) {
            collect(nowNanos);
        }
    }

    /** Ends all connections and makes none until {@link #resume}; calls wait. Those that were sent fail. */
    public void suspend(long nowNanos) {
        latestNanos = nowNanos;
        suspended = true;
        for (PoolEntry entry : List.copyOf(entries.values())) {
            entry.disconnect();
            entry.failSent(new CallFailure.ConnectionLost("suspended", false), nowNanos);
        }
    }

    /** Takes {@link #suspend} back. */
    public void resume(long nowNanos) {
        latestNanos = nowNanos;
        suspended = false;
        for (PoolEntry entry : List.copyOf(entries.values())) {
            entry.retry(nowNanos);
        }
    }

    @Override
    public void close() {
        closed = true;
        for (PoolEntry entry : List.copyOf(entries.values())) {
            entry.disconnect();
            entry.failAll(new CallFailure.PoolClosed());
        }
        entries.clear();
        readable.clear();
        sendable.clear();
        nextGcNanos = Long.MAX_VALUE;
    }

    /**
     * Ends the connection that has had no call for the longest time, for owners that may not have more of them.
     *
     * @return false if each connection has calls
     */
    public boolean endIdlest() {
        PoolEntry idlest = null;
        for (PoolEntry entry : entries.values()) {
            if (entry.connectionId() != NONE
                    && !entry.hasCalls()
                    && (idlest == null || entry.latestCallNanos() < idlest.latestCallNanos())) {
                idlest = entry;
            }
        }
        if (idlest == null) {
            return false;
        }
        idlest.disconnect();
        readable.remove(idlest);
        entries.remove(idlest.key);
        return true;
    }

    /** What was done so far. */
    public PoolCounters counters() {
        return new PoolCounters(
                connectionsAttempted, connectionsOpened, requestsSent, requestsAnswered, eventsSent, entries.size());
    }

    PoolOptions options() {
        return options;
    }

    /** The time of the latest input. */
    long now() {
        return latestNanos;
    }

    boolean isSuspended() {
        return suspended;
    }

    /** A random pause after a number of failed attempts (protomux-rpc.md §11.2). */
    long pauseNanos(int failedAttempts) {
        List<Long> pauses = options.backoffNanos();
        long pause = pauses.get(Math.min(failedAttempts, pauses.size() - 1));
        return pause + (long) (random.nextDouble() * pause / 2);
    }

    long requestConnection(PoolEntry entry) {
        long connectionId = ++lastConnectionId;
        byConnection.put(connectionId, entry);
        connectionsAttempted++;
        events.add(new PoolEvent.ConnectRequested(connectionId, entry.key.server()));
        return connectionId;
    }

    void disconnect(long connectionId) {
        events.add(new PoolEvent.DisconnectRequested(connectionId));
    }

    void forgetConnection(long connectionId) {
        byConnection.remove(connectionId);
        sendable.remove(connectionId);
    }

    void hasFrames(PoolEntry entry) {
        if (entry.connectionId() != NONE) {
            sendable.add(entry.connectionId());
        }
    }

    void hasEvents(PoolEntry entry) {
        hasFrames(entry);
        readable.add(entry);
    }

    void setPaused(PoolEntry entry, boolean pausing) {
        if (pausing) {
            paused.add(entry);
        } else {
            paused.remove(entry);
        }
    }

    void countOpened() {
        connectionsOpened++;
    }

    void countSent() {
        requestsSent++;
    }

    void sentEvent(PooledCall call) {
        eventsSent++;
        finish(call);
    }

    void answer(PooledCall call, Bytes value) {
        requestsAnswered++;
        finish(call);
        events.add(new PoolEvent.Answered(call.id, value));
    }

    void fail(PooledCall call, CallFailure failure) {
        finish(call);
        if (!call.event) {
            events.add(new PoolEvent.Failed(call.id, failure));
        }
    }

    private long begin(PoolKey key, String method, Bytes value, boolean event, long deadlineNanos, long nowNanos) {
        latestNanos = nowNanos;
        long id = deadlines.nextId();
        if (closed) {
            if (!event) {
                events.add(new PoolEvent.Failed(id, new CallFailure.PoolClosed()));
            }
            return id;
        }
        PoolEntry entry = entries.computeIfAbsent(key, absent -> new PoolEntry(absent, this));
        if (nextGcNanos == Long.MAX_VALUE) {
            nextGcNanos = nowNanos + options.gcIntervalNanos();
        }
        PooledCall call = new PooledCall(id, method, value, event, deadlineNanos, entry);
        calls.put(id, call);
        deadlines.add(id, deadlineNanos);
        entry.add(call, nowNanos);
        return id;
    }

    private void finish(PooledCall call) {
        calls.remove(call.id);
        deadlines.remove(call.id);
    }

    private void collect(long nowNanos) {
        List<PoolEntry> idle = new ArrayList<>();
        for (PoolEntry entry : entries.values()) {
            if (!entry.hasCalls() && nowNanos - entry.latestCallNanos() > options.gcIntervalNanos()) {
                idle.add(entry);
            }
        }
        for (PoolEntry entry : idle) {
            entry.disconnect();
            readable.remove(entry);
            entries.remove(entry.key);
        }
        if (!idle.isEmpty()) {
            events.add(new PoolEvent.Collected(idle.size()));
        }
        nextGcNanos = entries.isEmpty() ? Long.MAX_VALUE : nowNanos + options.gcIntervalNanos();
    }
}
