package org.aliasrpc.alias;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.rpc.CallConnections;
import org.aliasrpc.rpc.ConnectFailure;
import org.jspecify.annotations.Nullable;

/**
 * A client, a server, perfect connections between them and a clock that tests turn: what io does in production, without
 * the network. Everything that is told is kept.
 */
final class AliasNetwork {
    static final PublicKey SERVER = new PublicKey(Bytes.fromHex("11".repeat(32)));
    static final PublicKey CLIENT = new PublicKey(Bytes.fromHex("22".repeat(32)));
    static final PublicKey TARGET = new PublicKey(Bytes.fromHex("aa".repeat(32)));
    static final SecretBytes SECRET =
            SecretBytes.copyOf(Bytes.fromHex("55".repeat(32)).toByteArray());
    private static final PeerAddress ADDRESS = PeerAddress.of("127.0.0.1", 40000);
    private static final Bytes HANDSHAKE_HASH = Bytes.fromHex("07".repeat(64));

    /** Answers puts; the session and the request's id are given, since an answer may come later. */
    BiConsumer<AliasServerSession, AliasServerEvent.PutRequested> registrar =
            (session, put) -> session.onPutResult(put.requestId(), true);

    /** Failures of the next attempts to connect, in order; then attempts succeed. */
    final Queue<ConnectFailure> connectFailures = new ArrayDeque<>();

    /** Whether attempts to connect are left without an answer. */
    boolean connectHangs;

    /** Whether the server's frames get lost, so that it seems never to open the channel. */
    boolean serverIsSilent;

    AliasServerLimits limits = AliasServerLimits.DEFAULT;
    SecretCheck secretCheck = SecretCheck.anyOf(List.of(SECRET));

    final AliasClient client;
    final CallConnections connections;
    final List<AliasClientEvent> clientEvents = new ArrayList<>();
    final List<AliasServerEvent> serverEvents = new ArrayList<>();
    final List<Bytes> fromClient = new ArrayList<>();
    final List<Bytes> fromServer = new ArrayList<>();
    final Map<Long, AliasServerSession> sessions = new LinkedHashMap<>();
    final Map<Long, AliasOutcome> outcomes = new HashMap<>();
    final List<Long> connectRequests = new ArrayList<>();
    long nowNanos;

    private final RandomGenerator random;

    AliasNetwork(AliasClientOptions options, RandomGenerator random) {
        this(new AliasClient(SERVER, SECRET, options, random), random);
    }

    AliasNetwork(AliasClient client, RandomGenerator random) {
        this.client = client;
        this.connections = client.connections();
        this.random = random;
    }

    static Registration registration(String alias) {
        return new Registration(alias, TARGET, "my-host", "my-service");
    }

    /** Registers and runs what can run without time passing. */
    long register(Registration registration, long timeoutNanos) {
        long call = client.register(registration, nowNanos + timeoutNanos, nowNanos);
        run();
        return call;
    }

    /** How a call ended; fails if it has not. */
    AliasOutcome outcome(long call) {
        AliasOutcome outcome = outcomes.get(call);
        if (outcome == null) {
            throw new AssertionError("call " + call + " goes on");
        }
        return outcome;
    }

    /** Lets time pass, with every timer on the way. */
    void advance(long nanos) {
        long end = nowNanos + nanos;
        while (connections.nextTimeout() <= end) {
            nowNanos = Math.max(nowNanos, connections.nextTimeout());
            connections.onTimeout(nowNanos);
            run();
        }
        nowNanos = end;
    }

    /** The server's process goes away, or its end of a connection breaks. */
    void breakConnection(long connectionId, @Nullable String errorAtServer, @Nullable String errorAtClient) {
        AliasServerSession session = sessions.remove(connectionId);
        if (session != null) {
            session.onConnectionClosed(errorAtServer);
            pollServer(session);
        }
        connections.onConnectionClosed(connectionId, errorAtClient, nowNanos);
        run();
    }

    /** Carries events and frames until nothing is left to do. */
    void run() {
        boolean progress = true;
        while (progress) {
            progress = pollClient();
            for (long id = connections.pollSendable(); id != CallConnections.NONE; id = connections.pollSendable()) {
                AliasServerSession session = sessions.get(id);
                for (ByteBuffer f = connections.pollFrame(id); f != null; f = connections.pollFrame(id)) {
                    fromClient.add(Bytes.copyOf(f));
                    if (session != null) {
                        session.onFrame(f, nowNanos);
                    }
                }
                progress = true;
            }
            for (Map.Entry<Long, AliasServerSession> entry : List.copyOf(sessions.entrySet())) {
                progress |= pollServer(entry.getValue());
                progress |= deliver(entry.getKey(), entry.getValue());
            }
        }
    }

    private boolean deliver(long connectionId, AliasServerSession session) {
        boolean progress = false;
        for (ByteBuffer frame = session.pollFrame(); frame != null; frame = session.pollFrame()) {
            fromServer.add(Bytes.copyOf(frame));
            if (!serverIsSilent) {
                connections.onFrame(connectionId, frame, nowNanos);
            }
            progress = true;
        }
        return progress;
    }

    private boolean pollClient() {
        boolean progress = false;
        for (AliasClientEvent event = client.pollEvent(); event != null; event = client.pollEvent()) {
            clientEvents.add(event);
            if (event instanceof AliasClientEvent.ConnectRequested request) {
                connectRequests.add(request.connectionId());
                connect(request.connectionId());
            } else if (event instanceof AliasClientEvent.DisconnectRequested request) {
                AliasServerSession session = sessions.remove(request.connectionId());
                if (session != null) {
                    session.onConnectionClosed(null);
                    pollServer(session);
                }
            } else if (event instanceof AliasClientEvent.Finished finished) {
                outcomes.put(finished.callId(), finished.outcome());
            }
            progress = true;
        }
        return progress;
    }

    boolean pollServer(AliasServerSession session) {
        boolean progress = false;
        for (AliasServerEvent event = session.pollEvent(); event != null; event = session.pollEvent()) {
            serverEvents.add(event);
            if (event instanceof AliasServerEvent.PutRequested put) {
                registrar.accept(session, put);
            }
            progress = true;
        }
        return progress;
    }

    private void connect(long connectionId) {
        if (connectHangs) {
            return;
        }
        ConnectFailure failure = connectFailures.poll();
        if (failure != null) {
            connections.onConnectFailed(connectionId, failure, nowNanos);
            return;
        }
        AliasConnection connection = AliasConnection.accepted(CLIENT, ADDRESS, random);
        sessions.put(connectionId, new AliasServerSession(connection, secretCheck, limits, nowNanos));
        connections.onConnected(connectionId, HANDSHAKE_HASH, nowNanos);
    }
}
