package org.aliasrpc.alias;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.testing.Mutations;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Whatever a client sends: it is decoded or refused, no put runs without a right secret, and puts are bounded. */
class AliasFuzzTest {
    private static final int MAX_PUTS = 4;

    @FuzzTest(maxDuration = "2m")
    void anyBytesDecodeOrAreRefused(byte[] data) {
        decode(data);
    }

    @FuzzTest(maxDuration = "5m")
    void anyFramesKeepTheSessionsInvariants(byte[] data) {
        new Run(data).go();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void randomFramesKeepTheSessionsInvariants(long seed) {
        Random random = new Random(seed);
        int puts = 0;
        for (int run = 0; run < 300; run++) {
            byte[] data = new byte[300];
            random.nextBytes(data);
            Run operations = new Run(data);
            operations.go();
            puts += operations.succeeded;
        }
        assertThat(puts).as("puts that succeeded").isGreaterThan(100); // it was not all for nothing
    }

    @Test
    void everyPrefixAndEveryChangedByteOfAKnownMessageDecodesOrIsRefused() {
        List<String> messages = new ArrayList<>();
        for (String kind : List.of("request", "response")) {
            Vectors.cases("alias-rpc", kind, "decode")
                    .map(test -> Vectors.text(test, "hex"))
                    .forEach(messages::add);
            Vectors.cases("alias-rpc", kind, "encode")
                    .filter(test -> test.has("hex"))
                    .map(AliasFuzzTest::hexOf)
                    .forEach(messages::add);
        }
        for (String message : messages) {
            byte[] bytes = Vectors.hex(message);
            Mutations.forEach(bytes, AliasFuzzTest::decode);
        }
    }

    private static String hexOf(JsonNode test) {
        return Vectors.text(test, "hex");
    }

    /** What is decoded can be encoded and decoded again, to the same. */
    private static void decode(byte[] data) {
        try {
            AliasRequest request = AliasRequestCodec.INSTANCE.decode(new Reader(ByteBuffer.wrap(data)));
            AliasRequest again = AliasRequestCodec.INSTANCE.decode(AliasRequestCodec.INSTANCE.encode(request));
            assertThat(again).isEqualTo(request);
        } catch (DecodeException e) {
            assertThat(e).hasMessageMatching("Out of bounds|uint must be .*|Cannot decode RegisterRequest of .*");
        }
        try {
            AliasResponse response = AliasResponseCodec.INSTANCE.decode(new Reader(ByteBuffer.wrap(data)));
            assertThat(AliasResponseCodec.INSTANCE.decode(AliasResponseCodec.INSTANCE.encode(response)))
                    .isEqualTo(response);
        } catch (DecodeException e) {
            assertThat(e).hasMessageMatching("Out of bounds|uint must be .*|Cannot decode AliasResp of .*");
        }
    }

    /** A list of operations, read from bytes. */
    private static final class Run {
        private final byte[] data;
        private int at;
        private final AliasServerSession session = new AliasServerSession(
                new AliasConnection(new UUID(0, 1), AliasNetwork.CLIENT, PeerAddress.of("127.0.0.1", 40000)),
                SecretCheck.anyOf(List.of(AliasNetwork.SECRET)),
                new AliasServerLimits(MAX_PUTS, 1000),
                0);
        private final List<Long> puts = new ArrayList<>();
        private int rightSecrets;
        private int requested;
        private boolean closeTold;
        int succeeded;

        Run(byte[] data) {
            this.data = data;
        }

        void go() {
            session.onFrame(
                    Bytes.fromHex("0001010e72656769737465722d616c69617300").asByteBuffer(), 0);
            while (at < data.length) {
                step();
                poll();
                assertThat(puts).hasSizeLessThanOrEqualTo(MAX_PUTS);
                assertThat(requested).isLessThanOrEqualTo(rightSecrets);
            }
            session.onConnectionClosed(next() % 2 == 0 ? null : "reset");
            poll();
            assertThat(closeTold).isTrue();
            for (long put : puts) {
                session.onPutResult(put, true);
            }
            poll();
            assertThat(session.isFinished()).isTrue();
        }

        private void step() {
            switch (next() % 8) {
                case 0, 1, 2 -> request();
                case 3 -> session.onFrame(ByteBuffer.wrap(anyFrame()), 0);
                case 4 -> session.onPutResult(1000 + next(), true); // never asked for
                case 5 -> session.onPutFailed(1000 + next(), new IllegalStateException("any"));
                default -> {
                    if (!puts.isEmpty()) {
                        long put = puts.remove(next() % puts.size());
                        if (next() % 4 == 0) {
                            session.onPutFailed(put, new IllegalStateException("no"));
                        } else {
                            session.onPutResult(put, next() % 2 == 0);
                        }
                    }
                }
            }
        }

        private void request() {
            Writer out = new Writer()
                    .uint(1)
                    .uint(0)
                    .uint(next() % 5)
                    .utf8(next() % 16 == 0 ? "other" : "alias")
                    .uint(next() % 16 == 0 ? 2 : 1)
                    .uint(1);
            boolean right = next() % 4 != 0;
            rightSecrets += right ? 1 : 0;
            out.fixed(Bytes.fromHex((right ? "55" : "56").repeat(32)))
                    .utf8("alias")
                    .fixed(AliasNetwork.TARGET.bytes())
                    .utf8("h");
            if (next() % 16 != 0) {
                out.utf8("s");
            }
            session.onFrame(out.toByteBuffer(), 0);
        }

        private byte[] anyFrame() {
            if (next() % 8 != 0) {
                return new byte[] {1, 0, (byte) next(), 5, 'a', 'l', 'i', 'a', 's', (byte) next(), (byte) next()};
            }
            int length = Math.min(next() % 40, data.length - at);
            byte[] frame = Arrays.copyOfRange(data, at, at + length);
            at += length;
            return frame;
        }

        private void poll() {
            for (AliasServerEvent event = session.pollEvent(); event != null; event = session.pollEvent()) {
                if (event instanceof AliasServerEvent.PutRequested put) {
                    puts.add(put.requestId());
                } else if (event instanceof AliasServerEvent.Requested) {
                    requested++;
                } else if (event instanceof AliasServerEvent.Succeeded) {
                    succeeded++;
                } else if (event instanceof AliasServerEvent.ConnectionClose) {
                    assertThat(closeTold).isFalse();
                    closeTold = true;
                }
            }
            for (ByteBuffer frame = session.pollFrame(); frame != null; frame = session.pollFrame()) {
                assertThat(frame.hasRemaining()).isTrue();
            }
        }

        private int next() {
            return at < data.length ? data[at++] & 0xff : 0;
        }
    }
}
