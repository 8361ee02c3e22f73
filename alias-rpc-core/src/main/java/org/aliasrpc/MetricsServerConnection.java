package org.aliasrpc;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.alias.AliasConnection;
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
import org.jspecify.annotations.Nullable;

/** One connection of a metrics server: its session on the loop, its events on the callback executor. */
final class MetricsServerConnection
        extends ServerConnection<org.aliasrpc.metrics.MetricsServerEvent, MetricsServerSession>
        implements MetricsCollections.Asker {
    /** On accepted connections (alias-rpc.md §9.1). */
    private static final long KEEP_ALIVE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** How long a connection that ends may take to get its last bytes over. */
    private static final long MAX_FLUSH_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final LiveMetricsServer server;
    private final ConnectionEvents<MetricsServerEvent> events;
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
    MetricsServerSession open(long nowNanos) {
        connection().setKeepAlive(KEEP_ALIVE_NANOS, nowNanos);
        server.onAccepted(this);
        AliasConnection accepted = AliasConnection.accepted(
                remotePublicKey(), remoteAddress(), server.dht().loop().random());
        return new MetricsServerSession(
                accepted.uid(), accepted.remotePublicKey(), accepted.remoteAddress(), server.maxReplyBytes());
    }

    @Override
    void onClosed(@Nullable String error, long nowNanos) {
        // Who is faster to end when the channel was closed makes no difference to what is told.
        super.onClosed(error == null ? endReason : error, nowNanos);
    }

    @Override
    void onGone() {
        server.onGone(this);
    }

    @Override
    void onEvent(org.aliasrpc.metrics.MetricsServerEvent event, MetricsServerSession from, long nowNanos) {
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
        MetricsServerSession current = session();
        return current == null ? 0 : current.queuedBytes() + connection().bufferedBytes();
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
        MetricsServerSession current = session();
        long now = server.dht().loop().nowNanos();
        if (current != null) {
            current.onCollected(requestId, metrics, now);
            pump(now);
        }
    }

    @Override
    public void onCollectFailed(long requestId, Throwable error, @Nullable String reason) {
        MetricsServerSession current = session();
        long now = server.dht().loop().nowNanos();
        if (current == null) {
            return;
        }
        if (reason == null) {
            current.onCollectFailed(requestId, error, now);
        } else {
            current.onCollectFailed(requestId, error, reason, now);
        }
        pump(now);
    }
}
