package org.aliasrpc.alias;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.rpc.CallConnections;
import org.aliasrpc.rpc.CallFailure;
import org.aliasrpc.rpc.Calls;
import org.aliasrpc.rpc.ConnectionPool;
import org.aliasrpc.rpc.PoolEvent;
import org.aliasrpc.rpc.PoolKey;
import org.aliasrpc.rpc.PoolOptions;
import org.aliasrpc.rpc.SingleCalls;
import org.jspecify.annotations.Nullable;

/**
 * Registers aliases with one server, over {@link #connections} that the owner drives.
 *
 * <p>Source: alias-rpc.md §5; for the pooled life cycle see {@link ConnectionPool}, for the other one {@link SingleCalls}.
 */
public final class AliasClient {
    private record Attempt(UUID uid, Registration registration) {}

    private final PoolKey key;
    private final SecretBytes secret;
    private final AliasClientOptions options;
    private final AliasRequestCodec requestCodec;
    private final RandomGenerator random;
    private final Calls calls;
    private final Map<Long, Attempt> attempts = new HashMap<>();
    private final Queue<AliasClientEvent> events = new ArrayDeque<>();

    /**
     * @param server the alias server's key
     * @param secret 32 bytes; not closed by the client
     * @param options how to work
     * @param random for uids and pauses
     * @throws IllegalArgumentException if the secret has another length
     */
    public AliasClient(PublicKey server, SecretBytes secret, AliasClientOptions options, RandomGenerator random) {
        this(server, secret, options, random, AliasRequestCodec.INSTANCE);
    }

    /** Of another protocol version. */
    AliasClient(
            PublicKey server,
            SecretBytes secret,
            AliasClientOptions options,
            RandomGenerator random,
            AliasRequestCodec requestCodec) {
        AliasRequest.requireLength(secret);
        this.key = new PoolKey(server, AliasProtocol.NAME, Bytes.EMPTY);
        this.secret = secret;
        this.options = options;
        this.random = random;
        this.requestCodec = requestCodec;
        this.calls = switch (options.lifeCycle()) {
            case POOLED ->
                new ConnectionPool(
                        PoolOptions.DEFAULT.withBounds(options.maxConcurrent(), options.maxWaiting()), random);
            case PER_CALL -> new SingleCalls(options.maxConcurrent(), options.maxWaiting());
        };
    }

    /**
     * Begins a registration; {@link AliasClientEvent.Finished} ends it, at the deadline at the latest.
     *
     * @param deadlineNanos covers waiting, connecting, opening and the request
     * @return the call's id
     */
    public long register(Registration registration, long deadlineNanos, long nowNanos) {
        UUID uid = AliasConnection.randomUid(random);
        events.add(new AliasClientEvent.Attempt(
                registration.alias(),
                registration.targetPublicKey(),
                registration.hostname(),
                registration.service(),
                uid));
        Bytes request = requestCodec.encode(new AliasRequest(secret, registration));
        long callId = calls.call(key, AliasProtocol.METHOD, request, deadlineNanos, nowNanos);
        attempts.put(callId, new Attempt(uid, registration));
        return callId;
    }

    /** What the registrations are made over. Once it is closed they fail, later ones too. */
    public CallConnections connections() {
        return calls;
    }

    /** The next event, or null. */
    public @Nullable AliasClientEvent pollEvent() {
        while (events.isEmpty()) {
            PoolEvent event = calls.pollEvent();
            if (event == null) {
                return null;
            }
            if (event instanceof PoolEvent.ConnectRequested request) {
                events.add(new AliasClientEvent.ConnectRequested(request.connectionId(), request.server()));
            } else if (event instanceof PoolEvent.DisconnectRequested request) {
                events.add(new AliasClientEvent.DisconnectRequested(request.connectionId()));
            } else if (event instanceof PoolEvent.Answered answered) {
                finish(answered.callId(), outcomeOf(answered.value()));
            } else if (event instanceof PoolEvent.Failed failed) {
                tellConnectionError(failed);
                finish(failed.callId(), AliasOutcomes.of(failed.failure()));
            }
        }
        return events.poll();
    }

    private void finish(long callId, AliasOutcome outcome) {
        attempts.remove(callId);
        events.add(new AliasClientEvent.Finished(callId, outcome));
    }

    /** Pooled clients raise no event for connections that fail (alias-rpc.md §5). */
    private void tellConnectionError(PoolEvent.Failed failed) {
        Attempt attempt = attempts.get(failed.callId());
        if (attempt == null || options.lifeCycle() != AliasClientOptions.LifeCycle.PER_CALL) {
            return;
        }
        String error = null;
        if (failed.failure() instanceof CallFailure.NotConnected notConnected) {
            error = notConnected.failure().reason();
        } else if (failed.failure() instanceof CallFailure.ConnectionLost lost && lost.byError()) {
            error = lost.reason();
        }
        if (error != null) {
            events.add(new AliasClientEvent.ConnectionError(
                    error,
                    attempt.registration().alias(),
                    attempt.registration().targetPublicKey(),
                    attempt.uid()));
        }
    }

    private static AliasOutcome outcomeOf(Bytes value) {
        try {
            AliasResponse response = AliasResponseCodec.INSTANCE.decode(value);
            if (response instanceof AliasResponse.Registered registered) {
                return new AliasOutcome.Registered(registered.updated());
            }
            return new AliasOutcome.Refused(((AliasResponse.Refused) response).reason());
        } catch (DecodeException e) {
            return new AliasOutcome.IncompatibleVersion(String.valueOf(e.getMessage()));
        }
    }
}
