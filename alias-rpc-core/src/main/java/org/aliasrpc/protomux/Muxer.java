package org.aliasrpc.protomux;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a stream that carries channels. Both ends are equal.
 *
 * <p>After each call the owner polls events until there is none, then frames as long as the stream accepts data, and
 * again as long as one of both gave something; then it reads on from the stream unless {@link #isPaused}. Frames are
 * looked at while events are polled, one entry at a time: what a hostile batch makes us hold is bounded by its own size.
 *
 * <p>Create channels, or call {@link #pair}, before the first frame is handed in: an open that finds neither is rejected
 * (protomux.md §2.6).
 *
 * <p>A frame is {@code uint channel, uint type, body}; channel 0 carries the control messages: 0 batch, 1 open
 * ({@code uint id, string protocol, optional buffer channel-id, raw handshake}), 2 reject and 3 close ({@code uint id}).
 * Source: protomux.md.
 */
public final class Muxer {
    private static final long CONTROL = 0;
    private static final int OPEN = 1;
    private static final int REJECT = 2;
    private static final int CLOSE = 3;

    private final MuxerLimits limits;
    private final Inbox inbox = new Inbox();
    private final Outbox outbox;
    private final Queue<MuxerEvent> events = new ArrayDeque<>();

    private final LocalChannels locals = new LocalChannels();
    private final RemoteChannels remotes = new RemoteChannels();
    private final Pairings pairings = new Pairings();
    private final WaitingOpens waiting;

    private boolean answeringBatch;
    private boolean closed;

    /** A muxer with {@link MuxerLimits#DEFAULT}. */
    public Muxer() {
        this(MuxerLimits.DEFAULT);
    }

    /**
     * @param limits what bounds its memory
     */
    public Muxer(MuxerLimits limits) {
        this.limits = limits;
        this.outbox = new Outbox(limits);
        this.waiting = new WaitingOpens(limits);
    }

    /**
     * A message of the stream arrived.
     *
     * @param frame from position to limit; the muxer keeps it until all of it was polled as events, and so do messages in
     *     those events: its content must not change any more
     */
    public void onFrame(ByteBuffer frame) {
        if (closed) {
            return;
        }
        if (frame.remaining() > limits.maxFrameBytes()) {
            destroy("frame of " + frame.remaining() + " bytes");
            return;
        }
        inbox.add(frame);
        if (inbox.unreadBytes() > limits.maxUnreadBytes()) {
            destroy("more than " + limits.maxUnreadBytes() + " bytes handed in while paused");
        }
    }

    /**
     * The stream has ended or was destroyed, by whomever. Frames that were not looked at are dropped.
     *
     * @param reason for people; null for a clean end
     */
    public void onStreamClosed(@Nullable String reason) {
        if (closed) {
            return;
        }
        closed = true;
        inbox.clear();
        outbox.clear();
        pairings.clear();
        remotes.clear();
        events.add(new MuxerEvent.Failed(reason));
        for (Channel channel : locals.all()) {
            if (!channel.isClosed()) {
                channel.markClosed();
                events.add(new MuxerEvent.Closed(channel, true));
            }
        }
    }

    /** Gives the stream up, for a reason for people: {@link MuxerEvent.Failed} tells the owner to destroy it. */
    public void destroy(String reason) {
        onStreamClosed(reason);
    }

    /** The next event, or null if nothing is left to tell. */
    public @Nullable MuxerEvent pollEvent() {
        while (true) {
            MuxerEvent event = events.poll();
            if (event == null) {
                if (!dispatchNext()) {
                    return null;
                }
            } else if (!(event instanceof MuxerEvent.Message message
                    && message.channel().isClosed())) {
                return event; // but for kept messages of a channel that the owner has closed meanwhile
            }
        }
    }

    /** The next frame to write to the stream, its array belongs to the caller; null if there is none. */
    public @Nullable ByteBuffer pollFrame() {
        answerTogether(false);
        ByteBuffer frame = outbox.poll();
        if (outbox.pollDrained() && !closed) {
            events.add(new MuxerEvent.Drained());
        }
        return frame;
    }

    /** Bytes of messages that wait to be polled. */
    public long queuedBytes() {
        return outbox.queuedBytes();
    }

    /** Whether the owner should stop reading from the stream for now. */
    public boolean isPaused() {
        return isBlocked() || inbox.unreadBytes() > limits.maxUnreadBytes() / 2;
    }

    /**
     * From now on {@link #pollEvent} looks at so many entries and then gives null; without this it goes on to the end.
     * A frame of 16 MiB may hold millions of entries, and others want to be served as well.
     */
    public void allow(int entries) {
        inbox.allow(entries);
    }

    /** Whether entries wait for nothing but another {@link #allow}. */
    public boolean hasMore() {
        return inbox.hasMore() && !isBlocked();
    }

    /** Whether no entry may be looked at, until the owner opens a channel or polls frames. */
    private boolean isBlocked() {
        return !closed && (waiting.isOverfull() || outbox.queuedBytes() > limits.maxUnsentBytes());
    }

    /** Whether the stream is gone. */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Creates a channel; nothing is on the wire before it is opened.
     *
     * @return null if it shall be unique and one with the same protocol and id is open, or if the stream is gone
     */
    public @Nullable Channel createChannel(ChannelOptions options) {
        if (closed) {
            return null;
        }
        Channel channel = new Channel(this, options);
        return options.unique() && pairings.hasOpen(channel.keys()) ? null : channel;
    }

    /**
     * Asks the owner by {@link MuxerEvent.OpenRequested} before an open of this key is rejected.
     *
     * @param protocol the name
     * @param id channel-id, empty for none; null for every id that has no pairing of its own
     */
    public void pair(String protocol, @Nullable Bytes id) {
        pairings.ask(protocol, id);
    }

    /** Takes {@link #pair} back. */
    public void unpair(String protocol, @Nullable Bytes id) {
        pairings.stopAsking(protocol, id);
    }

    /** The owner is done with a request: once it is done with all of this key, opens that still wait are rejected. */
    public void finishPairing(MuxerEvent.OpenRequested request) {
        ChannelKey key = new ChannelKey(request.protocol(), request.id());
        Pairing pairing = pairings.find(key);
        if (pairing == null || pairing.requests == 0) {
            return; // the stream is gone
        }
        pairing.requests--;
        if (pairing.requests == 0) {
            for (RemoteOpen open : List.copyOf(pairing.waiting)) {
                waiting.remove(pairing, open);
                reject(open);
            }
            pairings.release(key, pairing);
        }
    }

    /** Gathers what is written from now on in one frame; nests. */
    public void cork() {
        outbox.cork();
    }

    /** Ends the latest {@link #cork}; the last one writes what was gathered. */
    public void uncork() {
        outbox.uncork();
    }

    // For tests of our bounds: what is held for the remote or the owner, in all, unread, unsent and not polled.

    int heldObjects() {
        return remotes.size() + pairings.size() + waiting.count();
    }

    int keptBytes() {
        return waiting.keptBytes();
    }

    int queuedEvents() {
        return events.size();
    }

    int maxFrameBytes() {
        return limits.maxFrameBytes();
    }

    void open(Channel channel) {
        if (closed) {
            channel.markClosed();
            return;
        }
        // Before the own open: the remote would take that for the answer to an open it has closed meanwhile.
        RemoteOpen remote = takeWaiting(channel);
        locals.add(channel);
        Writer out = outbox.begin(CONTROL, 64)
                .uint(OPEN)
                .uint(channel.localId)
                .utf8(channel.options().protocol())
                .buffer(channel.options().id())
                .fixed(channel.options().handshake());
        outbox.end(CONTROL, out);
        pairings.addOpen(channel, remote != null);
        if (remote != null) {
            connect(channel, remote);
        }
    }

    /** Writes a message of an opened channel. */
    <T> boolean send(Channel channel, int type, Codec<T> codec, T message, int expectedBytes) {
        Writer out = outbox.begin(channel.localId, expectedBytes + 9).uint(type);
        int head = out.length();
        codec.encode(out, message);
        channel.requireFits(out.length() - head);
        outbox.end(channel.localId, out);
        return outbox.takesMore();
    }

    void close(Channel channel) {
        channel.markClosed();
        events.add(new MuxerEvent.Closed(channel, false));
        if (channel.localId == Channel.NO_ID || closed) {
            return; // the reference writes a close of id 0 for a channel that was never opened (protomux.md §8.8)
        }
        writeControl(CLOSE, channel.localId);
        forget(channel);
    }

    /** After a close by anybody: the key may be used again, the id too if the remote had answered. */
    private void forget(Channel channel) {
        pairings.removeOpen(channel);
        RemoteOpen remote = channel.remote;
        if (remote != null) {
            remotes.remove(remote);
            locals.remove(channel);
        }
    }

    /** Looks at one more entry; false if there is none or none may be looked at now. */
    private boolean dispatchNext() {
        try {
            Inbox.Entry entry = isBlocked() ? null : inbox.poll();
            answerTogether(entry != null && inbox.inLargerBatch());
            if (entry == null) {
                return false;
            }
            if (entry.channel() == CONTROL) {
                onControl(entry.type(), entry.body());
            } else {
                onMessage(entry.channel(), entry.type(), entry.body());
            }
        } catch (DecodeException e) {
            destroy(String.valueOf(e.getMessage()));
        }
        return true;
    }

    /**
     * What the owner writes while it handles the entries of one batch leaves as one batch (protomux.md §7.6). Unlike the
     * reference we wait for nobody: what is written later leaves at once, so that one slow request delays no other.
     */
    private void answerTogether(boolean together) {
        if (together != answeringBatch) {
            answeringBatch = together;
            if (together) {
                outbox.cork();
            } else {
                outbox.uncork();
            }
        }
    }

    private void onMessage(long remoteId, long type, Reader body) {
        RemoteOpen remote = remotes.byId(remoteId);
        if (remote == null || remote.closed) {
            return; // never opened, rejected or closed
        }
        Channel channel = remote.channel;
        if (channel == null) {
            waiting.keep(remote, (int) Math.min(type, Integer.MAX_VALUE), body.rawView());
        } else if (channel.hasType(type)) {
            events.add(new MuxerEvent.Message(channel, (int) type, body.rawView()));
        }
    }

    private void onControl(long type, Reader body) throws DecodeException {
        if (type == OPEN) {
            onOpen(body);
        } else if (type == REJECT) {
            onReject(body.uint());
        } else if (type == CLOSE) {
            onClose(body.uint());
        } // others are ignored without a look at the body (protomux.md §3)
    }

    private void onOpen(Reader body) throws DecodeException {
        long id = body.uint();
        ChannelKey key = new ChannelKey(body.utf8(), body.buffer());
        // Id 0 falls under the same rule; the reference dies of it with an accidental text (protomux.md §4.6).
        if (!remotes.isFree(id)) {
            throw new DecodeException("Invalid open message");
        }
        remotes.use(id);

        Pairing pairing = pairings.of(key);
        Channel channel = pairing.unanswered.peek();
        if (channel != null) {
            pairings.removeUnanswered(channel);
            if (channel.isClosed()) {
                locals.remove(channel); // the answer we kept its id for
            } else {
                RemoteOpen remote = new RemoteOpen(id, key, body.raw());
                remotes.add(remote);
                connect(channel, remote);
            }
            return;
        }
        RemoteOpen remote = new RemoteOpen(id, key, body.raw());
        if (pairings.isAsked(key) && !waiting.isFull()) {
            remotes.add(remote);
            waiting.add(pairing, remote);
            events.add(new MuxerEvent.OpenRequested(key.protocol(), key.id()));
        } else {
            reject(remote);
            pairings.release(key, pairing);
        }
    }

    private void onReject(long localId) throws DecodeException {
        Channel channel = locals.byId(localId);
        if (channel == null || channel.remote != null) {
            throw new DecodeException("Invalid reject message");
        }
        pairings.removeUnanswered(channel);
        locals.remove(channel);
        if (!channel.isClosed()) {
            channel.markClosed();
            forget(channel);
            events.add(new MuxerEvent.Closed(channel, true));
        }
    }

    private void onClose(long remoteId) {
        RemoteOpen remote = remotes.byId(remoteId);
        if (remote == null) {
            return; // crossing closes are normal
        }
        Channel channel = remote.channel;
        if (channel == null) {
            waiting.close(remote);
        } else {
            channel.markClosed();
            forget(channel);
            events.add(new MuxerEvent.Closed(channel, true));
        }
    }

    private void connect(Channel channel, RemoteOpen remote) {
        remote.channel = channel;
        channel.remote = remote;
        events.add(new MuxerEvent.Opened(channel, remote.handshake));
        for (RemoteOpen.Kept kept : remote.kept) {
            if (channel.hasType(kept.type())) {
                events.add(new MuxerEvent.Message(channel, kept.type(), kept.body()));
            }
        }
        remote.kept.clear();
    }

    /** The oldest open of the remote that a channel can be paired with; those that are closed meanwhile are rejected. */
    private @Nullable RemoteOpen takeWaiting(Channel channel) {
        for (ChannelKey key : channel.keys()) {
            Pairing pairing = pairings.find(key);
            if (pairing == null) {
                continue;
            }
            for (RemoteOpen open : List.copyOf(pairing.waiting)) {
                waiting.remove(pairing, open);
                if (!open.closed) {
                    return open;
                }
                reject(open);
            }
        }
        return null;
    }

    private void reject(RemoteOpen open) {
        remotes.remove(open);
        writeControl(REJECT, open.id);
    }

    private void writeControl(int type, long id) {
        outbox.end(CONTROL, outbox.begin(CONTROL, 16).uint(type).uint(id));
    }
}
