package org.aliasrpc.protomux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Writer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two muxers whose owners open, close, send, cork and are asked for channels at random, while frames are under way for any
 * time: neither may ever find fault with the other, and every channel sees what its counterpart sent, in order.
 */
class MuxerSimTest {
    private static final int STEPS = 4_000;
    private static final String[] PROTOCOLS = {"a", "b", "c"};
    private static final String[] PAIRED = {"p", "q"};

    /** A channel and what its owner saw and did. */
    private static final class Watched {
        final List<Integer> received = new ArrayList<>();
        int sent;
        boolean opened;
        int closed;
    }

    private static final class End {
        final Muxer muxer = new Muxer(new MuxerLimits(100_000, 5_000, 2_000, 20_000, 3_000, 8, 1_000_000));
        final Map<Channel, Watched> channels = new HashMap<>();
        final List<Channel> live = new ArrayList<>();
        final List<MuxerEvent.OpenRequested> requests = new ArrayList<>();
        final Queue<ByteBuffer> underWay = new ArrayDeque<>();
        int corks;
        boolean drainedExpected;

        Watched watched(Channel channel) {
            return Objects.requireNonNull(channels.get(channel));
        }
    }

    private final End left = new End();
    private final End right = new End();
    private Random random = new Random(0);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void endsNeverQuarrel(long seed) {
        random = new Random(seed);
        for (End end : List.of(left, right)) {
            end.muxer.pair(PAIRED[0], null);
            end.muxer.pair(PAIRED[1], Bytes.EMPTY);
        }
        for (int step = 0; step < STEPS; step++) {
            End end = random.nextBoolean() ? left : right;
            act(end);
            if (random.nextInt(3) == 0) {
                carry(end, end == left ? right : left, 1 + random.nextInt(4));
            }
        }
        for (End end : List.of(left, right)) {
            while (end.corks > 0) {
                end.corks--;
                end.muxer.uncork();
            }
        }
        settle();
        for (End end : List.of(left, right)) {
            for (Channel channel : List.copyOf(end.live)) {
                channel.close();
            }
        }
        settle();
        assertThat(left.muxer.heldObjects()).isZero();
        assertThat(right.muxer.heldObjects()).isZero();
        int delivered = check(left) + check(right);
        assertThat(delivered).as("messages that arrived").isGreaterThan(STEPS / 40);
    }

    /** Everything arrives and every request to an owner is finished. */
    private void settle() {
        boolean progress = true;
        while (progress) {
            progress = false;
            for (End end : List.of(left, right)) {
                poll(end);
                for (MuxerEvent.OpenRequested request : List.copyOf(end.requests)) {
                    end.requests.remove(request);
                    end.muxer.finishPairing(request);
                    progress = true;
                }
            }
            progress |= carry(left, right, Integer.MAX_VALUE);
            progress |= carry(right, left, Integer.MAX_VALUE);
        }
    }

    private void act(End end) {
        switch (random.nextInt(12)) {
            case 0, 1 -> open(end, PROTOCOLS[random.nextInt(PROTOCOLS.length)], random.nextBoolean() ? "" : "id");
            case 2 -> open(end, PAIRED[random.nextInt(PAIRED.length)], "");
            case 3, 4, 5, 6, 7 -> send(end);
            case 8 -> close(end);
            case 9 -> {
                if (end.corks < 2) {
                    end.corks++;
                    end.muxer.cork();
                }
            }
            case 10 -> {
                if (end.corks > 0) {
                    end.corks--;
                    end.muxer.uncork();
                }
            }
            default -> {
                if (!end.requests.isEmpty()) {
                    MuxerEvent.OpenRequested request = end.requests.remove(random.nextInt(end.requests.size()));
                    if (random.nextBoolean()) {
                        open(end, request.protocol(), "");
                    }
                    end.muxer.finishPairing(request);
                }
            }
        }
        poll(end);
    }

    private void open(End end, String protocol, String id) {
        ChannelOptions options = ChannelOptions.of(protocol, 1).withId(Bytes.utf8(id));
        Channel channel = end.muxer.createChannel(random.nextBoolean() ? options : options.notUnique());
        if (channel != null) {
            end.channels.put(channel, new Watched());
            end.live.add(channel);
            channel.open();
        }
    }

    private void send(End end) {
        if (end.live.isEmpty()) {
            return;
        }
        Channel channel = end.live.get(random.nextInt(end.live.size()));
        Watched watched = end.watched(channel);
        int length = random.nextInt(10) == 0 ? 1_000 : random.nextInt(20);
        Writer body = new Writer().uint(watched.sent++).raw(new byte[length], 0, length);
        end.drainedExpected |= !channel.send(0, body.toBytes());
    }

    private void close(End end) {
        if (!end.live.isEmpty()) {
            end.live.get(random.nextInt(end.live.size())).close();
        }
    }

    private boolean carry(End from, End to, int count) {
        boolean progress = false;
        for (ByteBuffer frame = from.muxer.pollFrame(); frame != null; frame = from.muxer.pollFrame()) {
            from.underWay.add(frame);
        }
        for (int i = 0; i < count && !from.underWay.isEmpty() && !to.muxer.isPaused(); i++) {
            to.muxer.onFrame(from.underWay.remove());
            poll(to);
            progress = true;
        }
        return progress;
    }

    private static void poll(End end) {
        for (MuxerEvent event = end.muxer.pollEvent(); event != null; event = end.muxer.pollEvent()) {
            if (event instanceof MuxerEvent.Failed failed) {
                throw new AssertionError("the other end is blamed: " + failed.reason());
            } else if (event instanceof MuxerEvent.OpenRequested request) {
                end.requests.add(request);
            } else if (event instanceof MuxerEvent.Drained) {
                assertThat(end.drainedExpected).isTrue();
                end.drainedExpected = false;
            } else if (event instanceof MuxerEvent.ChannelEvent ofChannel) {
                note(end, ofChannel, end.watched(ofChannel.channel()));
            }
        }
    }

    private static void note(End end, MuxerEvent.ChannelEvent event, Watched watched) {
        assertThat(watched.closed).as("nothing after close").isZero();
        if (event instanceof MuxerEvent.Opened) {
            assertThat(watched.opened).isFalse();
            watched.opened = true;
        } else if (event instanceof MuxerEvent.Message message) {
            assertThat(watched.opened).isTrue();
            watched.received.add((int) message.body().get(0) & 0xff);
        } else if (event instanceof MuxerEvent.Closed) {
            watched.closed++;
            end.live.remove(event.channel());
        }
    }

    /** Numbers grow by one from 0; as uints below 253, so that their first byte tells. */
    private static int check(End end) {
        int delivered = 0;
        for (Watched watched : end.channels.values()) {
            assertThat(watched.closed).isOne();
            for (int i = 0; i < watched.received.size(); i++) {
                assertThat(watched.received.get(i)).isEqualTo(Math.min(i, 0xfd));
            }
            delivered += watched.received.size();
        }
        return delivered;
    }
}
