package org.aliasrpc.protomux;

import java.nio.ByteBuffer;
import org.aliasrpc.encoding.Bytes;
import org.jspecify.annotations.Nullable;

/** What a {@link Muxer} tells its owner, in the order in which it happened on the stream. */
public sealed interface MuxerEvent {
    /** An event of one channel, to be handed to whoever opened it. */
    sealed interface ChannelEvent extends MuxerEvent {
        /** Which channel. */
        Channel channel();
    }

    /**
     * The remote opened a channel for which {@link Muxer#pair} was called and no local channel waits. The owner opens a
     * matching channel or does not; in both cases it calls {@link Muxer#finishPairing} in the end.
     *
     * @param protocol the name in the open
     * @param id the channel-id, empty if there is none
     */
    record OpenRequested(String protocol, Bytes id) implements MuxerEvent {}

    /**
     * Both sides have opened. Comes before any message of the channel.
     *
     * @param handshake what the remote's open holds behind the channel-id: its handshake value, or nothing
     */
    record Opened(Channel channel, Bytes handshake) implements ChannelEvent {}

    /**
     * A message.
     *
     * @param type index of the message type, below the number the channel was created with
     * @param body from position to limit; a view of the received frame, valid as long as the frame's memory is
     */
    record Message(Channel channel, int type, ByteBuffer body) implements ChannelEvent {}

    /**
     * The channel is closed. The last event of a channel.
     *
     * @param remote false if {@link Channel#close} did it; true if the remote closed or rejected it or the stream ended
     */
    record Closed(Channel channel, boolean remote) implements ChannelEvent {}

    /** After a {@code send} returned false: everything was taken over by the stream, go on. */
    record Drained() implements MuxerEvent {}

    /**
     * The stream cannot be used any more: the owner destroys it. Every opened channel gets its {@link Closed} next.
     *
     * @param reason what the remote did wrong (protomux.md §10), the text given to {@link Muxer#destroy}, or null if the
     *     stream ended by itself without an error
     */
    record Failed(@Nullable String reason) implements MuxerEvent {}
}
