package org.aliasrpc;

import java.nio.ByteBuffer;
import org.aliasrpc.hyperdht.ConnectFailure;
import org.aliasrpc.hyperdht.Connection;
import org.jspecify.annotations.Nullable;

/** One connection of a pool of calls, or the attempt to make one. */
final class PoolConnection extends LoopConnection {
    private final Owner owner;
    private final long id;

    PoolConnection(Owner owner, long id, Connection connection, long nowNanos) {
        super(connection, nowNanos);
        this.owner = owner;
        this.id = id;
    }

    /** Who runs the pool. */
    interface Owner {
        /** See {@link org.aliasrpc.rpc.Calls#onConnected}. */
        void onConnected(long id, Connection connection, long nowNanos);

        /** The attempt has failed. */
        void onConnectFailed(long id, ConnectFailure failure, long nowNanos);

        /** See {@link org.aliasrpc.rpc.Calls#onConnectionClosed}. */
        void onConnectionClosed(long id, @Nullable String error, long nowNanos);

        /** See {@link org.aliasrpc.rpc.Calls#onFrame}. */
        void onFrame(long id, ByteBuffer frame, long nowNanos);

        /** See {@link org.aliasrpc.rpc.Calls#isPaused}. */
        boolean isPaused(long id);

        /** See {@link org.aliasrpc.rpc.Calls#pollFrame}. */
        @Nullable
        ByteBuffer pollFrame(long id);

        /** Does what the pool asks for; true if that was something. */
        boolean service(long nowNanos);

        /** Frames were written to a connection. */
        default void onSent(PoolConnection connection, long nowNanos) {}
    }

    @Override
    void onStart(long nowNanos) {
        owner.onConnected(id, connection(), nowNanos);
    }

    @Override
    boolean wantsMore() {
        return !owner.isPaused(id);
    }

    @Override
    void onMessage(ByteBuffer message, long nowNanos) {
        owner.onFrame(id, message, nowNanos);
    }

    @Override
    void onRemoteEnd(long nowNanos) {
        connection().end();
    }

    @Override
    void onFailed(ConnectFailure failure, long nowNanos) {
        owner.onConnectFailed(id, failure, nowNanos);
    }

    @Override
    void onClosed(@Nullable String error, long nowNanos) {
        owner.onConnectionClosed(id, error, nowNanos);
    }

    @Override
    boolean service(long nowNanos) {
        boolean progress = owner.service(nowNanos);
        return sendFrames(nowNanos) || progress;
    }

    /** Writes what the connection takes; true if that was something. */
    boolean sendFrames(long nowNanos) {
        boolean progress = false;
        while (connection().isWritable()) {
            ByteBuffer frame = owner.pollFrame(id);
            if (frame == null) {
                break;
            }
            progress = true;
            connection().write(frame, nowNanos);
        }
        if (progress) {
            owner.onSent(this, nowNanos);
        }
        return progress;
    }
}
