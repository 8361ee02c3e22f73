package org.aliasrpc;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.aliasrpc.alias.AliasConnection;
import org.aliasrpc.alias.AliasServerSession;
import org.aliasrpc.alias.Registration;
import org.aliasrpc.hyperdht.ConnectFailure;
import org.aliasrpc.hyperdht.Connection;
import org.aliasrpc.io.SerialQueue;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/** One connection of an alias server: its session on the loop, its events on the callback executor. */
final class AliasServerConnection extends LoopConnection {
    /** Events of one connection that may wait for a slow listener; a client can cause them without end. */
    private static final int MAX_WAITING_EVENTS = 1024;

    private final LiveAliasRpcServer server;
    private final SerialQueue queue;
    private @Nullable AliasConnection identity;
    private @Nullable AliasServerSession session;

    AliasServerConnection(LiveAliasRpcServer server, Connection connection, long nowNanos) {
        super(connection, nowNanos);
        this.server = server;
        this.queue = new SerialQueue(server.dht().listenerCallbacks(), MAX_WAITING_EVENTS);
    }

    /** When something was received last; the connection's own keep-alives do not count. */
    long lastActivityNanos() {
        return session == null ? lastReadNanos() : session.lastActivityNanos();
    }

    @Override
    void onStart(long nowNanos) {
        PeerAddress remote = connection().remoteAddress();
        AliasConnection accepted = AliasConnection.accepted(
                remotePublicKey(),
                remote == null ? PeerAddress.ipv4(0, 0) : remote,
                server.dht().loop().random());
        identity = accepted;
        session = new AliasServerSession(accepted, server.secretCheck(), server.limits(), nowNanos);
        server.onAccepted(this);
    }

    @Override
    boolean wantsMore() {
        return session == null || !session.isPaused();
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
            session.onConnectionClosed(error);
            server.onGone(this);
        }
    }

    @Override
    boolean service(long nowNanos) {
        AliasServerSession current = session;
        if (current == null) {
            return false;
        }
        boolean progress = false;
        for (var event = current.pollEvent(); event != null; event = current.pollEvent()) {
            progress = true;
            onEvent(event);
        }
        while (connection().isWritable()) {
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

    private void onEvent(org.aliasrpc.alias.AliasServerEvent event) {
        if (event instanceof org.aliasrpc.alias.AliasServerEvent.PutRequested put) {
            // Not in the queue of the events: a listener can neither delay nor fail a request (alias-rpc.md §4 rule 2).
            server.dht().callbacks().execute(() -> register(put.requestId(), put.registration()));
            return;
        }
        AliasServerEvent.Listener listener = server.listener();
        if (listener == null) {
            return;
        }
        AliasServerEvent translated = ServerEvents.of(event);
        if (translated instanceof AliasServerEvent.ConnectionOpen
                || translated instanceof AliasServerEvent.ConnectionError
                || translated instanceof AliasServerEvent.ConnectionClose) {
            queue.execute(() -> listener.onEvent(translated)); // one of each
        } else {
            queue.offer(() -> listener.onEvent(translated));
        }
    }

    /** On the callback executor. */
    private void register(long requestId, Registration registration) {
        CompletionStage<Boolean> stage;
        try {
            AliasConnection from = identity;
            if (from == null) {
                return;
            }
            stage = server.registrar()
                    .registerAlias(
                            new AliasRegistration(
                                    registration.alias(),
                                    registration.targetPublicKey(),
                                    registration.hostname(),
                                    registration.service()),
                            new AliasRegistrar.Origin(
                                    from.uid(),
                                    from.remotePublicKey(),
                                    from.remoteAddress().toInetSocketAddress()));
        } catch (RuntimeException | Error e) {
            onResult(requestId, null, e);
            return;
        }
        if (stage == null) {
            onResult(requestId, null, new IllegalStateException("the registrar answered null"));
        } else {
            stage.whenComplete((updated, failure) -> onResult(requestId, updated, failure));
        }
    }

    /** From any thread. */
    private void onResult(long requestId, @Nullable Boolean updated, @Nullable Throwable failure) {
        server.dht().loop().tryExecute(() -> {
            AliasServerSession current = session;
            if (current == null) {
                return;
            }
            if (failure == null) {
                current.onPutResult(requestId, Boolean.TRUE.equals(updated));
            } else {
                Throwable cause = Failures.unwrapped(failure);
                if (cause instanceof AliasRegistrar.Refusal refusal) {
                    current.onPutFailed(requestId, cause, String.valueOf(refusal.getMessage()));
                } else {
                    current.onPutFailed(requestId, cause);
                }
            }
            pump(server.dht().loop().nowNanos());
        });
    }
}
