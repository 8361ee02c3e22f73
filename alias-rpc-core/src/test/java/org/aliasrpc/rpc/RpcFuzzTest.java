package org.aliasrpc.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.protomux.Muxer;
import org.aliasrpc.protomux.MuxerEvent;
import org.aliasrpc.testing.Mutations;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Whatever the remote sends and the owner does: nothing is thrown, every call ends once, and what runs is bounded. */
class RpcFuzzTest {
    private static final int MAX_RUNNING = 5;
    private static final int MAX_PENDING = 7;
    private static final Bytes OPEN = Bytes.fromHex("0001010c70726f746f6d75782d72706300");

    @FuzzTest(maxDuration = "2m")
    void anyBytesDecodeOrAreRefused(byte[] data) {
        decode(data);
    }

    @FuzzTest(maxDuration = "5m")
    void anyOperationsKeepTheInvariants(byte[] data) {
        new Run(data).go();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void randomOperationsKeepTheInvariants(long seed) {
        Random random = new Random(seed);
        int answered = 0;
        for (int run = 0; run < 300; run++) {
            byte[] data = new byte[300];
            random.nextBytes(data);
            Run operations = new Run(data);
            operations.go();
            answered += operations.answered;
        }
        assertThat(answered).as("calls that were answered").isGreaterThan(100); // it was not all for nothing
    }

    @Test
    void everyPrefixAndEveryChangedByteOfAKnownMessageDecodesOrIsRefused() {
        for (JsonNode script : Vectors.cases("protomux-rpc", "scripts").toList()) {
            for (JsonNode step : Vectors.elements(Vectors.field(script, "steps"))) {
                if (Vectors.has(step, "recv")) {
                    byte[] frame = Vectors.hex(step, "recv");
                    byte[] message = Arrays.copyOfRange(frame, Math.min(2, frame.length), frame.length);
                    Mutations.forEach(message, RpcFuzzTest::decode);
                }
            }
        }
    }

    /** What is decoded can be encoded and decoded again, to the same. */
    private static void decode(byte[] data) {
        try {
            RpcRequest request = RpcRequest.CODEC.decode(new Reader(ByteBuffer.wrap(data)));
            assertThat(RpcRequest.CODEC.decode(RpcRequest.CODEC.encode(request)))
                    .isEqualTo(request);
        } catch (DecodeException e) {
            assertThat(e).hasMessageMatching("Out of bounds|uint must be .*");
        }
        try {
            RpcResponse response = RpcResponse.CODEC.decode(new Reader(ByteBuffer.wrap(data)));
            assertThat(RpcResponse.CODEC.decode(RpcResponse.CODEC.encode(response)))
                    .isEqualTo(response);
        } catch (DecodeException e) {
            assertThat(e).hasMessageMatching("Out of bounds|uint must be .*");
        }
    }

    /** A list of operations, read from bytes. */
    private static final class Run {
        private final byte[] data;
        private int at;
        private long nowNanos;
        private final Muxer muxer = new Muxer();
        private final RpcChannel rpc;
        private final Set<Long> pending = new HashSet<>();
        private final List<Long> running = new ArrayList<>();
        private boolean closed;
        private boolean finished;
        int answered;

        Run(byte[] data) {
            this.data = data;
            RpcChannel opened = RpcChannel.open(
                    muxer, RpcOptions.of(RpcOptions.DEFAULT_PROTOCOL).withBounds(MAX_RUNNING, MAX_PENDING));
            if (opened == null) {
                throw new AssertionError("no channel");
            }
            rpc = opened;
            rpc.serve("m");
        }

        void go() {
            if (next() % 8 != 0) {
                muxer.onFrame(OPEN.asByteBuffer());
            }
            while (at < data.length) {
                step();
                drain();
                assertThat(running).hasSizeLessThanOrEqualTo(MAX_RUNNING);
                assertThat(pending).hasSizeLessThanOrEqualTo(MAX_PENDING);
            }
            muxer.onStreamClosed("end");
            drain();
            assertThat(pending).as("calls that never ended").isEmpty();
            assertThat(closed).isTrue();
            for (long handle : List.copyOf(running)) {
                rpc.answer(handle, Bytes.EMPTY);
            }
            running.clear();
            drain();
            assertThat(finished).isTrue();
            assertThat(muxer.pollFrame()).isNull();
        }

        private void step() {
            switch (next() % 12) {
                case 0, 1, 2 -> request();
                case 3, 4, 5 -> receive(1, plausibleResponse());
                case 6 -> receive(0, plausibleRequest());
                case 7 -> receive(next() % 2, anyBytes());
                case 8, 9 -> answer();
                case 10 -> {
                    nowNanos += next();
                    rpc.onTimeout(nowNanos);
                }
                default -> {
                    if (next() % 20 == 0) {
                        rpc.end();
                    }
                }
            }
        }

        private void request() {
            long id = rpc.request("m", Bytes.EMPTY, next() % 2 == 0 ? nowNanos + next() : RpcChannel.NO_DEADLINE);
            assertThat(pending.add(id)).isTrue();
            drain(); // one over the bound has ended by now
        }

        private void answer() {
            if (!running.isEmpty()) {
                long handle = running.remove(next() % running.size());
                switch (next() % 3) {
                    case 0 -> rpc.answer(handle, Bytes.copyOf((byte) 1));
                    case 1 -> rpc.answerFailure(handle, new RpcError.Cause("c"));
                    default -> rpc.answerUndecodable(handle, DecodeException.outOfBounds());
                }
                rpc.answer(handle, Bytes.EMPTY); // again: nothing happens
            }
        }

        private void receive(int type, Bytes body) {
            muxer.onFrame(new Writer().uint(1).uint(type).fixed(body).toByteBuffer());
        }

        private Bytes plausibleResponse() {
            int flags = next() % 3 == 0 ? next() % 16 : 0;
            Writer out = new Writer().uint8(flags).uint(next() % 12);
            if (flags % 2 == 1) {
                out.utf8("message")
                        .utf8("UNKNOWN_METHOD")
                        .utf8("cause")
                        .utf8("")
                        .utf8("");
            }
            return out.toBytes();
        }

        private Bytes plausibleRequest() {
            return new Writer()
                    .uint(next() % 3)
                    .utf8(next() % 4 == 0 ? "other" : "m")
                    .uint(7)
                    .toBytes();
        }

        private Bytes anyBytes() {
            int length = Math.min(next() % 32, data.length - at);
            Bytes bytes = Bytes.copyOf(data, at, length);
            at += length;
            return bytes;
        }

        private void drain() {
            note();
            for (MuxerEvent event = muxer.pollEvent(); event != null; event = muxer.pollEvent()) {
                if (event instanceof MuxerEvent.ChannelEvent ofChannel) {
                    rpc.onEvent(ofChannel);
                }
                note();
            }
            for (ByteBuffer frame = muxer.pollFrame(); frame != null; frame = muxer.pollFrame()) {
                assertThat(frame.hasRemaining()).isTrue();
            }
        }

        private void note() {
            for (RpcEvent event = rpc.pollEvent(); event != null; event = rpc.pollEvent()) {
                assertThat(finished && !(event instanceof RpcEvent.Failed))
                        .as("nothing after the last event but failures of later calls")
                        .isFalse();
                if (event instanceof RpcEvent.Responded responded) {
                    assertThat(pending.remove(responded.id())).isTrue();
                    answered++;
                } else if (event instanceof RpcEvent.Failed failed) {
                    assertThat(pending.remove(failed.id())).isTrue();
                } else if (event instanceof RpcEvent.RequestReceived request) {
                    running.add(request.handle());
                } else if (event instanceof RpcEvent.Closed) {
                    assertThat(closed).isFalse();
                    closed = true;
                } else if (event instanceof RpcEvent.Finished) {
                    assertThat(running).isEmpty();
                    finished = true;
                }
            }
        }

        private int next() {
            return at < data.length ? data[at++] & 0xff : 0;
        }
    }
}
