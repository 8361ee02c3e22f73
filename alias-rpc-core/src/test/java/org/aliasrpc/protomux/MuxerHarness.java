package org.aliasrpc.protomux;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.testing.VectorScript;
import org.jspecify.annotations.Nullable;

/** A muxer and an owner that writes down, in words, everything it is told. */
class MuxerHarness implements VectorScript.Harness {
    final Muxer muxer;
    final List<String> events = new ArrayList<>();
    final List<Bytes> frames = new ArrayList<>();
    final List<MuxerEvent.OpenRequested> requests = new ArrayList<>();
    private final Map<String, Channel> channels = new HashMap<>();

    /** Handshake of the latest channel that opened. */
    Bytes latestHandshake = Bytes.EMPTY;

    /** What the owner does with a message, while it handles the event. */
    Consumer<MuxerEvent.Message> onMessage = message -> {};

    /** What the owner does when it is asked for a channel. */
    Consumer<MuxerEvent.OpenRequested> onOpenRequested = request -> {};

    /** Whether the stream takes no data. */
    boolean blocked;

    private boolean wasPaused;

    MuxerHarness() {
        this(MuxerLimits.DEFAULT);
    }

    MuxerHarness(MuxerLimits limits) {
        this.muxer = new Muxer(limits);
    }

    /** Creates a channel under a name for the log; null if the muxer refuses. */
    @Nullable
    Channel create(String name, ChannelOptions options) {
        Channel channel = muxer.createChannel(options);
        if (channel != null) {
            channels.put(name, channel);
        }
        return channel;
    }

    Channel open(String name, ChannelOptions options) {
        Channel channel = create(name, options);
        if (channel == null) {
            throw new AssertionError("no channel " + name);
        }
        channel.open();
        return channel;
    }

    Channel channel(String name) {
        Channel channel = channels.get(name);
        if (channel == null) {
            throw new AssertionError("no channel " + name);
        }
        return channel;
    }

    @Override
    public void receive(Bytes frame) {
        muxer.onFrame(frame.asByteBuffer());
        drain();
    }

    /** What an owner does after each call: events, then frames, until neither gives anything. */
    @Override
    public void drain() {
        boolean progress = true;
        while (progress) {
            progress = false;
            for (MuxerEvent event = muxer.pollEvent(); event != null; event = muxer.pollEvent()) {
                note(event);
                progress = true;
            }
            notePause();
            for (ByteBuffer frame = blocked ? null : muxer.pollFrame(); frame != null; frame = muxer.pollFrame()) {
                frames.add(Bytes.copyOf(frame));
                progress = true;
            }
            notePause();
        }
    }

    /** What was told since the last call. */
    List<String> takeEvents() {
        List<String> taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    /** What was written since the last call. */
    @Override
    public List<Bytes> takeFrames() {
        List<Bytes> taken = List.copyOf(frames);
        frames.clear();
        return taken;
    }

    /** What the owner does with a handshake. */
    void onOpened(Bytes handshake) {}

    private void notePause() {
        if (muxer.isPaused() != wasPaused) {
            wasPaused = muxer.isPaused();
            events.add(wasPaused ? "pause" : "resume");
        }
    }

    private void note(MuxerEvent event) {
        if (event instanceof MuxerEvent.Opened opened) {
            latestHandshake = opened.handshake();
            events.add("open " + name(opened.channel()));
            onOpened(opened.handshake());
        } else if (event instanceof MuxerEvent.Message message) {
            events.add("message " + name(message.channel()) + " " + message.type() + " "
                    + Bytes.copyOf(message.body()).toHex());
            onMessage.accept(message);
        } else if (event instanceof MuxerEvent.Closed closed) {
            events.add("close " + name(closed.channel()) + " " + closed.remote());
        } else if (event instanceof MuxerEvent.Failed failed) {
            events.add("fail " + failed.reason());
        } else if (event instanceof MuxerEvent.OpenRequested request) {
            requests.add(request);
            events.add("pair " + request.protocol() + " " + request.id().toHex());
            onOpenRequested.accept(request);
        } else if (event instanceof MuxerEvent.Drained) {
            events.add("drain");
        }
    }

    private String name(Channel channel) {
        for (Map.Entry<String, Channel> entry : channels.entrySet()) {
            if (entry.getValue() == channel) {
                return entry.getKey();
            }
        }
        return "?";
    }
}
