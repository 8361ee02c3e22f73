package org.aliasrpc;

import java.nio.ByteBuffer;
import org.aliasrpc.hyperdht.ConnectFailure;
import org.aliasrpc.hyperdht.Connection;
import org.jspecify.annotations.Nullable;

/** One connection of an alias client, or the attempt to make one. */
final class AliasClientConnection extends LoopConnection {
    private final LiveAliasRpcClient client;
    private final long id;

    AliasClientConnection(LiveAliasRpcClient client, long id, Connection connection, long nowNanos) {
        super(connection, nowNanos);
        this.client = client;
        this.id = id;
    }

    @Override
    void onStart(long nowNanos) {
        client.onConnected(id, connection(), nowNanos);
    }

    @Override
    boolean wantsMore() {
        return !client.isPaused(id);
    }

    @Override
    void onMessage(ByteBuffer message, long nowNanos) {
        client.onFrame(id, message, nowNanos);
    }

    @Override
    void onRemoteEnd(long nowNanos) {
        connection().end();
    }

    @Override
    void onFailed(ConnectFailure failure, long nowNanos) {
        client.onConnectFailed(id, failure, nowNanos);
    }

    @Override
    void onClosed(@Nullable String error, long nowNanos) {
        client.onConnectionClosed(id, error, nowNanos);
    }

    @Override
    boolean service(long nowNanos) {
        boolean progress = client.service(nowNanos);
        return sendFrames(nowNanos) || progress;
    }

    /** Writes what the connection takes; true if that was something. */
    boolean sendFrames(long nowNanos) {
        boolean progress = false;
        while (connection().isWritable()) {
            ByteBuffer frame = client.pollFrame(id);
            if (frame == null) {
                break;
            }
            progress = true;
            connection().write(frame, nowNanos);
        }
        return progress;
    }
}
