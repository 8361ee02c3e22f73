package org.aliasrpc.udx;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.random.RandomGenerator;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one node, over any number of sockets.
 *
 * <p>A turn of its owner: hand in every datagram that is there with {@link #onDatagram}, or {@link #onTimeout}; then
 * {@link #pollActive} until null, taking all events of each stream; then {@link #pollTransmit} until null; then arm the
 * timer for {@link #nextTimeout}. Acknowledgements of one turn are merged, so transmits should be polled once all
 * waiting datagrams are in, and at most 1 ms later. Calls on a stream (write, end, connect, …) only queue: they too are
 * followed by {@link #pollTransmit} and {@link #nextTimeout}. Confined to one thread.
 */
public final class UdxEndpoint {
    /** Datagrams one stream sends in a row before the next has its turn. */
    private static final int MAX_BURST = 64;

    /** Last words of closed streams and relayed packets that wait for {@link #pollTransmit}; more are dropped. */
    static final int MAX_OUTBOX = 4096;

    private final UdxConfig config;
    private final RandomGenerator random;
    private final ReceiveBudget budget;
    private final StreamTable streams = new StreamTable();
    private final TimerHeap timers = new TimerHeap();
    private final Tombstones tombstones = new Tombstones();
    private final ArrayDeque<StreamCore> ready = new ArrayDeque<>();
    private final ArrayDeque<StreamCore> active = new ArrayDeque<>();
    private final ArrayDeque<Transmit> outbox = new ArrayDeque<>();
    private final PacketWriter writer = new PacketWriter();
    private final Packet packet = new Packet();
    private int burst;
    private long now;

    /**
     * @param config settings
     * @param random source of stream ids; use a secure one, ids are all that keeps strangers out (udx.md §23)
     */
    public UdxEndpoint(UdxConfig config, RandomGenerator random) {
        this.config = config;
        this.random = random;
        this.budget = new ReceiveBudget(config.receiveBudgetBytes());
    }

    /** Whether the datagram starts as UDX packets do, so that other layers ignore it (udx.md §3.3). */
    public static boolean looksLikeUdx(ByteBuffer datagram) {
        return Packet.isUdx(datagram);
    }

    /**
     * Creates a stream that can receive, with a random id no other stream has.
     *
     * @param firewall asked for packets that come by an unknown way
     * @throws IllegalStateException if there are {@link UdxConfig#maxStreams} already
     */
    public UdxStream createStream(Firewall firewall) {
        int id;
        do {
            id = random.nextInt();
        } while (isInUse(id));
        return createStream(id, firewall);
    }

    /**
     * Creates a stream with a chosen id, for tests and fixed protocols.
     *
     * @param localId 32 bit unsigned in an int
     * @throws IllegalArgumentException if the id is in use, or was a few seconds ago
     * @throws IllegalStateException if there are {@link UdxConfig#maxStreams} already
     */
    public UdxStream createStream(int localId, Firewall firewall) {
        return createStream(localId, firewall, 0, 0);
    }

    /** As {@link #createStream(int, Firewall)}, with other first sequence numbers of both sides (udx.md §4.2). */
    UdxStream createStream(int localId, Firewall firewall, int ownSeq, int remoteSeq) {
        if (streams.size() >= config.maxStreams()) {
            throw new IllegalStateException("there are " + streams.size() + " streams already");
        }
        if (isInUse(localId)) {
            throw new IllegalArgumentException("stream id " + Integer.toUnsignedString(localId) + " is in use");
        }
        StreamCore core = new StreamCore(this, localId, firewall, ownSeq, remoteSeq);
        streams.add(core);
        return core.handle;
    }

    private boolean isInUse(int id) {
        return streams.get(id) != null || tombstones.contains(id, now);
    }

    /**
     * Takes a received datagram.
     *
     * @param socket on which it came
     * @param from its source
     * @param datagram from position to limit; not kept and not changed, its position stays
     * @return false if it is not for a stream of this endpoint: another protocol's, or a stray UDX packet
     */
    public boolean onDatagram(SocketId socket, PeerAddress from, ByteBuffer datagram, long nowNanos) {
        if (!Packet.isUdx(datagram)) {
            return false;
        }
        now = nowNanos;
        StreamCore stream = streams.get(Packet.streamId(datagram));
        if (stream == null) {
            return onStray(socket, from, datagram);
        }
        if (from.port() == 0 || !stream.accepts(socket, from)) {
            return true;
        }
        StreamCore target = stream.relayTarget();
        if (target != null) {
            relay(stream, target, datagram);
            return true;
        }
        try {
            packet.wrap(datagram);
        } catch (DecodeException e) {
            return true; // dropped without an answer (udx.md §2.3)
        }
        stream.onPacket(packet, nowNanos);
        return true;
    }

    private boolean onStray(SocketId socket, PeerAddress from, ByteBuffer datagram) {
        if (!tombstones.accepts(Packet.streamId(datagram), socket, from, now)) {
            return false;
        }
        try {
            packet.wrap(datagram);
        } catch (DecodeException e) {
            return true;
        }
        Transmit answer = tombstones.answer(packet, writer, now);
        if (answer != null) {
            post(answer);
        }
        return true;
    }

    /** Forwards a packet unseen but for the stream id (udx.md §19). */
    private void relay(StreamCore stream, StreamCore target, ByteBuffer datagram) {
        Path to = target.path();
        if (to == null) {
            return;
        }
        post(new Transmit(to.socket(), to.address(), PacketWriter.copyWithStreamId(datagram, to.remoteId())));
        if ((datagram.get(datagram.position() + 2) & Packet.DESTROY) != 0) {
            stream.close(UdxEvent.CloseReason.RESET);
        }
    }

    /**
     * The next datagram to send, or null when all that may be sent now has been polled. Datagrams of one stream come
     * in runs of equal length.
     */
    public @Nullable Transmit pollTransmit(long nowNanos) {
        now = nowNanos;
        Transmit transmit = outbox.poll();
        if (transmit != null) {
            return transmit;
        }
        StreamCore stream;
        while ((stream = ready.peek()) != null) {
            transmit = stream.next(writer, nowNanos);
            if (transmit != null) {
                burst++;
                if (burst >= MAX_BURST) {
                    burst = 0;
                    ready.add(ready.remove());
                }
                return transmit;
            }
            burst = 0;
            ready.remove();
            stream.ready = false;
            timers.set(stream, stream.deadline());
        }
        return null;
    }

    /**
     * The next stream with events, or null. The caller takes all of them with {@link UdxStream#pollEvent}: the stream is
     * not named again before something new happens to it.
     */
    public @Nullable UdxStream pollActive() {
        StreamCore stream = active.poll();
        if (stream == null) {
            return null;
        }
        stream.active = false;
        return stream.handle;
    }

    /**
     * When {@link #onTimeout} has to be called next; {@link Long#MAX_VALUE} if nothing waits. To be asked after
     * {@link #pollTransmit} answered null.
     */
    public long nextTimeout() {
        return timers.earliest();
    }

    /** Does what is due. */
    public void onTimeout(long nowNanos) {
        now = nowNanos;
        while (timers.pollDue(nowNanos) instanceof StreamCore stream) {
            stream.onTimeout(nowNanos);
        }
    }

    /** What the streams hold, and the layers above of theirs. */
    public ReceiveBudget receiveBudget() {
        return budget;
    }

    /** Streams that are not closed. */
    public int streamCount() {
        return streams.size();
    }

    /** A live stream by its id, or null. */
    @Nullable
    StreamCore stream(int localId) {
        return streams.get(localId);
    }

    /** Closed streams remembered to answer their peers. */
    int tombstoneCount() {
        return tombstones.size();
    }

    // What streams ask for.

    UdxConfig config() {
        return config;
    }

    PacketWriter writer() {
        return writer;
    }

    /** A stream may have something to send, or another deadline. */
    void wake(StreamCore stream) {
        if (!stream.ready) {
            stream.ready = true;
            ready.add(stream);
        }
    }

    /** A stream has events. */
    void activate(StreamCore stream) {
        if (!stream.active) {
            stream.active = true;
            active.add(stream);
        }
    }

    /** Sends a datagram that outlives its stream. */
    void post(Transmit transmit) {
        if (outbox.size() < MAX_OUTBOX) {
            outbox.add(transmit);
        }
    }

    /** Remembers a closing stream, to answer a peer that missed its last packet. */
    void bury(StreamCore stream, Path path, boolean destroyed) {
        ReceiveBuffer receiver = stream.receiver();
        tombstones.add(
                stream.localId, path, stream.sender.nextSeq(), receiver.next(), receiver.window(), destroyed, now);
    }

    /** Lets go of a closed stream; its events can still be polled. */
    void forget(StreamCore stream) {
        streams.remove(stream.localId);
        timers.set(stream, Long.MAX_VALUE);
        activate(stream);
    }
}
