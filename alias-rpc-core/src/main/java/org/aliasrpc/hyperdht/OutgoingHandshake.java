package org.aliasrpc.hyperdht;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.dht.NodeId;
import org.aliasrpc.dht.Reply;
import org.aliasrpc.dht.RequestFailure;
import org.aliasrpc.dht.RequestOptions;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.noise.HandshakePattern;
import org.aliasrpc.noise.HandshakeResult;
import org.aliasrpc.noise.HandshakeState;
import org.jspecify.annotations.Nullable;

/**
 * The handshake at the client: one message 1, sent to as many nodes as it takes, and the first good message 2.
 *
 * <p>A node that forges message 2 spoils the handshake's state; then there is a new message 1 for the nodes tried after
 * that, and what still comes for the old one is ignored. The reference gives up there.
 *
 * <p>Source: docs/protocol/hyperdht.md §7.2.
 */
final class OutgoingHandshake implements RpcOwner, HandshakeTask.Owner {
    private record Attempt(PeerAddress node, int generation) {}

    /** A reply whose message 2 is being read. */
    private record Answer(PeerAddress node, Path.Facts facts, boolean relayed, SocketId socket) {}

    /** What a finished handshake leaves. */
    record Result(
            HandshakeResult keys,
            NoisePayload remote,
            Path.Facts facts,
            boolean relayed,
            SocketId socket,
            Firewall told) {}

    private final NodeCore core;
    private final Connector connector;
    private final KeyPair keyPair;
    private final PublicKey server;
    private final NodeId target;
    private final long session;

    private final Map<Long, Attempt> attempts = new HashMap<>();
    private final List<PeerAddress> queued = new ArrayList<>();
    private int generation;
    private boolean writing;
    private boolean over;
    private Firewall told = Firewall.UNKNOWN;
    private @Nullable HandshakeState noise;
    private @Nullable Bytes message;
    private @Nullable Answer reading;

    OutgoingHandshake(NodeCore core, Connector connector, KeyPair keyPair, PublicKey server, long session) {
        this.core = core;
        this.connector = connector;
        this.keyPair = keyPair;
        this.server = server;
        this.target = new NodeId(server.target());
        this.session = session;
    }

    /** Tries the handshake by a node; ends with {@link Connector#onAttemptFailed}, or with a result. */
    void attempt(PeerAddress node) {
        if (message != null) {
            send(node, message);
            return;
        }
        queued.add(node);
        if (!writing) {
            writing = true;
            told = core.firewall();
            Bytes payload = NoisePayloadCodec.INSTANCE.encode(connector.ownPayload(told));
            core.compute(this, () -> {
                HandshakeState state = HandshakeState.initiator(
                        HandshakePattern.IK, Namespaces.PEER_HANDSHAKE, keyPair, server, core.random);
                return new HandshakeTask.Outcome(state, state.writeMessage(payload), null);
            });
        }
    }

    /** Nothing more is sent or reported. */
    void close() {
        over = true;
        queued.clear();
        attempts.clear();
        if (noise != null) {
            noise.close();
            noise = null;
        }
    }

    @Override
    public void onHandshakeStep(HandshakeTask task, long nowNanos) {
        HandshakeTask.Outcome outcome = task.outcome();
        if (over) {
            if (outcome != null) {
                outcome.discard();
            }
        } else if (reading != null) {
            onMessageRead(reading, outcome);
        } else if (outcome == null) {
            connector.fail(ConnectFailure.INVALID_KEY); // nothing else can fail in message 1
        } else {
            writing = false;
            noise = outcome.state();
            message = outcome.bytes();
            List<PeerAddress> nodes = List.copyOf(queued);
            queued.clear();
            nodes.forEach(node -> send(node, outcome.bytes()));
        }
    }

    private void send(PeerAddress node, Bytes noiseMessage) {
        Bytes value = HandshakeMessage.CODEC.encode(HandshakeMessage.of(Mode.FROM_CLIENT, noiseMessage));
        RequestOptions options = RequestOptions.DEFAULT.withSession(session);
        long handle = core.request(this, node, Command.PEER_HANDSHAKE, target, value, null, options);
        attempts.put(handle, new Attempt(node, generation));
    }

    @Override
    public void onFailed(long request, RequestFailure failure, long nowNanos) {
        Attempt attempt = attempts.remove(request);
        if (attempt != null) {
            connector.onAttemptFailed(attempt.node);
        }
    }

    @Override
    public void onReply(long request, Reply reply, long nowNanos) {
        Attempt attempt = attempts.remove(request);
        if (attempt == null) {
            return;
        }
        HandshakeMessage answer = decode(reply);
        HandshakeState state = noise;
        if (answer == null
                || state == null
                || reading != null
                || attempt.generation != generation
                || answer.mode() != Mode.REPLY
                || !reply.from().address().equals(attempt.node)) {
            connector.onAttemptFailed(attempt.node);
            return;
        }
        PeerAddress serverAddress = answer.peerAddress() != null ? answer.peerAddress() : attempt.node;
        Path.Facts facts = new Path.Facts(attempt.node, serverAddress, reply.to());
        reading = new Answer(attempt.node, facts, answer.peerAddress() != null, reply.socket());
        noise = null; // belongs to the task now
        Bytes received = answer.noise();
        core.compute(this, () -> {
            Bytes payload = state.readMessage(received);
            return new HandshakeTask.Outcome(state, payload, state.split());
        });
    }

    private void onMessageRead(Answer answer, HandshakeTask.@Nullable Outcome outcome) {
        reading = null;
        NoisePayload remote = outcome == null ? null : payload(outcome.bytes());
        if (outcome == null || outcome.keys() == null || remote == null) {
            generation++;
            message = null;
            if (outcome != null) {
                outcome.discard();
            }
            connector.onAttemptFailed(answer.node);
            return;
        }
        ConnectFailure failure = null;
        if (remote.version() != NoisePayload.VERSION) {
            failure = ConnectFailure.SERVER_INCOMPATIBLE;
        } else if (remote.error() != PayloadError.NONE || remote.udx() == null) {
            failure = ConnectFailure.SERVER_ERROR;
        }
        if (failure != null) {
            outcome.discard();
            connector.fail(failure);
        } else {
            connector.onHandshake(
                    new Result(outcome.keys(), remote, answer.facts, answer.relayed, answer.socket, told));
        }
    }

    private static @Nullable HandshakeMessage decode(Reply reply) {
        try {
            return reply.value() == null || !reply.isSuccess() ? null : HandshakeMessage.CODEC.decode(reply.value());
        } catch (DecodeException e) {
            return null;
        }
    }

    private static @Nullable NoisePayload payload(Bytes encoded) {
        try {
            return NoisePayloadCodec.INSTANCE.decode(encoded);
        } catch (DecodeException e) {
            return null;
        }
    }
}
