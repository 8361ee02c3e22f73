package org.aliasrpc.protomux;

import java.util.ArrayList;
import java.util.List;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Codec;
import org.jspecify.annotations.Nullable;

/** One channel of a {@link Muxer}. Nothing is on the wire before {@link #open}. Confined to the muxer's event loop. */
public final class Channel {
    /** Not opened yet, or closed and its id free again. */
    static final int NO_ID = 0;

    private final Muxer muxer;
    private final ChannelOptions options;
    private final List<ChannelKey> keys;
    private boolean closed;

    /** The id that we gave it, from {@link #open} on; stays reserved until the remote has answered (protomux.md §4.7). */
    int localId = NO_ID;

    /** The remote's open it is paired with. */
    @Nullable
    RemoteOpen remote;

    Channel(Muxer muxer, ChannelOptions options) {
        this.muxer = muxer;
        this.options = options;
        this.keys = keysOf(options);
    }

    /** The key of the channel, then those of its aliases. */
    static List<ChannelKey> keysOf(ChannelOptions options) {
        ChannelKey main = new ChannelKey(options.protocol(), options.id());
        if (options.aliases().isEmpty()) {
            return List.of(main);
        }
        List<ChannelKey> keys = new ArrayList<>();
        keys.add(main);
        for (String alias : options.aliases()) {
            ChannelKey key = new ChannelKey(alias, options.id());
            if (!keys.contains(key)) {
                keys.add(key);
            }
        }
        return keys;
    }

    List<ChannelKey> keys() {
        return keys;
    }

    void markClosed() {
        closed = true;
    }

    /** Whether messages of this type are delivered and sent. */
    boolean hasType(long type) {
        return type < options.messageTypes()
                && (options.skippedTypes().isEmpty() || !options.skippedTypes().contains((int) type));
    }

    /** What it was created with. */
    public ChannelOptions options() {
        return options;
    }

    /** Writes the own open. Messages may be sent at once after it. A second call does nothing, nor one after close. */
    public void open() {
        if (localId == NO_ID && !closed) {
            muxer.open(this);
        }
    }

    /** Whether both sides have opened and none has closed. */
    public boolean isOpened() {
        return remote != null && !closed;
    }

    /** Whether the channel was closed by anybody. */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Sends a message.
     *
     * @param type index of its type
     * @param body encoded
     * @return whether the stream accepts more now; if not, {@link MuxerEvent.Drained} follows. False on a closed channel,
     *     which sends nothing. Nothing is dropped otherwise
     * @throws IllegalStateException before {@link #open}: the frame would be read as a control message
     * @throws IllegalArgumentException if the message is longer than {@link #maxBodyBytes}, or not of this channel
     */
    public boolean send(int type, Bytes body) {
        return send(type, RawCodec.INSTANCE, body, body.length());
    }

    /**
     * Sends a message, encoded straight into its frame. See {@link #send(int, Bytes)}.
     *
     * @param type index of its type
     * @param codec its encoding
     * @param message the message
     * @param expectedBytes about the length of its encoding, to avoid growing
     * @param <T> the message
     */
    public <T> boolean send(int type, Codec<T> codec, T message, int expectedBytes) {
        if (type < 0 || type >= options.messageTypes()) {
            throw new IllegalArgumentException("message type " + type + " of " + this);
        }
        if (closed) {
            return false;
        }
        if (localId == NO_ID) {
            throw new IllegalStateException("send before open on " + this);
        }
        return !hasType(type) || muxer.send(this, type, codec, message, expectedBytes);
    }

    /** Longest body of a message that fits a frame. Known once the channel is opened. */
    public int maxBodyBytes() {
        int idBytes = localId < 0xfd ? 1 : localId <= 0xffff ? 3 : 5;
        int typeBytes = options.messageTypes() <= 0xfd ? 1 : 5;
        return muxer.maxFrameBytes() - idBytes - typeBytes;
    }

    void requireFits(int bodyBytes) {
        if (bodyBytes > maxBodyBytes()) {
            throw new IllegalArgumentException("a message of " + bodyBytes + " bytes does not fit a frame");
        }
    }

    /** Closes; writes a close if it was opened. A second call does nothing. */
    public void close() {
        if (!closed) {
            muxer.close(this);
        }
    }

    @Override
    public String toString() {
        return "Channel[" + options.protocol() + ", " + options.id() + ", " + localId + "]";
    }
}
