package org.aliasrpc.udx;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What the application of a stream has not seen yet, in the order in which it is to see it. */
final class StreamEvents {
    /** Received messages that wait; more are dropped, as the network might have. */
    static final int MAX_MESSAGES = 256;

    private final ArrayDeque<UdxEvent.Message> messages = new ArrayDeque<>(0);
    private UdxEvent.@Nullable Connected connected;
    private boolean remoteChanged;
    private boolean drained;
    private boolean endReported;
    private @Nullable UdxEvent closed;

    void onConnected(Path path) {
        connected = new UdxEvent.Connected(path.socket(), path.address());
    }

    void onMessage(byte[] bytes) {
        if (messages.size() < MAX_MESSAGES) {
            messages.add(new UdxEvent.Message(ByteBuffer.wrap(bytes)));
        }
    }

    void onRemoteChanged() {
        remoteChanged = true;
    }

    void onDrained() {
        drained = true;
    }

    /** The last event; what came before is still handed out. */
    void onClosed(UdxEvent.CloseReason reason) {
        closed = new UdxEvent.Closed(reason);
    }

    /**
     * The next event, or null.
     *
     * @param bytes the stream's bytes in order
     * @param ended whether the remote end may be reported behind them
     */
    @Nullable
    UdxEvent poll(ReceiveBuffer bytes, boolean ended) {
        if (connected != null) {
            UdxEvent event = connected;
            connected = null;
            return event;
        }
        UdxEvent message = messages.poll();
        if (message != null) {
            return message;
        }
        ByteBuffer piece = bytes.take();
        if (piece != null) {
            return new UdxEvent.Data(piece);
        }
        if (remoteChanged) {
            remoteChanged = false;
            return new UdxEvent.RemoteChanged();
        }
        if (drained) {
            drained = false;
            return new UdxEvent.Drained();
        }
        if (ended && !endReported) {
            endReported = true;
            return new UdxEvent.RemoteEnded();
        }
        UdxEvent last = closed;
        closed = null;
        return last;
    }

    /** Whether {@link #poll} has something to hand out. */
    boolean isPending(ReceiveBuffer bytes, boolean ended) {
        return bytes.hasBytes()
                || (ended && !endReported)
                || connected != null
                || !messages.isEmpty()
                || remoteChanged
                || drained
                || closed != null;
    }
}
