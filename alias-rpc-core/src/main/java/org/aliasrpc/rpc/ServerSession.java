package org.aliasrpc.rpc;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.aliasrpc.protomux.Muxer;
import org.jspecify.annotations.Nullable;

/**
 * A server's side of one connection: what all servers have in common.
 *
 * <p>Created when the connection is accepted, in the same turn, before its first message is read. After each call the
 * owner polls events until there is none, then frames as long as the stream takes them, and again while one of both gave
 * something; it stops reading while {@link #isPaused}. An event precedes the frame that belongs to it.
 *
 * @param <E> the server's events
 */
public abstract class ServerSession<E> {
    private final ServedConnection served;
    private final Queue<E> events = new ArrayDeque<>();
    private boolean closed;

    /**
     * @param options of the channel
     * @param method what is served on it
     */
    protected ServerSession(RpcOptions options, String method) {
        this.served = new ServedConnection(options, method);
    }

    /** A message arrived. See {@link Muxer#onFrame}: the frame's content must not change any more. */
    public void onFrame(ByteBuffer frame, long nowNanos) {
        served.onFrame(frame);
    }

    /**
     * The connection is gone.
     *
     * @param error what broke it; null if it ended cleanly
     */
    public final void onConnectionClosed(@Nullable String error) {
        if (closed) {
            return;
        }
        takeIn(); // what arrived before the end counts
        closed = true;
        served.onClosed(error);
        takeIn();
        onClosed(error);
    }

    /** The next event, or null. */
    public final @Nullable E pollEvent() {
        while (events.isEmpty()) {
            RpcEvent event = served.pollEvent();
            if (event == null) {
                return null;
            }
            onEvent(event);
        }
        return events.poll();
    }

    /** The next message to send, its array belongs to the caller; null if there is none. */
    public final @Nullable ByteBuffer pollFrame() {
        return served.pollFrame();
    }

    /** See {@link Muxer#allow}: how much work may be done before others get their turn. */
    public final void allow(int entries) {
        served.allow(entries);
    }

    /** See {@link Muxer#hasMore}: the owner calls {@link #allow} in another turn and goes on. */
    public final boolean hasMore() {
        return served.hasMore();
    }

    /** Bytes of messages that wait to be polled. */
    public final long queuedBytes() {
        return served.queuedBytes();
    }

    /** Whether the owner should stop reading from the connection for now. */
    public final boolean isPaused() {
        return served.isPaused();
    }

    /** Non-null once the peer broke the protocol: destroy the connection with this reason, then tell the session. */
    public @Nullable String failure() {
        return served.failure();
    }

    /** Something happened on the channel. */
    protected abstract void onEvent(RpcEvent event);

    /**
     * The connection is gone, and what came before its end was taken in.
     *
     * @param error what broke it; null if it ended cleanly
     */
    protected abstract void onClosed(@Nullable String error);

    /** Adds to the events. */
    protected final void tell(E event) {
        events.add(event);
    }

    /** The channel, for answers. */
    protected final ServedConnection served() {
        return served;
    }

    /** Whether the connection has ended. */
    protected final boolean isClosed() {
        return closed;
    }

    private void takeIn() {
        for (RpcEvent event = served.pollEvent(); event != null; event = served.pollEvent()) {
            onEvent(event);
        }
    }
}
