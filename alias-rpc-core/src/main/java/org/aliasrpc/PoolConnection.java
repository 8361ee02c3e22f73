package org.aliasrpc;

import java.nio.ByteBuffer;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.hyperdht.ConnectFailure;
import org.aliasrpc.hyperdht.Connection;
import org.aliasrpc.rpc.CallConnections;
import org.jspecify.annotations.Nullable;

/** One connection that calls are made over, or the attempt to make one. */
final class PoolConnection extends LoopConnection {
    private final PoolConnections all;
    private final CallConnections calls;
    private final long id;
    private long noticedBytes;

    PoolConnection(PoolConnections all, long id, Connection connection, long nowNanos) {
        super(connection, nowNanos);
        this.all = all;
        this.calls = all.calls();
        this.id = id;
    }

    @Override
    void onStart(long nowNanos) {
        all.owner().onOpen(connection(), nowNanos);
        Bytes hash = connection().handshakeHash();
        calls.onConnected(id, hash == null ? Bytes.EMPTY : hash, nowNanos);
    }

    @Override
    boolean wantsMore() {
        return !calls.isPaused(id);
    }

    @Override
    void onTurn(int steps) {
        calls.allow(id, steps);
    }

    @Override
    boolean hasBacklog() {
        return calls.hasMore(id);
    }

    @Override
    void onMessage(ByteBuffer message, long nowNanos) {
        calls.onFrame(id, message, nowNanos);
    }

    @Override
    void onFailed(ConnectFailure failure, long nowNanos) {
        all.forget(id);
        calls.onConnectFailed(id, Failures.forPool(failure, remotePublicKey()), nowNanos);
    }

    @Override
    void onClosed(@Nullable String error, long nowNanos) {
        boolean lost = all.forget(id) != null; // else the calls asked for its end
        calls.onConnectionClosed(id, error, nowNanos);
        if (lost) {
            all.owner().onLost();
        }
    }

    @Override
    boolean service(long nowNanos) {
        boolean progress = all.service(nowNanos);
        progress |= sendFrames(nowNanos);
        noticeSent(nowNanos); // keep-alives
        return progress;
    }

    /** Writes what the connection takes; true if that was something. */
    boolean sendFrames(long nowNanos) {
        boolean progress = false;
        while (connection().isWritable()) {
            ByteBuffer frame = calls.pollFrame(id);
            if (frame == null) {
                break;
            }
            progress = true;
            connection().write(frame, nowNanos);
        }
        if (progress) {
            noticeSent(nowNanos);
        }
        return progress;
    }

    private void noticeSent(long nowNanos) {
        long bytes = connection().messageBytesSent();
        if (bytes != noticedBytes) {
            noticedBytes = bytes;
            all.onSent(this, nowNanos);
        }
    }
}
