package org.aliasrpc.alias;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.rpc.RpcEvent;
import org.aliasrpc.rpc.RpcOptions;
import org.aliasrpc.rpc.ServerSession;
import org.jspecify.annotations.Nullable;

/**
 * The alias server's side of one connection. Serves any number of requests, also at the same time, and ends the connection
 * only if its gate says so.
 *
 * <p>Source: alias-rpc.md §4.
 */
public final class AliasServerSession extends ServerSession<AliasServerEvent> {
    private final AliasConnection connection;
    private final SecretCheck secretCheck;
    private final RequestGate gate;
    private final AliasServerLimits limits;

    /** Puts that run, by the handle of their request. */
    private final Map<Long, Registration> puts = new HashMap<>();

    /** Requests that wait for being told that they are unauthorised; the value is whether that is the last answer. */
    private final Map<Long, Boolean> held = new HashMap<>();

    private boolean authorised;
    private @Nullable String cutOff;
    private boolean lastAnswered;
    private long lastActivityNanos;

    /** With a gate that is open. */
    public AliasServerSession(
            AliasConnection connection, SecretCheck secretCheck, AliasServerLimits limits, long nowNanos) {
        this(connection, secretCheck, RequestGate.OPEN, limits, nowNanos);
    }

    /**
     * @param connection what was accepted
     * @param secretCheck tells which secret was presented
     * @param gate decides what becomes of a request
     * @param limits what the client may ask for
     */
    public AliasServerSession(
            AliasConnection connection,
            SecretCheck secretCheck,
            RequestGate gate,
            AliasServerLimits limits,
            long nowNanos) {
        // One more than puts may run: that one is told why it is refused.
        super(RpcOptions.of(AliasProtocol.NAME).withBounds(limits.maxConcurrentPuts() + 1, 1), AliasProtocol.METHOD);
        this.connection = connection;
        this.secretCheck = secretCheck;
        this.gate = gate;
        this.lastActivityNanos = nowNanos;
        this.limits = limits;
        tell(new AliasServerEvent.ConnectionOpen(
                connection.uid(), connection.remotePublicKey(), connection.remoteAddress()));
    }

    @Override
    public void onFrame(ByteBuffer frame, long nowNanos) {
        lastActivityNanos = nowNanos;
        if (!isOver()) {
            super.onFrame(frame, nowNanos);
        }
    }

    @Override
    protected void onClosed(@Nullable String error) {
        held.clear();
        if (error != null) {
            tell(new AliasServerEvent.ConnectionError(error, connection.uid(), connection.remotePublicKey()));
        }
        tell(new AliasServerEvent.ConnectionClose(connection.uid(), connection.remotePublicKey()));
    }

    /** A put is done, also after the connection has ended. */
    public void onPutResult(long requestId, boolean updated) {
        Registration registration = puts.remove(requestId);
        if (registration != null) {
            tell(new AliasServerEvent.Succeeded(
                    connection.uid(),
                    registration.alias(),
                    connection.remotePublicKey(),
                    registration.targetPublicKey(),
                    updated));
            answer(requestId, new AliasResponse.Registered(updated));
        }
    }

    /** A put failed, also after the connection has ended. The client learns no more than the uid. */
    public void onPutFailed(long requestId, Throwable error) {
        onPutFailed(requestId, error, "Failed to register alias (uid " + connection.uid() + ")");
    }

    /**
     * A put failed for a reason that the client is told, also after the connection has ended.
     *
     * @param reason goes to the client as it is
     */
    public void onPutFailed(long requestId, Throwable error, String reason) {
        if (puts.remove(requestId) != null) {
            tell(new AliasServerEvent.Failed(connection.uid(), connection.remotePublicKey(), error));
            answer(requestId, new AliasResponse.Refused(reason));
        }
    }

    /** The time of an answer that was held has come. */
    public void onHoldOver(long requestId) {
        Boolean last = held.remove(requestId);
        if (last != null && !isClosed() && !isOver()) {
            answerUnauthorised(requestId, last);
        }
    }

    /**
     * Serves no more: {@link #failure} is set.
     *
     * @param reason for our own log
     */
    public void cutOff(String reason) {
        cutOff = cutOff == null ? reason : cutOff;
        held.clear();
    }

    /** As of every session, and once the peer is {@linkplain #cutOff cut off}. */
    @Override
    public @Nullable String failure() {
        return cutOff != null ? cutOff : super.failure();
    }

    /** Whether a request had a right secret: who has shown a right secret is no stranger any more. */
    public boolean isAuthorised() {
        return authorised;
    }

    /** When the last frame arrived, or the session began: for the owner's idle limit. */
    public long lastActivityNanos() {
        return lastActivityNanos;
    }

    /** Whether the connection has ended and no put runs: the session can be dropped once its events are polled. */
    public boolean isFinished() {
        return isClosed() && puts.isEmpty();
    }

    @Override
    protected void onEvent(RpcEvent event) {
        // A channel that the client closes or rejects is not noticed (alias-rpc.md §4.3).
        if (event instanceof RpcEvent.RequestReceived request && !isOver()) {
            onRequest(request.handle(), request.value());
        }
    }

    /** Whether nothing more is served, though the connection may not have ended yet. */
    private boolean isOver() {
        return cutOff != null || lastAnswered;
    }

    private void onRequest(long handle, Bytes value) {
        if (value.length() > limits.maxRequestBytes()) {
            tell(new AliasServerEvent.OverLimit(AliasServerEvent.Limit.REQUEST_SIZE));
            answer(
                    handle,
                    new AliasResponse.Refused("Request of " + value.length() + " bytes is too large (limit "
                            + limits.maxRequestBytes() + ")"));
            return;
        }
        try {
            AliasRequest request = AliasRequestCodec.INSTANCE.decode(value);
            Registration registration = request.registration();
            try (SecretBytes presented = request.secret()) {
                String secretName = secretCheck.nameOf(presented);
                onVerdict(handle, registration, secretName, gate.decide(registration, secretName));
            }
        } catch (DecodeException e) {
            served().answerUndecodable(handle, e);
        }
    }

    private void onVerdict(
            long handle, Registration registration, @Nullable String secretName, RequestGate.Verdict verdict) {
        authorised |= secretName != null && !(verdict instanceof RequestGate.Verdict.Unauthorised);
        if (verdict instanceof RequestGate.Verdict.Pass && secretName != null) {
            onPassed(handle, registration, secretName);
        } else if (verdict instanceof RequestGate.Verdict.Refused refused) {
            refuse(handle, refused.reason());
        } else if (verdict instanceof RequestGate.Verdict.Forbidden forbidden) {
            tell(unauthorisedEvent(registration));
            answer(handle, new AliasResponse.Refused(forbidden.reason()));
        } else if (verdict instanceof RequestGate.Verdict.CutOff cut) {
            cutOff(cut.reason());
        } else {
            // No gate makes a wrong secret right.
            tell(unauthorisedEvent(registration));
            var late = verdict instanceof RequestGate.Verdict.Unauthorised given
                    ? given
                    : new RequestGate.Verdict.Unauthorised(0, false);
            if (late.delayNanos() == 0) {
                answerUnauthorised(handle, late.last());
            } else {
                held.put(handle, late.last());
                tell(new AliasServerEvent.AnswerHeld(handle, late.delayNanos()));
            }
        }
    }

    private AliasServerEvent unauthorisedEvent(Registration registration) {
        return new AliasServerEvent.Unauthorised(
                connection.uid(),
                connection.remotePublicKey(),
                registration.targetPublicKey(),
                registration.alias(),
                connection.remoteAddress());
    }

    private void answerUnauthorised(long handle, boolean last) {
        answer(handle, new AliasResponse.Refused("Unauthorised"));
        if (last) {
            lastAnswered = true;
            held.clear();
            tell(new AliasServerEvent.LastAnswered());
        }
    }

    private void refuse(long handle, String reason) {
        tell(new AliasServerEvent.Failed(
                connection.uid(), connection.remotePublicKey(), new IllegalStateException(reason)));
        answer(handle, new AliasResponse.Refused(reason));
    }

    private void onPassed(long handle, Registration registration, String secretName) {
        tell(new AliasServerEvent.Requested(
                connection.uid(),
                connection.remotePublicKey(),
                registration.targetPublicKey(),
                registration.alias(),
                registration.hostname(),
                registration.service()));
        if (puts.size() < limits.maxConcurrentPuts()) {
            puts.put(handle, registration);
            tell(new AliasServerEvent.PutRequested(handle, registration, secretName));
        } else {
            tell(new AliasServerEvent.OverLimit(AliasServerEvent.Limit.CONCURRENT_PUTS));
            refuse(handle, "Too many registrations at a time (limit " + limits.maxConcurrentPuts() + ")");
        }
    }

    private void answer(long handle, AliasResponse response) {
        served().answer(handle, AliasResponseCodec.INSTANCE.encode(response));
    }
}
