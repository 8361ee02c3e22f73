package org.aliasrpc;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.alias.AliasConnection;
import org.aliasrpc.hyperdht.ConnectFailure;
import org.aliasrpc.hyperdht.Connection;
import org.aliasrpc.metrics.CollectedMetrics;
import org.aliasrpc.metrics.MetricsServerEvent.CollectRequested;
import org.aliasrpc.metrics.MetricsServerEvent.ConnectionClose;
import org.aliasrpc.metrics.MetricsServerEvent.ConnectionError;
import org.aliasrpc.metrics.MetricsServerEvent.ConnectionOpen;
import org.aliasrpc.metrics.MetricsServerEvent.EndRequested;
import org.aliasrpc.metrics.MetricsServerEvent.Failed;
import org.aliasrpc.metrics.MetricsServerEvent.Requested;
import org.aliasrpc.metrics.MetricsServerEvent.Succeeded;
import org.aliasrpc.metrics.MetricsServerSession;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/** One connection of a metrics server: its session on the loop, its events on the callback executor. */
final class MetricsServerConnection extends LoopConnection implements MetricsCollections.Asker {
    /** On accepted connections (alias-rpc.md §9.1). */
    private static final long KEEP_ALIVE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** How long a connection that ends may take to get its last bytes over. */
    private static final long MAX_FLUSH_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final LiveMetricsServer server;
    private final ConnectionEvents<MetricsServerEvent> events;
    private @Nullable MetricsServerSession session;
    private @Nullable String endReason;
    private long flushDeadlineNanos = Long.MAX_VALUE;

    MetricsServerConnection(LiveMetricsServer server, Connection connection, long nowNanos) {
        super(connection, nowNanos);
        this.server = server;
        MetricsServerEvent.Listener listener = server.listener();
        this.events = new ConnectionEvents<>(
                server.dht().listenerCallbacks(), server.waitingEvents(), listener == null ? null : listener::onEvent);
    }

    @Override
    void onStart(long nowNanos) {
        connection().setKeepAlive(KEEP_ALIVE_NANOS, nowNanos);
        PeerAddress remote = connection().remoteAddress();
        AliasConnection accepted = AliasConnection.accepted(
                remotePublicKey(),
                remote == null ? PeerAddress.ipv4(0, 0) : remote,
                server.dht().loop().random());
        session = new MetricsServerSession(
                accepted.uid(), accepted.remotePublicKey(), accepted.remoteAddress(), server.maxReplyBytes());
        server.onAccepted(this);
    }

    @Override
    boolean wantsMore() {
        return session == null || !session.isPaused();
    }

    @Override
    void onTurn(int steps) {
        if (session != null) {
            session.allow(steps);
        }
    }

    @Override
    boolean hasBacklog() {
        return session != null && session.hasMore();
    }

    @Override
    void onMessage(ByteBuffer message, long nowNanos) {
        if (session != null) {
            session.onFrame(message, nowNanos);
        }
    }

    @Override
    void onRemoteEnd(long nowNanos) {
        connection().end();
    }

    @Override
    void onFailed(ConnectFailure failure, long nowNanos) {
        throw new IllegalStateException("only outgoing connections fail to open");
    }

    @Override
    void onClosed(@Nullable String error, long nowNanos) {
        if (session != null) {
            // Who is faster to end when the channel was closed makes no difference to what is told.
            session.onConnectionClosed(error == null ? endReason : error);
            server.onGone(this);
        }
    }

    @Override
    boolean service(long nowNanos) {
        MetricsServerSession current = session;
        if (current == null) {
            return false;
        }
        boolean progress = false;
        for (var event = current.pollEvent(); event != null; event = current.pollEvent()) {
            progress = true;
            onEvent(event, nowNanos);
        }
        while (endReason == null && connection().isWritable()) {
            ByteBuffer frame = current.pollFrame();
            if (frame == null) {
                break;
            }
            progress = true;
            connection().write(frame, nowNanos);
        }
        if (current.failure() != null && !isFinished()) {
            destroy(current.failure());
        }
        return progress;
    }

    private void onEvent(org.aliasrpc.metrics.MetricsServerEvent event, long nowNanos) {
        if (event instanceof CollectRequested wish) {
            server.collect(this, wish.requestId(), nowNanos);
        } else if (event instanceof EndRequested wish) {
            endReason = wish.reason();
            flushDeadlineNanos = nowNanos + MAX_FLUSH_NANOS;
            connection().end();
            server.onEnding(this, nowNanos);
        } else if (event instanceof ConnectionOpen open) {
            events.open(new MetricsServerEvent.ConnectionOpen(
                    open.uid(), open.remotePublicKey(), open.remoteAddress().toInetSocketAddress()));
        } else if (event instanceof ConnectionError error) {
            events.close(new MetricsServerEvent.ConnectionError(error.uid(), error.remotePublicKey(), error.error()));
        } else if (event instanceof ConnectionClose close) {
            events.close(new MetricsServerEvent.ConnectionClose(close.uid(), close.remotePublicKey()));
        } else if (event instanceof Requested request) {
            events.offer(new MetricsServerEvent.MetricsRequest(request.uid(), request.remotePublicKey()), 0);
        } else if (event instanceof Succeeded success) {
            events.offer(
                    new MetricsServerEvent.MetricsSuccess(
                            success.uid(),
                            success.remotePublicKey(),
                            success.bytes(),
                            Duration.ofNanos(success.nanos())),
                    0);
        } else if (event instanceof Failed failed) {
            events.offer(
                    new MetricsServerEvent.MetricsError(
                            failed.uid(), failed.remotePublicKey(), failed.error(), Duration.ofNanos(failed.nanos())),
                    0);
        }
    }

    /** Bytes of replies that the scraper has not taken. */
    long unsentBytes() {
        return session == null ? 0 : session.queuedBytes() + connection().bufferedBytes();
    }

    /** The channel was closed and our side ended: destroys the connection when all has arrived (alias-rpc.md §9.5). */
    void checkFlushed(long nowNanos) {
        if (connection().bufferedBytes() == 0 || nowNanos >= flushDeadlineNanos) {
            destroy(endReason);
            pump(nowNanos);
        }
    }

    @Override
    public void onCollected(long requestId, CollectedMetrics metrics) {
        long now = server.dht().loop().nowNanos();
        if (session != null) {
            session.onCollected(requestId, metrics, now);
            pump(now);
        }
    }

    @Override
    public void onCollectFailed(long requestId, Throwable error, @Nullable String reason) {
        long now = server.dht().loop().nowNanos();
        if (session == null) {
            return;
        }
        if (reason == null) {
            session.onCollectFailed(requestId, error, now);
        } else {
            session.onCollectFailed(requestId, error, reason, now);
        }
        pump(now);
    }
}
