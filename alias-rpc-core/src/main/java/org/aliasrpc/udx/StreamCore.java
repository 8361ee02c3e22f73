package org.aliasrpc.udx;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.jspecify.annotations.Nullable;

/**
 * One stream: brings sending and receiving side together, in the order of steps of udx.md §6, and closes.
 */
final class StreamCore extends TimerHeap.Entry {
    /** Sources accepted besides the remote address. */
    static final int MAX_EXPECTED = 16;

    /** Acknowledgements due at once that are not merged; more in one turn are. */
    static final int MAX_ACKS = 64;

    /** Messages that wait to be sent. */
    static final int MAX_MESSAGES = 256;

    /** How far ahead of the next expected packet a DESTROY is believed (udx.md §23). */
    static final int MAX_DESTROY_AHEAD = 1 << 16;

    /** Heartbeats are not answered more often (udx.md §15.4). */
    private static final long HEARTBEAT_INTERVAL = 1_000_000;

    final int localId;
    final UdxStream handle;
    final Sender sender;

    /** Marks of the endpoint: whether the stream waits in one of its queues. */
    boolean ready;

    boolean active;

    private final UdxEndpoint endpoint;
    private final Firewall firewall;
    private final ReceiveBuffer receiver;
    private final StreamEvents events = new StreamEvents();
    private final ArrayDeque<PeerAddress> expected = new ArrayDeque<>(0);
    private final ArrayDeque<ByteBuffer> messages = new ArrayDeque<>(0);
    private final List<StreamCore> relayedBy = new ArrayList<>(0);
    private @Nullable StreamCore relayTarget;
    private @Nullable Path path;
    private boolean closed;
    private boolean waitingForDrain;
    private boolean ackDue;
    private int immediateAcks;
    private int sackFrom;
    private long heartbeatAnswered = Long.MIN_VALUE / 2;

    StreamCore(UdxEndpoint endpoint, int localId, Firewall firewall, int ownSeq, int remoteSeq) {
        this.endpoint = endpoint;
        this.localId = localId;
        this.firewall = firewall;
        this.sender = new Sender(ownSeq, remoteSeq, endpoint.config());
        this.receiver = new ReceiveBuffer(remoteSeq, endpoint.config().receiveWindowBytes(), endpoint.receiveBudget());
        this.handle = new UdxStream(this);
    }

    @Nullable
    Path path() {
        return path;
    }

    boolean isClosed() {
        return closed;
    }

    @Nullable
    StreamCore relayTarget() {
        return relayTarget;
    }

    // Input of the endpoint.

    /** Whether a packet that came this way may be looked at (udx.md §17, §23). */
    boolean accepts(SocketId socket, PeerAddress from) {
        if (expected.contains(from)) {
            return true;
        }
        if (path != null
                && path.socket().equals(socket)
                && (!endpoint.config().checkSource() || path.address().equals(from))) {
            return true;
        }
        Firewall.Decision decision = firewall.decide(handle, socket, from);
        if (decision instanceof Firewall.Decision.Connect connect && path == null && !closed) {
            Path to = new Path(connect.socket(), connect.remoteId(), connect.remote());
            connect(to);
            events.onConnected(to);
            endpoint.activate(this);
        }
        return !closed && !(decision instanceof Firewall.Decision.Refuse);
    }

    /** Takes a packet that was accepted; the steps are those of udx.md §6.2. */
    void onPacket(Packet packet, long nowNanos) {
        endpoint.wake(this);
        if (packet.has(Packet.HEARTBEAT)) {
            if (nowNanos - heartbeatAnswered >= HEARTBEAT_INTERVAL) {
                heartbeatAnswered = nowNanos;
                acknowledgeNow();
            }
            return;
        }
        int distance = packet.seq() - receiver.next();
        boolean sequenced = packet.has(Packet.DATA | Packet.END);
        ReceiveBuffer.Outcome outcome = sequenced ? receiver.offer(packet) : ReceiveBuffer.Outcome.REFUSED;
        if (packet.has(Packet.DESTROY) && distance >= 0 && distance < MAX_DESTROY_AHEAD) {
            close(UdxEvent.CloseReason.RESET);
            return;
        }
        if (packet.has(Packet.MESSAGE)) {
            byte[] bytes = new byte[packet.payloadLength()];
            packet.copyPayload(bytes, 0);
            events.onMessage(bytes);
        }
        if (packet.ack() - sender.nextSeq() <= 0) { // else the payload is good and the rest is not (§6.2 step 4)
            boolean ended = sender.ended();
            sender.onAck(packet, nowNanos);
            // The peer, still sending, learns that we know our END to be acknowledged (step 9).
            ackDue |= sender.ended() && !ended && !receiver.ended();
            acknowledge(outcome);
            afterAck();
        }
        if (events.isPending(receiver, remoteEnded())) {
            endpoint.activate(this);
        }
    }

    private void acknowledge(ReceiveBuffer.Outcome outcome) {
        switch (outcome) {
            case IN_ORDER -> ackDue = true;
            case OUT_OF_ORDER, NOTHING_NEW -> acknowledgeNow();
            case REFUSED -> {
                // nothing to tell
            }
        }
    }

    private void acknowledgeNow() {
        if (path == null) {
            ackDue = true; // one when connected (udx.md §7.5)
        } else if (immediateAcks < MAX_ACKS) {
            immediateAcks++;
        }
    }

    private void afterAck() {
        if (sender.pollChanged()) {
            events.onRemoteChanged();
        }
        if (waitingForDrain && sender.isWritable()) {
            waitingForDrain = false;
            events.onDrained();
        }
        closeIfEnded();
    }

    private boolean remoteEnded() {
        return path != null && receiver.ended();
    }

    private void closeIfEnded() {
        if (!closed && sender.ended() && remoteEnded()) {
            close(UdxEvent.CloseReason.ENDED);
        }
    }

    void onTimeout(long nowNanos) {
        endpoint.wake(this);
        if (!sender.onTimeout(nowNanos)) {
            // A peer that closed at our END is gone if its last acknowledgement was lost (udx.md §16.2).
            boolean clean = remoteEnded() && sender.onlyEndIsOpen();
            close(clean ? UdxEvent.CloseReason.ENDED : UdxEvent.CloseReason.TIMED_OUT);
        }
    }

    long deadline() {
        return closed ? Long.MAX_VALUE : sender.deadline();
    }

    // Output to the endpoint.

    /** The next datagram, or null. */
    @Nullable
    Transmit next(PacketWriter out, long nowNanos) {
        Path to = path;
        if (to == null || closed || relayTarget != null) {
            return null;
        }
        if (immediateAcks > 0) {
            immediateAcks--;
            return acknowledgement(to, out);
        }
        if (ackDue && receiver.hasGaps()) {
            ackDue = false;
            return acknowledgement(to, out);
        }
        if (sender.pollHeartbeat()) {
            return transmit(to, begin(out, Packet.HEARTBEAT, 0, to));
        }
        ByteBuffer message = messages.poll();
        if (message != null) {
            return transmit(to, begin(out, Packet.MESSAGE, 0, to).payload(message));
        }
        SentPacket packet = sender.next(nowNanos);
        if (packet == null) {
            return last(to, out);
        }
        // Data of the same turn acknowledges as well as a packet of its own, for which the other end would be woken
        // twice. The reference sends both, and reads the ack field of any packet (udx.md §7.2, §7.6).
        ackDue &= !packet.path.equals(to);
        out.begin(
                        packet.flags,
                        packet.padding,
                        packet.path.remoteId(),
                        receiver.advertise(),
                        packet.seq,
                        receiver.next())
                .padding(packet.padding);
        packet.payload.writeTo(out);
        return new Transmit(to.socket(), packet.path.address(), out.finish());
    }

    /** What is left to say when no data can leave. */
    private @Nullable Transmit last(Path to, PacketWriter out) {
        if (ackDue) {
            ackDue = false;
            return acknowledgement(to, out);
        }
        return sender.pollHeartbeat() ? transmit(to, begin(out, Packet.HEARTBEAT, 0, to)) : null;
    }

    private Transmit acknowledgement(Path to, PacketWriter out) {
        if (!receiver.hasGaps()) {
            return transmit(to, begin(out, 0, 0, to));
        }
        begin(out, Packet.SACK, 0, to);
        int end = receiver.storedEnd();
        // More gaps than one packet can tell of: the next acknowledgement goes on where this one stops. The reference
        // tells
        // of the lowest ones only, and its peer then repeats all that lies above them.
        boolean goesOn = sackFrom - receiver.next() > 0 && end - sackFrom > 0;
        int from = receiver.nextStored(goesOn ? sackFrom : receiver.next());
        for (int block = 0; block < Packet.MAX_SACK_BLOCKS && from != end; block++) {
            int until = receiver.nextMissing(from);
            out.sack(from, until);
            from = receiver.nextStored(until);
        }
        sackFrom = from == end ? receiver.next() : from; // all told: begin anew
        return transmit(to, out);
    }

    private PacketWriter begin(PacketWriter out, int flags, int dataOffset, Path to) {
        return out.begin(flags, dataOffset, to.remoteId(), receiver.advertise(), sender.nextSeq(), receiver.next());
    }

    private static Transmit transmit(Path to, PacketWriter out) {
        return new Transmit(to.socket(), to.address(), out.finish());
    }

    // Calls of the owner.

    void connect(Path to) {
        path = to;
        sender.connect(to);
        receiver.onConnected();
        endpoint.wake(this);
        if (receiver.ended()) {
            endpoint.activate(this);
        }
    }

    boolean changeRemote(Path to) {
        Path before = path;
        if (before == null || closed || relayTarget != null || !sender.changePath(to)) {
            return false;
        }
        expect(before.address()); // the peer may go on sending from there
        path = to;
        if (sender.pollChanged()) {
            events.onRemoteChanged();
            endpoint.activate(this);
        }
        return true;
    }

    void expect(PeerAddress source) {
        expected.remove(source);
        if (expected.size() >= MAX_EXPECTED) {
            expected.remove();
        }
        expected.add(source);
    }

    boolean write(ByteBuffer bytes) {
        if (closed || relayTarget != null) {
            return false;
        }
        sender.write(bytes);
        endpoint.wake(this);
        return isWritable();
    }

    /**
     * Whoever hears no is told when that changes, also if it is not a write that asks: the mark falls with the window of
     * the peer or of the congestion controller, below what was written when it was higher.
     */
    boolean isWritable() {
        boolean writable = sender.isWritable();
        waitingForDrain |= !writable;
        return writable;
    }

    boolean sendMessage(ByteBuffer bytes) {
        if (closed
                || path == null
                || relayTarget != null
                || bytes.remaining() > sender.mss()
                || messages.size() >= MAX_MESSAGES) {
            return false;
        }
        messages.add(bytes.slice());
        endpoint.wake(this);
        return true;
    }

    void end() {
        if (!closed && relayTarget == null) {
            sender.end();
            endpoint.wake(this);
        }
    }

    void setKeepAlive(long nanos) {
        sender.setKeepAlive(nanos);
        endpoint.wake(this);
    }

    void consumed(int bytes) {
        if (receiver.consumed(bytes) && !closed) {
            ackDue = true;
            endpoint.wake(this);
        }
    }

    void relayTo(StreamCore target) {
        if (closed || target.closed) {
            return;
        }
        if (relayTarget != null) {
            relayTarget.relayedBy.remove(this);
        }
        relayTarget = target;
        target.relayedBy.add(this);
        sender.clear();
        messages.clear();
        endpoint.wake(this); // its timer is gone
    }

    @Nullable
    UdxEvent pollEvent() {
        return events.poll(receiver, remoteEnded());
    }

    /** Whether packets of the stream's end were seen; for tests of what is kept. */
    ReceiveBuffer receiver() {
        return receiver;
    }

    /** Closes at once. Nothing is sent later, so what has to be said is said here. */
    void close(UdxEvent.CloseReason reason) {
        if (closed) {
            return;
        }
        PacketWriter out = endpoint.writer();
        Path to = path;
        if (to != null && relayTarget == null) {
            if (reason == UdxEvent.CloseReason.ENDED) {
                if (ackDue || immediateAcks > 0) {
                    endpoint.post(acknowledgement(to, out));
                }
                endpoint.bury(this, to, false);
            } else if (reason == UdxEvent.CloseReason.DESTROYED) {
                endpoint.post(transmit(to, begin(out, Packet.DESTROY, 0, to)));
                endpoint.bury(this, to, true);
            }
        }
        closed = true;
        sender.clear();
        receiver.clear();
        messages.clear();
        if (relayTarget != null) {
            relayTarget.relayedBy.remove(this);
        }
        events.onClosed(reason);
        endpoint.forget(this);
        for (StreamCore source : List.copyOf(relayedBy)) {
            source.close(UdxEvent.CloseReason.DESTROYED); // silently: a relay tells nobody (udx.md §19.6)
        }
    }
}
