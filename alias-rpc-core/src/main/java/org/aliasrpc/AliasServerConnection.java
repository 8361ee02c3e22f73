package org.aliasrpc;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.alias.AliasConnection;
import org.aliasrpc.alias.AliasServerSession;
import org.aliasrpc.alias.Registration;
import org.aliasrpc.hyperdht.Connection;
import org.aliasrpc.io.NodeLoop;
import org.jspecify.annotations.Nullable;

/** One connection of an alias server: its session on the loop, its events on the callback executor. */
final class AliasServerConnection extends ServerConnection<org.aliasrpc.alias.AliasServerEvent, AliasServerSession> {
    /** About what a registration takes besides its texts. */
    private static final int WAITING_BYTES = 512;

    /** How long a connection that got its last answer may take to end; then it is broken. */
    private static final long MAX_ENDING_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Held like an answer: the end of a connection that got its last one. */
    private static final long ENDING = -1;

    /** What a message may be longer than the longest request: several in one batch, or one that is told why not. */
    private static final int MESSAGE_OVERHEAD = 64 << 10;

    private static final int MAX_MESSAGE_BYTES = 0xff_ffff - 17; // docs/protocol, secret-stream.md

    private final LiveAliasRpcServer server;
    private final ConnectionEvents<AliasServerEvent> events;
    private @Nullable AliasConnection identity;
    private boolean stranger = true;
    private boolean lastAnswered;
    private boolean registering; // the registrar is being called on the loop

    AliasServerConnection(LiveAliasRpcServer server, Connection connection, long nowNanos) {
        super(connection, nowNanos);
        this.server = server;
        AliasServerEvent.Listener listener = server.listener();
        this.events = new ConnectionEvents<>(
                server.dht().listenerCallbacks(), server.waitingEvents(), listener == null ? null : listener::onEvent);
    }

    /** When something was received last; the connection's own keep-alives do not count. */
    long lastActivityNanos() {
        AliasServerSession current = session();
        return current == null ? lastReadNanos() : current.lastActivityNanos();
    }

    @Override
    AliasServerSession open(long nowNanos) {
        // What is a little too long for a request is refused with a reason; what is much longer is not even taken.
        long longest = (long) server.limits().maxRequestBytes() + MESSAGE_OVERHEAD;
        connection().setMaxMessageBytes((int) Math.min(longest, MAX_MESSAGE_BYTES));
        AliasConnection accepted = AliasConnection.accepted(
                remotePublicKey(), remoteAddress(), server.dht().loop().random());
        identity = accepted;
        server.onAccepted(this, nowNanos);
        return new AliasServerSession(
                accepted, server.secrets()::nameOf, server.gates().of(accepted), server.limits(), nowNanos);
    }

    /** The time of a held answer has come. */
    void onHoldOver(long requestId, long nowNanos) {
        AliasServerSession current = session();
        if (requestId == ENDING) {
            destroy("the last answer was given");
        } else if (current != null) {
            current.onHoldOver(requestId);
        }
        pump(nowNanos);
    }

    @Override
    void onGone() {
        server.onGone(this);
    }

    @Override
    void onServed(AliasServerSession current) {
        if (stranger && current.isAuthorised()) {
            stranger = false;
            server.onAuthorised(this);
        }
        if (lastAnswered && connection().isWritable()) { // else frames may be left
            lastAnswered = false;
            connection().end();
        }
    }

    @Override
    void onEvent(org.aliasrpc.alias.AliasServerEvent event, AliasServerSession from, long nowNanos) {
        if (event instanceof org.aliasrpc.alias.AliasServerEvent.PutRequested put) {
            onPutRequested(put, from);
        } else if (event instanceof org.aliasrpc.alias.AliasServerEvent.AnswerHeld held) {
            if (!server.held().hold(this, held.requestId(), nowNanos + held.delayNanos())) {
                server.gates().onLimit(AliasServerGate.Limit.HELD_ANSWERS);
                from.cutOff("Too many answers wait");
            }
        } else if (event instanceof org.aliasrpc.alias.AliasServerEvent.LastAnswered) {
            lastAnswered = true;
            if (!server.held().hold(this, ENDING, nowNanos + MAX_ENDING_NANOS)) {
                from.cutOff("Too many answers wait");
            }
        } else if (event instanceof org.aliasrpc.alias.AliasServerEvent.OverLimit over) {
            server.gates()
                    .onLimit(
                            switch (over.limit()) {
                                case REQUEST_SIZE -> AliasServerGate.Limit.REQUEST_SIZE;
                                case CONCURRENT_PUTS -> AliasServerGate.Limit.CONCURRENT_REQUESTS;
                            });
        } else {
            onEventForUsers(event);
        }
    }

    private void onEventForUsers(org.aliasrpc.alias.AliasServerEvent event) {
        if (!events.isHeard()) {
            return;
        }
        AliasServerEvent translated = ServerEvents.of(event);
        if (translated instanceof AliasServerEvent.ConnectionOpen) {
            events.open(translated);
        } else if (translated instanceof AliasServerEvent.ConnectionError
                || translated instanceof AliasServerEvent.ConnectionClose) {
            events.close(translated);
        } else {
            events.offer(translated, ServerEvents.textBytes(translated));
        }
    }

    /** Not in the queue of the events: a listener can neither delay nor fail a request (alias-rpc.md §4 rule 2). */
    private void onPutRequested(org.aliasrpc.alias.AliasServerEvent.PutRequested put, AliasServerSession from) {
        Registration registration = put.registration();
        if (server.registersOnLoop()) {
            registering = true;
            register(put, registration);
            registering = false; // it throws nothing
            return;
        }
        long bytes = WAITING_BYTES
                + ServerEvents.textBytes(registration.alias(), registration.hostname(), registration.service());
        if (!server.waitingRegistrations().take(bytes)) {
            server.gates().onLimit(AliasServerGate.Limit.WAITING_REGISTRATIONS);
            String reason = "Too many registrations wait for the registrar";
            from.onPutFailed(put.requestId(), new IllegalStateException(reason), reason);
            return;
        }
        server.dht().callbacks().execute(() -> {
            try {
                register(put, registration);
            } finally {
                server.waitingRegistrations().give(bytes);
            }
        });
    }

    /** On the callback executor, or on the loop if the registrar never blocks. */
    private void register(org.aliasrpc.alias.AliasServerEvent.PutRequested put, Registration registration) {
        long requestId = put.requestId();
        AliasConnection from = identity;
        if (from == null) {
            return;
        }
        try {
            CompletionStage<Boolean> stage = server.registrar()
                    .registerAlias(
                            new AliasRegistration(
                                    registration.alias(),
                                    registration.targetPublicKey(),
                                    registration.hostname(),
                                    registration.service()),
                            new AliasRegistrar.Origin(
                                    from.uid(),
                                    from.remotePublicKey(),
                                    from.remoteAddress().toInetSocketAddress(),
                                    put.secretName()));
            if (stage == null) {
                throw new IllegalStateException("the registrar answered null");
            }
            stage.whenComplete((updated, failure) -> onResult(requestId, updated, failure));
        } catch (RuntimeException | Error e) {
            onResult(requestId, null, e);
        }
    }

    /** From any thread. */
    private void onResult(long requestId, @Nullable Boolean updated, @Nullable Throwable failure) {
        NodeLoop loop = server.dht().loop();
        if (loop.inLoop() && registering) {
            answer(requestId, updated, failure); // goes on in service(), which called the registrar
            return;
        }
        loop.tryExecute(() -> {
            answer(requestId, updated, failure);
            pump(loop.nowNanos());
        });
    }

    private void answer(long requestId, @Nullable Boolean updated, @Nullable Throwable failure) {
        AliasServerSession current = session();
        if (current == null) {
            return;
        }
        if (failure == null) {
            current.onPutResult(requestId, Boolean.TRUE.equals(updated));
            return;
        }
        Throwable cause = Failures.unwrapped(failure);
        if (cause instanceof AliasRegistrar.Refusal refusal) {
            current.onPutFailed(requestId, cause, String.valueOf(refusal.getMessage()));
        } else {
            current.onPutFailed(requestId, cause);
        }
    }
}
