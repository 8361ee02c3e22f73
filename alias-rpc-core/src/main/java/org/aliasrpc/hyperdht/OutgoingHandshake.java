package org.aliasrpc.hyperdht;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
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
import org.aliasrpc.noise.NoiseException;
import org.jspecify.annotations.Nullable;

/**
 * The handshake at the client: one message 1, sent to as many nodes as it takes, and the first good message 2.
 *
 * <p>A node that forges message 2 spoils the state that reads it. The state is made again then, from the same ephemeral
 * key, so that the server's own answer is still understood. The reference gives up there.
 *
 * <p>Source: docs/protocol/hyperdht.md §7.2.
 */
final class OutgoingHandshake implements RpcOwner, HandshakeTask.Owner {
    /** A reply, whose message 2 is to be read. */
    private record Answer(PeerAddress node, Bytes noise, Path.Facts facts, boolean relayed, SocketId socket) {}

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

    private final Map<Long, PeerAddress> attempts = new HashMap<>();
    private final List<PeerAddress> queued = new ArrayList<>();
    private final Queue<Answer> answers = new ArrayDeque<>();
    private final SecretBytes ephemeral;
    private Firewall told = Firewall.UNKNOWN;
    private Bytes payload = Bytes.EMPTY;
    private boolean writing;
    private boolean over;
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
        this.ephemeral = SecretBytes.random(core.random, KeyPair.SEED_LENGTH);
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
            payload = NoisePayloadCodec.INSTANCE.encode(connector.ownPayload(told));
            core.compute(this, this::writeMessage1);
        }
    }

    /** Gives the same message and the same state each time. Uses nothing that changes: it may run at a worker. */
    private HandshakeTask.Outcome writeMessage1() throws NoiseException {
        HandshakeState state = HandshakeState.initiator(
                HandshakePattern.IK, Namespaces.PEER_HANDSHAKE, keyPair, server, new Ephemeral(ephemeral));
        return new HandshakeTask.Outcome(state, state.writeMessage(payload), null);
    }

    /** Nothing more is sent or reported. */
    void close() {
        over = true;
        queued.clear();
        attempts.clear();
        answers.clear();
        if (noise != null) {
            noise.close();
            noise = null;
        }
        if (reading == null && !writing) {
            ephemeral.close(); // else the task that runs does it
        }
    }

    @Override
    public void onHandshakeStep(HandshakeTask task, long nowNanos) {
        HandshakeTask.Outcome outcome = task.outcome();
        if (over) {
            ephemeral.close();
            if (outcome != null) {
                outcome.discard();
            }
        } else if (reading != null) {
            onMessageRead(reading, outcome);
        } else if (outcome == null) {
            writing = false;
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
        attempts.put(core.request(this, node, Command.PEER_HANDSHAKE, target, value, null, options), node);
    }

    @Override
    public void onFailed(long request, RequestFailure failure, long nowNanos) {
        PeerAddress node = attempts.remove(request);
        if (node != null) {
            connector.onAttemptFailed(node);
        }
    }

    @Override
    public void onReply(long request, Reply reply, long nowNanos) {
        PeerAddress node = attempts.remove(request);
        if (node == null) {
            return;
        }
        HandshakeMessage answer = decode(reply);
        if (answer == null
                || answer.mode() != Mode.REPLY
                || !reply.from().address().equals(node)) {
            connector.onAttemptFailed(node);
            return;
        }
        boolean relayed = answer.peerAddress() != null;
        PeerAddress serverAddress = answer.peerAddress() != null ? answer.peerAddress() : node;
        Path.Facts facts = new Path.Facts(node, serverAddress, reply.to());
        answers.add(new Answer(node, answer.noise(), facts, relayed, reply.socket()));
        readNext();
    }

    /** One after the other: a second good answer is the same as the first, and a bad one shall not hide it. */
    private void readNext() {
        if (reading != null || over) {
            return;
        }
        Answer next = answers.poll();
        if (next == null) {
            return;
        }
        reading = next;
        HandshakeState state = noise;
        noise = null; // belongs to the task now
        core.compute(this, () -> {
            HandshakeState reader = state != null ? state : writeMessage1().state();
            Bytes read = reader.readMessage(next.noise);
            return new HandshakeTask.Outcome(reader, read, reader.split());
        });
    }

    private void onMessageRead(Answer answer, HandshakeTask.@Nullable Outcome outcome) {
        reading = null;
        NoisePayload remote = outcome == null ? null : payload(outcome.bytes());
        if (outcome == null || outcome.keys() == null || remote == null) {
            if (outcome != null) {
                outcome.discard();
            }
            connector.onAttemptFailed(answer.node);
            readNext();
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

    /** Gives out one seed as if by chance: a handshake draws nothing but its ephemeral key. */
    private record Ephemeral(SecretBytes seed) implements RandomGenerator {
        @Override
        public void nextBytes(byte[] bytes) {
            seed.copyTo(bytes, 0);
        }

        @Override
        public long nextLong() {
            throw new IllegalStateException("not a source of chance");
        }
    }
}
