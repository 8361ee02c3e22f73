package org.aliasrpc.udx;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.jspecify.annotations.Nullable;

/**
 * Ids of streams that closed lately. A peer that missed our last acknowledgement repeats its END; without an answer it would
 * fail after 13 s though all its data arrived (udx.md §16.2). One that missed our DESTROY is told again (§16.3).
 */
final class Tombstones {
    /** As long as a peer repeats. */
    private static final long LIFETIME = 15_000_000_000L;

    /** The oldest gives way. */
    static final int MAX_TOMBSTONES = 1024;

    /** Answers to one id are not closer together. */
    private static final long ANSWER_INTERVAL = 1_000_000;

    private final Map<Integer, Tombstone> tombstones = new LinkedHashMap<>();

    /**
     * Remembers a stream that closed.
     *
     * @param destroyed whether packets are answered with DESTROY; otherwise with an acknowledgement
     */
    void add(int localId, Path path, int seq, int ack, int rwnd, boolean destroyed, long nowNanos) {
        expire(nowNanos);
        if (tombstones.size() >= MAX_TOMBSTONES) {
            Iterator<Integer> oldest = tombstones.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        tombstones.put(localId, new Tombstone(path, seq, ack, rwnd, destroyed, nowNanos));
    }

    /** Whether an id must not be used again yet. */
    boolean contains(int localId, long nowNanos) {
        expire(nowNanos);
        return tombstones.containsKey(localId);
    }

    int size() {
        return tombstones.size();
    }

    /** Whether a packet is for a stream that closed lately and came from its peer; {@link #answer} then. */
    boolean accepts(int localId, SocketId socket, PeerAddress from, long nowNanos) {
        if (tombstones.isEmpty()) {
            return false;
        }
        expire(nowNanos);
        Tombstone tombstone = tombstones.get(localId);
        return tombstone != null
                && tombstone.path.socket().equals(socket)
                && tombstone.path.address().equals(from);
    }

    /** The answer to a packet, or null if it needs none. */
    @Nullable
    Transmit answer(Packet packet, PacketWriter out, long nowNanos) {
        Tombstone tombstone = tombstones.get(packet.streamId());
        if (tombstone == null
                || !packet.has(Packet.DATA | Packet.END)
                || nowNanos - tombstone.answeredNanos < ANSWER_INTERVAL) {
            return null;
        }
        tombstone.answeredNanos = nowNanos;
        Path path = tombstone.path;
        int flags = tombstone.destroyed ? Packet.DESTROY : 0;
        ByteBuffer bytes = out.begin(flags, 0, path.remoteId(), tombstone.rwnd, tombstone.seq, tombstone.ack)
                .finish();
        return new Transmit(path.socket(), path.address(), bytes);
    }

    private void expire(long nowNanos) {
        Iterator<Tombstone> oldest = tombstones.values().iterator();
        while (oldest.hasNext() && nowNanos - oldest.next().bornNanos > LIFETIME) {
            oldest.remove();
        }
    }

    /** What an answer needs. */
    private static final class Tombstone {
        private final Path path;
        private final int seq;
        private final int ack;
        private final int rwnd;
        private final boolean destroyed;
        private final long bornNanos;
        private long answeredNanos;

        Tombstone(Path path, int seq, int ack, int rwnd, boolean destroyed, long nowNanos) {
            this.path = path;
            this.seq = seq;
            this.ack = ack;
            this.rwnd = rwnd;
            this.destroyed = destroyed;
            this.bornNanos = nowNanos;
            this.answeredNanos = nowNanos - ANSWER_INTERVAL;
        }
    }
}
