package org.aliasrpc;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.aliasrpc.alias.AliasClient;
import org.aliasrpc.alias.AliasClientOptions;
import org.aliasrpc.alias.AliasOutcome;
import org.aliasrpc.alias.Registration;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.io.NodeLoop;
import org.aliasrpc.io.SerialQueue;
import org.jspecify.annotations.Nullable;

/** An alias client on the loop of its node. */
final class LiveAliasRpcClient implements AliasRpcClient, LoopMember, PoolConnections.Owner {
    /** Events that may wait for a slow listener: about four of each call. */
    private static final int MAX_WAITING_EVENTS = 8192;

    private final LiveHyperDht dht;
    private final NodeLoop loop;
    private final KeyPair keyPair;
    private final PublicKey serverPublicKey;
    private final Duration timeout;
    private final SecretBytes secret;
    private final AliasClientEvent.@Nullable Listener listener;
    private final SerialQueue queue;
    private final AtomicBoolean closed = new AtomicBoolean();

    // Confined to the loop.
    private final AliasClient machine;
    private final Map<Long, Call> calls = new HashMap<>();
    private final PoolConnections connections;
    private @Nullable Call latest;
    private boolean ended;

    LiveAliasRpcClient(Builder builder, LiveHyperDht dht) {
        this.dht = dht;
        this.loop = dht.loop();
        this.keyPair = builder.ownKeyPair();
        this.serverPublicKey = builder.serverPublicKey();
        this.timeout = builder.timeout();
        this.secret = builder.ownSecret();
        this.listener = builder.listener();
        this.queue = new SerialQueue(dht.listenerCallbacks(), MAX_WAITING_EVENTS);
        AliasClientOptions options = switch (builder.lifeCycle()) {
            case POOLED -> AliasClientOptions.POOLED;
            case PER_CALL -> AliasClientOptions.PER_CALL;
        };
        this.machine = new AliasClient(serverPublicKey, secret, options, loop.random());
        this.connections = new PoolConnections(machine.connections(), this);
        loop.tryExecute(() -> dht.add(this));
    }

    /** A registration under way. */
    private static final class Call {
        final AliasRegistration registration;
        final Outcome<Boolean> outcome;
        final Duration timeout;

        @Nullable
        UUID uid;

        Call(AliasRegistration registration, Outcome<Boolean> outcome, Duration timeout) {
            this.registration = registration;
            this.outcome = outcome;
            this.timeout = timeout;
        }
    }

    // ---- on the loop

    private void beginOrFail(Call call) {
        try {
            begin(call);
        } catch (RuntimeException | Error e) {
            call.outcome.fail(Failures.unexpected(e));
            throw e;
        }
    }

    private void begin(Call call) {
        if (ended) {
            call.outcome.fail(closedFailure());
            return;
        }
        long now = loop.nowNanos();
        AliasRegistration registration = call.registration;
        latest = call;
        long id = machine.register(
                new Registration(
                        registration.alias(),
                        registration.targetPublicKey(),
                        registration.hostname(),
                        registration.service()),
                now + Nanos.of(call.timeout),
                now);
        calls.put(id, call);
        connections.service(now);
    }

    @Override
    public boolean handleEvent(long nowNanos) {
        var event = machine.pollEvent();
        if (event instanceof org.aliasrpc.alias.AliasClientEvent.ConnectRequested request) {
            connections.add(request.connectionId(), dht.connectOnLoop(request.server(), keyPair), nowNanos);
        } else if (event instanceof org.aliasrpc.alias.AliasClientEvent.DisconnectRequested request) {
            connections.disconnect(request.connectionId());
        } else if (event instanceof org.aliasrpc.alias.AliasClientEvent.Attempt attempt) {
            if (latest != null) {
                latest.uid = attempt.uid();
                tell(new AliasClientEvent.AliasAttempt(attempt.uid(), latest.registration));
                latest = null;
            }
        } else if (event instanceof org.aliasrpc.alias.AliasClientEvent.ConnectionError error) {
            tell(new AliasClientEvent.ConnectionError(
                    error.uid(),
                    error.alias(),
                    error.targetKey(),
                    new AliasRpcException.ConnectionFailed(error.error())));
        } else if (event instanceof org.aliasrpc.alias.AliasClientEvent.Finished finished) {
            finish(finished.callId(), finished.outcome());
        }
        return event != null;
    }

    private void finish(long id, AliasOutcome outcome) {
        Call call = calls.remove(id);
        if (call == null || call.uid == null) {
            return;
        }
        if (outcome instanceof AliasOutcome.Registered registered) {
            tell(new AliasClientEvent.AliasRegistered(call.uid, call.registration, registered.updated()));
            call.outcome.complete(registered.updated());
        } else {
            AliasRpcException failure = Failures.of(outcome, serverPublicKey, call.timeout);
            tell(new AliasClientEvent.AliasFailed(call.uid, call.registration, failure));
            call.outcome.fail(failure);
        }
    }

    /** On the loop, for tests. */
    PoolConnections connections() {
        return connections;
    }

    @Override
    public void onLost() {
        AliasClientEvent.Listener to = listener;
        if (to != null) {
            queue.offer(to::onConnectionLost);
        }
    }

    private void tell(AliasClientEvent event) {
        AliasClientEvent.Listener to = listener;
        if (to != null) {
            queue.offer(() -> to.onEvent(event));
        }
    }

    @Override
    public long nextTimeout() {
        return connections.nextTimeout();
    }

    @Override
    public void onTimeout(long nowNanos) {
        connections.onTimeout(nowNanos);
    }

    @Override
    public void onNodeClosing(long nowNanos) {
        closed.set(true);
        end();
    }

    private void end() {
        if (!ended) {
            ended = true;
            connections.close(loop.nowNanos());
            dht.remove(this);
            secret.close();
        }
    }

    private static AliasRpcException closedFailure() {
        return new AliasRpcException.Closed("the client is closed");
    }

    // ---- from any thread

    @Override
    public PublicKey serverPublicKey() {
        return serverPublicKey;
    }

    @Override
    public Duration timeout() {
        return timeout;
    }

    @Override
    public CompletionStage<Boolean> registerAliasAsync(AliasRegistration registration, Duration limit) {
        return start(registration, limit).async();
    }

    @Override
    public boolean registerAlias(AliasRegistration registration) throws InterruptedException {
        Blocking.requireOffLoop();
        return start(registration, timeout).await();
    }

    private Outcome<Boolean> start(AliasRegistration registration, Duration limit) {
        Objects.requireNonNull(registration, "registration");
        Checked.positiveTimeout(limit);
        Call call = new Call(registration, new Outcome<>(dht.callbacks()), limit);
        if (closed.get() || !loop.tryExecute(() -> beginOrFail(call))) {
            call.outcome.fail(closedFailure());
        }
        return call.outcome;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true) && !loop.tryExecute(this::end)) {
            secret.close();
        }
    }
}
