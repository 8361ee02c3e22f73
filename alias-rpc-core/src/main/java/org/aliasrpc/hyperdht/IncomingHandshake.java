package org.aliasrpc.hyperdht;

import java.util.ArrayList;
import java.util.List;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.dht.IncomingRequest;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.noise.HandshakePattern;
import org.aliasrpc.noise.HandshakeResult;
import org.aliasrpc.noise.HandshakeState;
import org.aliasrpc.udx.Firewall.Decision;
import org.aliasrpc.udx.UdxStream;
import org.jspecify.annotations.Nullable;

/**
 * One handshake at the server: from message 1, over the verdict and message 2, to the connection, or to nothing.
 *
 * <p>Source: docs/protocol/hyperdht.md §6.2 to §6.4. Without hole punching, steps 12 and 14 are as 13: the client comes
 * to us.
 */
final class IncomingHandshake implements HandshakeTask.Owner, StreamOwner, Timed {
    /** Copies that wait for the outcome; the first ones came by different nodes, further ones are repetitions. */
    static final int MAX_WAITING = 8;

    private enum State {
        READING,
        ASKING,
        WRITING,
        /** Message 2 exists; the client has until the deadline to connect. */
        ANSWERED,
        /** Connected, refused or failed: only remembered. */
        SETTLED,
        FORGOTTEN
    }

    private record Waiting(IncomingRequest request, HandshakeMessage message) {}

    private final NodeCore core;
    private final Listener listener;
    private final IncomingHandshakes table;
    private final int slot;
    private final Bytes message;
    private final IncomingRequest first;
    private final boolean direct;
    private final PeerAddress clientAddress;
    private final List<Waiting> waiting = new ArrayList<>(2);

    private State state = State.READING;
    private boolean pending = true;
    private long deadline = Long.MAX_VALUE;
    private long verdict;
    private @Nullable HandshakeState noise;
    private @Nullable HandshakeResult keys;
    private @Nullable NoisePayload remote;
    private @Nullable UdxStream stream;
    private @Nullable Bytes answer;

    IncomingHandshake(
            NodeCore core,
            Listener listener,
            IncomingHandshakes table,
            int slot,
            IncomingRequest request,
            HandshakeMessage message) {
        this.core = core;
        this.listener = listener;
        this.table = table;
        this.slot = slot;
        this.message = message.noise();
        this.first = request;
        this.direct = message.peerAddress() == null;
        this.clientAddress = message.peerAddress() == null ? request.from().address() : message.peerAddress();
        waiting.add(new Waiting(request, message));
    }

    int slot() {
        return slot;
    }

    Bytes message() {
        return message;
    }

    void start() {
        KeyPair own = listener.options().keyPair();
        Bytes received = message;
        core.compute(this, () -> {
            HandshakeState fresh =
                    HandshakeState.responder(HandshakePattern.IK, Namespaces.PEER_HANDSHAKE, own, core.random);
            return new HandshakeTask.Outcome(fresh, fresh.readMessage(received), null);
        });
    }

    /** A copy of message 1. */
    void onRequest(IncomingRequest request, HandshakeMessage copy) {
        if (answer != null) {
            Router.answer(core, request, copy, answer);
        } else if (pending && waiting.size() < MAX_WAITING) {
            waiting.add(new Waiting(request, copy));
        }
    }

    @Override
    public void onHandshakeStep(HandshakeTask task, long nowNanos) {
        HandshakeTask.Outcome outcome = task.outcome();
        if (outcome == null) {
            if (state != State.FORGOTTEN) {
                settle();
            }
        } else if (state == State.READING) {
            onMessageRead(outcome);
        } else if (state == State.WRITING) {
            onMessageWritten(outcome);
        } else {
            outcome.discard();
        }
    }

    private void onMessageRead(HandshakeTask.Outcome outcome) {
        noise = outcome.state();
        PublicKey client = noise.remoteStatic();
        try {
            remote = NoisePayloadCodec.INSTANCE.decode(outcome.bytes());
        } catch (DecodeException e) {
            settle();
            return;
        }
        if (client == null) {
            settle();
            return;
        }
        switch (listener.options().filter().decide(client, remote, clientAddress)) {
            case ACCEPT -> accept(noise, remote);
            case REJECT -> settle();
            case ASK -> {
                state = State.ASKING;
                deadline(core.now() + IncomingHandshakes.CLEAR_NANOS);
                verdict = core.askVerdict(this);
                core.events.add(new HyperDhtEvent.VerdictRequested(listener, verdict, client, remote, clientAddress));
            }
        }
    }

    /** The owner's answer to {@link HyperDhtEvent.VerdictRequested}. */
    void onVerdict(boolean accepted) {
        if (state != State.ASKING || noise == null || remote == null) {
            return;
        }
        if (accepted) {
            accept(noise, remote);
        } else {
            settle();
        }
    }

    private void accept(HandshakeState read, NoisePayload payload) {
        noise = read;
        int error = payload.version() != NoisePayload.VERSION
                ? PayloadError.VERSION_MISMATCH
                : payload.udx() == null ? PayloadError.ABORTED : PayloadError.NONE;
        if (error == PayloadError.NONE) {
            if (core.udx.streamCount() >= core.config.udx().maxStreams()) {
                settle();
                return;
            }
            stream = core.udx.createStream(this::onUnknownWay);
            stream.attach(this);
        }
        state = State.WRITING;
        noise = null; // belongs to the task now
        Bytes own = NoisePayloadCodec.INSTANCE.encode(ownPayload(error));
        core.compute(this, () -> {
            Bytes written = read.writeMessage(own);
            return new HandshakeTask.Outcome(read, written, read.split());
        });
    }

    private NoisePayload ownPayload(int error) {
        Announcer announcer = listener.announcer();
        boolean open = core.rpc.remoteAddress() != null;
        long streamId = stream == null ? 0 : Integer.toUnsignedLong(stream.localId());
        return new NoisePayload(
                NoisePayload.VERSION,
                error,
                core.firewall(),
                open ? null : new NoisePayload.Holepunch(slot, announcer.relays()),
                core.sharedAddresses(listener.options().shareLocalAddress()),
                List.of(),
                new NoisePayload.Udx(1, false, streamId, 0),
                1,
                null,
                announcer.relayAddresses().isEmpty() ? null : announcer.relayAddresses());
    }

    private void onMessageWritten(HandshakeTask.Outcome outcome) {
        keys = outcome.keys();
        answer = outcome.bytes();
        UdxStream opened = stream;
        if (opened == null || remote == null || remote.udx() == null) {
            settle(); // an error, of which the client is told
        } else if (remote.firewall() == Firewall.OPEN || direct) {
            // We go to the client, and send first: it may have no way to know when our answer reaches it (§6.4).
            SocketId socket = direct ? first.socket() : core.rpc.activeSocket();
            if (clientAddress.port() == 0) {
                settle();
            } else {
                opened.connect(socket, (int) remote.udx().id(), clientAddress);
                handOver(opened, false);
            }
        } else {
            state = State.ANSWERED;
            deadline(core.now() + IncomingHandshakes.CONNECT_NANOS);
        }
        noLongerPending();
        for (Waiting each : waiting) {
            Router.answer(core, each.request, each.message, outcome.bytes());
        }
        waiting.clear();
    }

    /** UDX asks: a packet for our stream came by a way that it does not know. */
    private Decision onUnknownWay(UdxStream asked, SocketId socket, PeerAddress from) {
        if (asked.isConnected()) {
            // The same peer behind another port, as NATs have it. Foreign hosts have to guess more than the id.
            PeerAddress known = asked.remoteAddress();
            return known != null && known.sameHost(from) ? Decision.ACCEPT : Decision.REFUSE;
        }
        if (state != State.ANSWERED || remote == null || remote.udx() == null || from.port() == 0) {
            return Decision.REFUSE;
        }
        return new Decision.Connect(socket, (int) remote.udx().id(), from);
    }

    /** The stream was connected by {@link #onUnknownWay}, or has closed. */
    @Override
    public void onStreamActive(UdxStream active, long nowNanos) {
        if (active.isClosed()) {
            settle();
        } else if (active.isConnected() && state == State.ANSWERED) {
            handOver(active, true); // it knew the id that only message 2 tells
        }
    }

    private void handOver(UdxStream connected, boolean proven) {
        if (keys == null) {
            return;
        }
        stream = null;
        Connection connection = Connection.accepted(core, connected, keys, proven, core.now());
        keys = null;
        core.events.add(new HyperDhtEvent.ConnectionOpened(listener, connection));
        settle();
    }

    @Override
    public long nextTimeout() {
        return deadline;
    }

    @Override
    public void onTimeout(long nowNanos) {
        if (state == State.SETTLED) {
            drop();
        } else {
            settle(); // the client did not come, or the verdict did not
        }
    }

    /** Nothing more will happen; the outcome is remembered for a while. */
    private void settle() {
        release();
        if (state != State.FORGOTTEN) {
            state = State.SETTLED;
            if (answer == null) {
                waiting.clear();
            }
            deadline(core.now() + IncomingHandshakes.CLEAR_NANOS);
        }
    }

    /** Forgets the handshake at once; a copy of message 1 would begin a new one. */
    void drop() {
        release();
        state = State.FORGOTTEN;
        deadline(Long.MAX_VALUE);
        table.forget(this);
    }

    private void release() {
        noLongerPending();
        core.forgetVerdict(verdict);
        if (noise != null) {
            noise.close();
            noise = null;
        }
        if (stream != null) {
            stream.attach(null);
            stream.destroy();
            stream = null;
        }
        if (keys != null) {
            keys.tx().close();
            keys.rx().close();
            keys = null;
        }
    }

    private void noLongerPending() {
        if (pending) {
            pending = false;
            core.pendingHandshakes--;
        }
    }

    private void deadline(long atNanos) {
        deadline = atNanos;
        core.timers.update(this);
    }
}
