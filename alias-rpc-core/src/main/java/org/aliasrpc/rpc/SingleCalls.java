package org.aliasrpc.rpc;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.protomux.Muxer;
import org.aliasrpc.protomux.MuxerEvent;
import org.jspecify.annotations.Nullable;

/**
 * Calls with a connection each, made for it and destroyed at its end. Nothing is tried again.
 *
 * <p>Only some run at a time: a server with the reference's duplicate rule keeps one connection of a key, so that
 * concurrent calls would end each other (alias-rpc.md §4.7).
 *
 * <p>Source: the clients 1.0.x of alias-rpc.md §5, with a deadline over all steps instead of the last one only.
 */
public final class SingleCalls implements Calls {
    private final int maxConcurrent;
    private final int maxWaiting;

    private final Map<Long, SingleCall> calls = new HashMap<>();
    private final Map<Long, SingleCall> byConnection = new HashMap<>();
    private final Deque<SingleCall> queued = new ArrayDeque<>();
    private final PendingCalls deadlines = new PendingCalls();
    private final Queue<PoolEvent> events = new ArrayDeque<>();
    private final Set<SingleCall> readable = new LinkedHashSet<>();
    private final Set<Long> sendable = new LinkedHashSet<>();
    private long lastConnectionId;
    private boolean closed;

    /**
     * @param maxConcurrent calls that run at a time, to all servers together
     * @param maxWaiting calls that wait behind them; further ones fail
     */
    public SingleCalls(int maxConcurrent, int maxWaiting) {
        if (maxConcurrent < 1 || maxWaiting < 0) {
            throw new IllegalArgumentException(maxConcurrent + " concurrent calls, " + maxWaiting + " waiting");
        }
        this.maxConcurrent = maxConcurrent;
        this.maxWaiting = maxWaiting;
    }

    @Override
    public long call(PoolKey key, String method, Bytes value, long deadlineNanos, long nowNanos) {
        SingleCall call = new SingleCall(deadlines.nextId(), key, method, value);
        if (closed) {
            events.add(new PoolEvent.Failed(call.id, new CallFailure.PoolClosed()));
        } else if (queued.size() >= maxWaiting && byConnection.size() >= maxConcurrent) {
            events.add(new PoolEvent.Failed(call.id, new CallFailure.QueueFull()));
        } else {
            calls.put(call.id, call);
            deadlines.add(call.id, deadlineNanos);
            queued.add(call);
            fillSlots();
        }
        return call.id;
    }

    @Override
    public void onConnected(long connectionId, Bytes handshakeHash, long nowNanos) {
        SingleCall call = byConnection.get(connectionId);
        if (call != null && call.step == CallStep.CONNECT) {
            Muxer muxer = new Muxer();
            call.muxer = muxer;
            call.rpc = RpcChannel.open(
                    muxer,
                    RpcOptions.of(call.key.protocol())
                            .withId(call.key.channelId())
                            .withBounds(1, 1));
            call.step = CallStep.OPEN;
            sendable.add(connectionId);
        }
    }

    @Override
    public void onConnectFailed(long connectionId, ConnectFailure failure, long nowNanos) {
        SingleCall call = byConnection.get(connectionId);
        if (call != null) {
            fail(call, new CallFailure.NotConnected(failure));
        }
    }

    @Override
    public void onConnectionClosed(long connectionId, @Nullable String error, long nowNanos) {
        SingleCall call = byConnection.get(connectionId);
        while (call != null && pump(call)) {
            call = byConnection.get(connectionId); // an answer that came before the end counts
        }
        if (call != null) {
            connectionLost(call, error);
        }
    }

    @Override
    public void onFrame(long connectionId, ByteBuffer frame, long nowNanos) {
        SingleCall call = byConnection.get(connectionId);
        if (call != null && call.muxer != null) {
            call.muxer.onFrame(frame);
            readable.add(call);
        }
    }

    @Override
    public @Nullable PoolEvent pollEvent() {
        while (events.isEmpty() && !readable.isEmpty()) {
            SingleCall call = readable.iterator().next();
            readable.remove(call);
            if (pump(call)) {
                readable.add(call);
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
        SingleCall call = byConnection.get(connectionId);
        if (call == null || call.muxer == null) {
            return null;
        }
        ByteBuffer frame = call.muxer.pollFrame();
        readable.add(call);
        return frame;
    }

    @Override
    public boolean isPaused(long connectionId) {
        SingleCall call = byConnection.get(connectionId);
        return call != null && call.muxer != null && call.muxer.isPaused();
    }

    @Override
    public void allow(long connectionId, int entries) {
        SingleCall call = byConnection.get(connectionId);
        if (call != null && call.muxer != null) {
            call.muxer.allow(entries);
            readable.add(call);
        }
    }

    @Override
    public boolean hasMore(long connectionId) {
        SingleCall call = byConnection.get(connectionId);
        return call != null && call.muxer != null && call.muxer.hasMore();
    }

    @Override
    public long nextTimeout() {
        return deadlines.nextDeadline();
    }

    @Override
    public void onTimeout(long nowNanos) {
        for (long id = deadlines.pollDue(nowNanos); id != PendingCalls.NONE; id = deadlines.pollDue(nowNanos)) {
            SingleCall call = calls.get(id);
            if (call != null) {
                fail(call, new CallFailure.TimedOut(call.step));
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        queued.clear();
        List<SingleCall> all = new ArrayList<>(calls.values());
        for (SingleCall call : all) {
            fail(call, new CallFailure.PoolClosed());
        }
    }

    private void fillSlots() {
        while (!queued.isEmpty() && byConnection.size() < maxConcurrent) {
            SingleCall call = queued.remove();
            call.step = CallStep.CONNECT;
            call.connectionId = ++lastConnectionId;
            byConnection.put(call.connectionId, call);
            events.add(new PoolEvent.ConnectRequested(call.connectionId, call.key.server()));
        }
    }

    private boolean pump(SingleCall call) {
        Muxer muxer = call.muxer;
        RpcChannel rpc = call.rpc;
        if (muxer == null || rpc == null) {
            return false;
        }
        MuxerEvent event = muxer.pollEvent();
        if (event instanceof MuxerEvent.Failed failed) {
            fail(call, new CallFailure.ProtocolViolation(String.valueOf(failed.reason())));
        } else if (event instanceof MuxerEvent.ChannelEvent ofChannel) {
            rpc.onEvent(ofChannel);
        }
        RpcEvent rpcEvent = rpc.pollEvent();
        while (rpcEvent != null && call.muxer != null) {
            onRpcEvent(call, rpc, rpcEvent);
            rpcEvent = rpc.pollEvent();
        }
        return event != null && call.muxer != null;
    }

    private void onRpcEvent(SingleCall call, RpcChannel rpc, RpcEvent event) {
        if (event instanceof RpcEvent.Opened) {
            call.step = CallStep.REQUEST;
            rpc.request(call.method, call.value, RpcChannel.NO_DEADLINE); // we keep the deadline
            sendable.add(call.connectionId);
        } else if (event instanceof RpcEvent.Responded responded) {
            finish(call);
            events.add(new PoolEvent.Answered(call.id, responded.value()));
        } else if (event instanceof RpcEvent.Failed failed && !rpc.isClosed()) {
            fail(call, CallFailure.of(failed.error()));
        } else if (event instanceof RpcEvent.Closed) {
            fail(
                    call,
                    call.step == CallStep.OPEN
                            ? new CallFailure.ChannelRejected()
                            : new CallFailure.ConnectionLost("channel closed", false));
        }
    }

    private void connectionLost(SingleCall call, @Nullable String error) {
        String reason = error == null ? PoolEntry.CONNECTION_ENDED : error;
        boolean sent = call.step == CallStep.REQUEST;
        fail(
                call,
                sent
                        ? new CallFailure.ConnectionLost(reason, error != null)
                        : new CallFailure.NotConnected(new ConnectFailure(ConnectFailure.Kind.FAILED, reason)));
    }

    private void fail(SingleCall call, CallFailure failure) {
        finish(call);
        events.add(new PoolEvent.Failed(call.id, failure));
    }

    private void finish(SingleCall call) {
        calls.remove(call.id);
        deadlines.remove(call.id);
        queued.remove(call);
        readable.remove(call);
        if (byConnection.remove(call.connectionId) != null) {
            sendable.remove(call.connectionId);
            events.add(new PoolEvent.DisconnectRequested(call.connectionId));
        }
        call.muxer = null;
        call.rpc = null;
        fillSlots();
    }
}
