package org.aliasrpc.protomux;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.aliasrpc.encoding.Bytes;
import org.jspecify.annotations.Nullable;

/** A channel that the remote has opened: it waits for a local one, or is paired with it. */
final class RemoteOpen {
    /** What a kept message counts beside its body (protomux.md §6.3). */
    static final int KEPT_OVERHEAD = 512;

    /** A message that came before the local channel was there. */
    record Kept(int type, ByteBuffer body) {}

    final long id;
    final ChannelKey key;
    final Bytes handshake;

    /** Messages in order, while waiting. */
    final Queue<Kept> kept = new ArrayDeque<>();

    /** What the kept messages count, and a key or handshake of unusual length. */
    int keptBytes;

    /** The local channel, once paired. */
    @Nullable
    Channel channel;

    /**
     * The remote closed while waiting. It still wants an answer, to free its id, but nothing may be paired with it: the
     * reference forgets this close and opens a channel whose peer is gone (protomux.md §8.7).
     */
    boolean closed;

    RemoteOpen(long id, ChannelKey key, Bytes handshake) {
        this.id = id;
        this.key = key;
        this.handshake = handshake;
    }

    /**
     * Keeps a message.
     *
     * @return what it counts
     */
    int keep(int type, ByteBuffer body) {
        // A copy: a view would hold the whole frame, which may be a batch of 16 MiB.
        kept.add(new Kept(type, Bytes.copyOf(body).asByteBuffer()));
        int counted = KEPT_OVERHEAD + body.remaining();
        keptBytes += counted;
        return counted;
    }

    /** The remote has closed: what it sent goes nowhere. */
    void close() {
        closed = true;
        kept.clear();
        keptBytes = 0;
    }
}
