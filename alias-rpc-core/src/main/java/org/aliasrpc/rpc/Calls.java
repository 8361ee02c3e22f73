package org.aliasrpc.rpc;

import java.nio.ByteBuffer;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.protomux.Muxer;
import org.jspecify.annotations.Nullable;

/**
 * Calls to servers, over connections that the owner makes on request.
 *
 * <p>A call has one deadline over all it waits for: a slot, the connection, the remote's open, the answer. Calls are sent
 * once the remote has opened the channel, so one that fails before was not served.
 *
 * <p>After each call of a method the owner polls events until there is none; then, for each connection that
 * {@link #pollSendable} names, frames as long as its stream takes them, and events again; then arms its timer for
 * {@link #nextTimeout}. When a stream that was full takes data again the owner polls the frames of that connection by
 * itself. It stops reading from a connection while {@link #isPaused}.
 */
public interface Calls {
    /** No connection: what {@link #pollSendable} returns in the end. */
    long NONE = -1;

    /**
     * Begins a call; {@link PoolEvent.Answered} or {@link PoolEvent.Failed} ends it, at the deadline at the latest.
     *
     * @param key which server and channel
     * @param method which one
     * @param value encoded
     * @param deadlineNanos covers everything; {@link RpcChannel#NO_DEADLINE} for none
     * @return the call's id
     */
    long call(PoolKey key, String method, Bytes value, long deadlineNanos, long nowNanos);

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

    /** The next event, or null. */
    @Nullable
    PoolEvent pollEvent();

    /** The next connection that has got frames to send since it was last named here, or {@link #NONE}. */
    long pollSendable();

    /** The next message to send on a connection, its array belongs to the caller; null if there is none. */
    @Nullable
    ByteBuffer pollFrame(long connectionId);

    /** Whether the owner should stop reading from a connection for now. */
    boolean isPaused(long connectionId);

    /** When {@link #onTimeout} is due; {@code Long.MAX_VALUE} for never. */
    long nextTimeout();

    /** Time has passed. */
    void onTimeout(long nowNanos);

    /** Ends all connections and fails all calls, also later ones. */
    void close();
}
