package org.aliasrpc;

import java.nio.ByteBuffer;
import org.aliasrpc.hyperdht.ConnectFailure;
import org.aliasrpc.hyperdht.Connection;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.rpc.ServerSession;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a server and the session that serves it.
 *
 * @param <E> the session's events
 * @param <S> the session
 */
abstract class ServerConnection<E, S extends ServerSession<E>> extends LoopConnection {
    private @Nullable S session;

    ServerConnection(Connection connection, long nowNanos) {
        super(connection, nowNanos);
    }

    /** The connection was accepted: the session that serves it from now on. */
    abstract S open(long nowNanos);

    /** Does what the session asks for, or tells the users. */
    abstract void onEvent(E event, S from, long nowNanos);

    /** The session's events were handled and its frames written. */
    void onServed(S current) {}

    /** A connection that was accepted is gone. */
    abstract void onGone();

    /** Null until the connection is accepted. */
    final @Nullable S session() {
        return session;
    }

    /** Where the client's datagrams come from. */
    final PeerAddress remoteAddress() {
        PeerAddress remote = connection().remoteAddress();
        return remote == null ? PeerAddress.ipv4(0, 0) : remote;
    }

    @Override
    final void onStart(long nowNanos) {
        session = open(nowNanos);
    }

    @Override
    final boolean wantsMore() {
        return session == null || !session.isPaused();
    }

    @Override
    final void onTurn(int steps) {
        if (session != null) {
            session.allow(steps);
        }
    }

    @Override
    final boolean hasBacklog() {
        return session != null && session.hasMore();
    }

    @Override
    final void onMessage(ByteBuffer message, long nowNanos) {
        if (session != null) {
            session.onFrame(message, nowNanos);
        }
    }

    @Override
    final void onFailed(ConnectFailure failure, long nowNanos) {
        throw new IllegalStateException("only outgoing connections fail to open");
    }

    @Override
    void onClosed(@Nullable String error, long nowNanos) {
        if (session != null) {
            session.onConnectionClosed(error);
            onGone();
        }
    }

    @Override
    final boolean service(long nowNanos) {
        S current = session;
        if (current == null) {
            return false;
        }
        boolean progress = false;
        for (var event = current.pollEvent(); event != null; event = current.pollEvent()) {
            progress = true;
            onEvent(event, current, nowNanos);
        }
        while (connection().isWritable()) {
            ByteBuffer frame = current.pollFrame();
            if (frame == null) {
                break;
            }
            progress = true;
            connection().write(frame, nowNanos);
        }
        onServed(current);
        if (current.failure() != null && !isFinished()) {
            destroy(current.failure());
        }
        return progress;
    }
}
