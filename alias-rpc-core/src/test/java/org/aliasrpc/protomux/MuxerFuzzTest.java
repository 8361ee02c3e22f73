package org.aliasrpc.protomux;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.testing.Mutations;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Whatever the remote sends and the owner does: nothing is thrown, and what is held and told keeps to the rules. */
class MuxerFuzzTest {
    private static final MuxerLimits LIMITS = new MuxerLimits(4_000, 1_000, 500, 3_000, 3_000, 4, 12_000);

    @FuzzTest(maxDuration = "5m")
    void anyOperationsKeepTheInvariants(byte[] data) {
        new Run(data).go();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomOperationsKeepTheInvariants(long seed) {
        Random random = new Random(seed);
        int opened = 0;
        for (int run = 0; run < 300; run++) {
            byte[] data = new byte[400];
            random.nextBytes(data);
            Run operations = new Run(data);
            operations.go();
            opened += operations.opened;
        }
        assertThat(opened).as("channels that opened").isGreaterThan(50); // it was not all for nothing
    }

    @Test
    void everyPrefixAndEveryChangedByteOfAKnownFrameIsTakenOrEndsTheStream() {
        for (JsonNode script : Vectors.cases("protomux", "scripts").toList()) {
            for (JsonNode step : Vectors.elements(Vectors.field(script, "steps"))) {
                if (Vectors.has(step, "recv")) {
                    byte[] frame = Vectors.hex(step, "recv");
                    Mutations.forEach(frame, MuxerFuzzTest::receiveAlone);
                }
            }
        }
    }

    private static void receiveAlone(byte[] frame) {
        MuxerHarness harness = new MuxerHarness(LIMITS);
        harness.open("x", ChannelOptions.of("a", 2));
        harness.muxer.pair("p", null);
        harness.receive(Bytes.copyOf(frame));
        assertThat(harness.muxer.isClosed())
                .isEqualTo(harness.events.stream().anyMatch(event -> event.startsWith("fail ")));
    }

    /** A list of operations, read from bytes. */
    private static final class Run {
        private final byte[] data;
        private int at;
        private final Muxer muxer = new Muxer(LIMITS);
        private final List<Channel> channels = new ArrayList<>();
        private final Map<Channel, Integer> closes = new HashMap<>();
        private final List<MuxerEvent.OpenRequested> requests = new ArrayList<>();
        private int corks;
        private int remoteId;
        private boolean failed;
        int opened;

        Run(byte[] data) {
            this.data = data;
        }

        void go() {
            muxer.pair("p", null);
            while (at < data.length) {
                step();
                drain(next() % 4 != 0);
                check();
            }
            muxer.onStreamClosed(null);
            drain(true);
            for (Channel channel : channels) {
                assertThat(channel.isClosed()).isTrue();
                assertThat(closes.getOrDefault(channel, 0))
                        .as("closes of %s", channel)
                        .isOne();
            }
        }

        private void step() {
            switch (next() % 14) {
                case 0, 1 -> open();
                case 2, 3, 4 -> muxer.onFrame(plausibleFrame());
                case 5 -> muxer.onFrame(batch());
                case 6 -> {
                    if (next() % 16 == 0) {
                        muxer.onFrame(anyFrame());
                    }
                }
                case 7 -> withChannel(channel -> channel.send(next() % 2, Bytes.wrap(new byte[next()])));
                case 8 -> withChannel(Channel::close);
                case 9 -> {
                    corks++;
                    muxer.cork();
                }
                case 10, 11 -> {
                    if (corks > 0) {
                        corks--;
                        muxer.uncork();
                    }
                }
                default -> {
                    if (!requests.isEmpty()) {
                        muxer.finishPairing(requests.remove(next() % requests.size()));
                    }
                }
            }
        }

        private void open() {
            ChannelOptions options = ChannelOptions.of(protocol(), 2).withId(id());
            if (next() % 4 == 0) {
                options = options.withAliases("b").notUnique();
            }
            Channel channel = muxer.createChannel(options);
            if (channel != null) {
                channel.open();
                channels.add(channel);
            }
        }

        private ByteBuffer plausibleFrame() {
            byte[] body = switch (next() % 8) {
                case 0, 1 -> {
                    // The next id is always right, any other one may not be.
                    int id = next() % 32 == 0 ? next() % 8 : ++remoteId;
                    byte[] open = {0, 1, (byte) (id % 250), 1, (byte) protocol().charAt(0), 0};
                    yield open;
                }
                case 2 -> new byte[] {0, (byte) (next() % 16 == 0 ? 2 : 3), (byte) (next() % (remoteId + 1))};
                case 3 -> new byte[] {0, 3, (byte) (next() % (remoteId + 1))};
                default -> new byte[] {(byte) (next() % (remoteId + 2)), (byte) (next() % 3), (byte) next()};
            };
            return ByteBuffer.wrap(body);
        }

        private ByteBuffer batch() {
            ByteBuffer batch = ByteBuffer.allocate(400);
            batch.put((byte) 0).put((byte) 0).put((byte) (next() % 3));
            for (int i = next() % 12; i > 0; i--) {
                ByteBuffer entry = plausibleFrame();
                if (next() % 3 == 0) {
                    batch.put((byte) 0).put((byte) (next() % 4));
                }
                batch.put((byte) (entry.remaining() - 1)).put(entry.slice(1, entry.remaining() - 1));
            }
            return batch.flip();
        }

        private ByteBuffer anyFrame() {
            int length = Math.min(next(), data.length - at);
            ByteBuffer frame = ByteBuffer.wrap(Arrays.copyOfRange(data, at, at + length));
            at += length;
            return frame;
        }

        private void withChannel(Consumer<Channel> action) {
            if (!channels.isEmpty()) {
                action.accept(channels.get(next() % channels.size()));
            }
        }

        private void drain(boolean streamTakesData) {
            boolean progress = true;
            while (progress) {
                progress = false;
                for (MuxerEvent event = muxer.pollEvent(); event != null; event = muxer.pollEvent()) {
                    note(event);
                    progress = true;
                }
                for (ByteBuffer frame = streamTakesData ? muxer.pollFrame() : null;
                        frame != null;
                        frame = muxer.pollFrame()) {
                    assertThat(frame.remaining()).isBetween(1, LIMITS.maxFrameBytes());
                    progress = true;
                }
            }
        }

        private void note(MuxerEvent event) {
            if (event instanceof MuxerEvent.ChannelEvent ofChannel) {
                assertThat(closes).as("nothing after close").doesNotContainKey(ofChannel.channel());
                if (event instanceof MuxerEvent.Opened) {
                    opened++;
                } else if (event instanceof MuxerEvent.Message message) {
                    assertThat(failed).isFalse();
                    assertThat(message.type()).isBetween(0, 1);
                } else if (event instanceof MuxerEvent.Closed) {
                    closes.merge(ofChannel.channel(), 1, Integer::sum);
                }
            } else if (event instanceof MuxerEvent.Failed) {
                assertThat(failed).as("fails once").isFalse();
                failed = true;
            } else if (event instanceof MuxerEvent.OpenRequested request) {
                requests.add(request);
            }
        }

        /** What the remote can make us hold; everything is polled, unless paused. */
        private void check() {
            assertThat(muxer.heldObjects())
                    .isLessThanOrEqualTo(3 * channels.size() + 3 * LIMITS.maxWaitingOpens() + 30);
            assertThat(muxer.keptBytes()).isLessThanOrEqualTo(LIMITS.maxKeptBytes() + 512 + LIMITS.maxFrameBytes());
        }

        private String protocol() {
            return switch (next() % 4) {
                case 0 -> "a";
                case 1 -> "b";
                default -> "p";
            };
        }

        private Bytes id() {
            return next() % 5 == 0 ? Bytes.copyOf((byte) 1) : Bytes.EMPTY;
        }

        private int next() {
            return at < data.length ? data[at++] & 0xff : 0;
        }
    }
}
