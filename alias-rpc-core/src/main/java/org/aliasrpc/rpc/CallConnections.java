package org.aliasrpc.rpc;

import java.nio.ByteBuffer;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.protomux.Muxer;
import org.jspecify.annotations.Nullable;

/**
 * The connections that calls are made over, as their owner drives them, who makes and ends them as events ask for it.
 *
 * <p>After each call of a method the owner polls events until there is none; then, for each connection that
 * {@link #pollSendable} names, frames as long as its stream takes them, and events again; then arms its timer for
 * {@link #nextTimeout}. When a stream that was full takes data again the owner polls the frames of that connection by
 * itself. It stops reading from a connection while {@link #isPaused}.
 */
public interface CallConnections {
    /** No connection: what {@link #pollSendable} returns in the end. */
    long NONE = -1;

    /** The error of a connection that its owner ended because of a message longer than it takes. */
    String TOO_LONG = "received message is too long";

    /**
     * A requested connection is there; called before its first message is read.
     *
     * @param handshakeHash 64 bytes, of the stream
     */
    void onConnected(long connectionId, Bytes handshakeHash, long nowNanos);

    /** A requested connection did not come about. */
    void onConnectFailed(long connectionId, ConnectFailure failure, long nowNanos);

    /**
     * A connection has ended.
     *
     * @param error what broke it; null if the remote ended it
     */
    void onConnectionClosed(long connectionId, @Nullable String error, long nowNanos);

    /** A message arrived. See {@link Muxer#onFrame}: the frame's content must not change any more. */
    void onFrame(long connectionId, ByteBuffer frame, long nowNanos);

    /** The next connection that has got frames to send since it was last named here, or {@link #NONE}. */
    long pollSendable();

    /** The next message to send on a connection, its array belongs to the caller; null if there is none. */
    @Nullable
    ByteBuffer pollFrame(long connectionId);

    /** Whether the owner should stop reading from a connection for now. */
    boolean isPaused(long connectionId);

    /** See {@link Muxer#allow}: what a server sends shall not keep the other connections waiting. */
    void allow(long connectionId, int entries);

    /** See {@link Muxer#hasMore}. */
    boolean hasMore(long connectionId);

    /** When {@link #onTimeout} is due; {@code Long.MAX_VALUE} for never. */
    long nextTimeout();

    /** Time has passed. */
    void onTimeout(long nowNanos);

    /** Ends all connections and fails all calls, also later ones. */
    void close();
}
