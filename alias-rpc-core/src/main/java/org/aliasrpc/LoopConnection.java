package org.aliasrpc;

import java.nio.ByteBuffer;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.hyperdht.ConnectFailure;
import org.aliasrpc.hyperdht.Connection;
import org.aliasrpc.hyperdht.ConnectionEvent;
import org.aliasrpc.hyperswarm.SwarmConnection;
import org.aliasrpc.rpc.CallConnections;
import org.jspecify.annotations.Nullable;

/**
 * A connection and whoever reads it. Confined to the loop.
 *
 * <p>Nothing is read before {@link #start}: an incoming connection may have to wait until another one has closed, and its
 * first frames are those the reader must see (docs/protocol, hyperswarm.md §6).
 */
abstract class LoopConnection implements ConnectionOwner, SwarmConnection {
    /**
     * Messages that are read of one connection in one turn, and entries in them that its reader looks at: some
     * milliseconds of work.
     */
    static final int STEPS_PER_TURN = 512;

    private final Connection connection;
    private Runnable onFinished = () -> {};
    private @Nullable String destroyReason;
    private long lastReadNanos;
    private boolean started;
    private boolean finished;

    LoopConnection(Connection connection, long nowNanos) {
        this.connection = connection;
        this.lastReadNanos = nowNanos;
        connection.attach(this);
    }

    /** The connection below. */
    final Connection connection() {
        return connection;
    }

    /** Called once, after the last event. */
    final void onFinished(Runnable action) {
        onFinished = action;
    }

    /** Whether the last event has come. */
    final boolean isFinished() {
        return finished;
    }

    /** From now on the connection is read. */
    final void start(long nowNanos) {
        if (!started) {
            started = true;
            onStart(nowNanos);
            pump(nowNanos);
        }
    }

    /**
     * Breaks the connection.
     *
     * @param reason for people; null if nothing is wrong
     */
    final void destroy(@Nullable String reason) {
        if (!finished) {
            destroyReason = destroyReason == null ? reason : destroyReason;
            connection.destroy();
            // Read to the end, so that its end is noticed: nobody else will start it.
            started = true;
        }
    }

    @Override
    public void onOpen(long nowNanos) {
        start(nowNanos);
    }

    @Override
    public final void onActive(long nowNanos) {
        pump(nowNanos);
    }

    @Override
    public final PublicKey remotePublicKey() {
        return connection.remotePublicKey();
    }

    @Override
    public final boolean hasReadAndWritten() {
        return connection.messageBytesReceived() > 0 && connection.messageBytesSent() > 0;
    }

    @Override
    public final long lastReadNanos() {
        return lastReadNanos;
    }

    /**
     * Reads and writes as far as reader and connection take it, but no more than is good for the others of the node: the
     * rest is done in the next turns, in between theirs.
     */
    final void pump(long nowNanos) {
        int steps = STEPS_PER_TURN;
        onTurn(STEPS_PER_TURN);
        boolean progress = true;
        while (progress) {
            progress = false;
            while (!finished && steps > 0 && mayRead() && !hasBacklog() && (wantsMore() || isEnding())) {
                if (isEnding() && service(nowNanos)) {
                    progress = true; // what came before the end counts, and is worked off before it
                    continue;
                }
                ConnectionEvent event = connection.pollEvent();
                if (event == null) {
                    break;
                }
                progress = true;
                steps--;
                handle(event, nowNanos);
            }
            progress |= mayRead() && service(nowNanos);
        }
        if (!finished && (steps <= 0 || hasBacklog())) {
            connection.resumeNextTurn();
        }
    }

    private boolean isEnding() {
        return connection.isStreamClosed();
    }

    /**
     * A turn begins.
     *
     * @param steps what the reader may do in it: entries to look at, say
     */
    void onTurn(int steps) {}

    /** Whether the reader has left something for the next turn. Until that is done nothing more is read. */
    boolean hasBacklog() {
        return false;
    }

    /** The connection is open and may be written. */
    abstract void onStart(long nowNanos);

    /** Whether to read on. */
    abstract boolean wantsMore();

    /** One message; the buffer belongs to the reader. */
    abstract void onMessage(ByteBuffer message, long nowNanos);

    /** The other end sends no more. */
    void onRemoteEnd(long nowNanos) {
        connection.end();
    }

    /** An attempt to connect has failed; the last event. */
    abstract void onFailed(ConnectFailure failure, long nowNanos);

    /**
     * The connection is gone; the last event.
     *
     * @param error what broke it; null if it ended in order, or we closed it
     */
    abstract void onClosed(@Nullable String error, long nowNanos);

    /** Handles what the reader has to tell and to send; false if there was nothing to do. */
    abstract boolean service(long nowNanos);

    /** Of an attempt nothing comes before it is open but its failure. */
    private boolean mayRead() {
        return started || connection.isInitiator();
    }

    private void handle(ConnectionEvent event, long nowNanos) {
        if (event instanceof ConnectionEvent.Message message) {
            lastReadNanos = nowNanos;
            onMessage(message.body(), nowNanos);
        } else if (event instanceof ConnectionEvent.RemoteEnded) {
            onRemoteEnd(nowNanos);
        } else if (event instanceof ConnectionEvent.Failed failed) {
            finished = true;
            onFailed(failed.failure(), nowNanos);
            onFinished.run();
        } else if (event instanceof ConnectionEvent.Closed closed) {
            finished = true;
            onClosed(text(closed.reason()), nowNanos);
            onFinished.run();
        }
    }

    private @Nullable String text(ConnectionEvent.CloseReason reason) {
        return switch (reason) {
            case ENDED -> null;
            case DESTROYED -> destroyReason;
            case RESET -> "connection reset by peer";
            case TIMED_OUT -> "connection timed out";
            case INVALID_DATA -> "invalid data received";
            case MESSAGE_TOO_LONG -> CallConnections.TOO_LONG;
            case TOO_MUCH_HELD -> "too much received data is held by this node";
        };
    }
}
