package org.aliasrpc.rpc;

import java.nio.ByteBuffer;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.protomux.Muxer;
import org.aliasrpc.protomux.MuxerEvent;
import org.jspecify.annotations.Nullable;

/**
 * A server's side of a connection on which one method is served: the muxer, and the channel that is opened at once.
 *
 * <p>Used as a {@link Muxer}: poll events until there is none, then frames, and again while one of both gave something.
 */
public final class ServedConnection {
    private final Muxer muxer = new Muxer();
    private final RpcChannel rpc;
    private @Nullable String failure;
    private boolean closed;

    /**
     * @param options of the channel
     * @param method what is served on it
     */
    public ServedConnection(RpcOptions options, String method) {
        RpcChannel opened = RpcChannel.open(muxer, options);
        if (opened == null) {
            throw new IllegalStateException("a new muxer refused its first channel");
        }
        rpc = opened;
        rpc.serve(method);
    }

    /** A message arrived. See {@link Muxer#onFrame}: the frame's content must not change any more. */
    public void onFrame(ByteBuffer frame) {
        muxer.onFrame(frame);
    }

    /** The connection is gone. Poll events before, or what has arrived is lost. */
    public void onClosed(@Nullable String error) {
        closed = true;
        muxer.onStreamClosed(error);
    }

    /** The next event, or null. Takes in one thing at a time: what a batch holds is not turned into events at once. */
    public @Nullable RpcEvent pollEvent() {
        while (true) {
            RpcEvent event = rpc.pollEvent();
            if (event != null) {
                return event;
            }
            MuxerEvent below = muxer.pollEvent();
            if (below == null) {
                return null;
            }
            if (below instanceof MuxerEvent.ChannelEvent ofChannel) {
                rpc.onEvent(ofChannel);
            } else if (below instanceof MuxerEvent.Failed failed && !closed) {
                failure = String.valueOf(failed.reason());
            }
        }
    }

    /** See {@link Muxer#allow}. */
    public void allow(int entries) {
        muxer.allow(entries);
    }

    /** See {@link Muxer#hasMore}. */
    public boolean hasMore() {
        return muxer.hasMore();
    }

    /** The next message to send, its array belongs to the caller; null if there is none. */
    public @Nullable ByteBuffer pollFrame() {
        return muxer.pollFrame();
    }

    /** Bytes of messages that wait to be polled. */
    public long queuedBytes() {
        return muxer.queuedBytes();
    }

    /** Whether the owner should stop reading from the connection for now. */
    public boolean isPaused() {
        return muxer.isPaused();
    }

    /** What the peer did wrong, once it has: the connection has to be destroyed. */
    public @Nullable String failure() {
        return failure;
    }

    /** Longest value of an answer that fits a frame. */
    public int maxAnswerBytes() {
        return rpc.maxAnswerBytes();
    }

    /** See {@link RpcChannel#answer}. */
    public void answer(long handle, Bytes value) {
        rpc.answer(handle, value);
    }

    /** See {@link RpcChannel#answerUndecodable}. */
    public void answerUndecodable(long handle, DecodeException reason) {
        rpc.answerUndecodable(handle, reason);
    }
}
