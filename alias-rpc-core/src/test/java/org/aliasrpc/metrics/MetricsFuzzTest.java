package org.aliasrpc.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.testing.Mutations;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a peer sends is decoded or refused. */
class MetricsFuzzTest {
    @FuzzTest(maxDuration = "2m")
    void anyBytesDecodeOrAreRefused(byte[] data) {
        decode(data);
    }

    @ParameterizedTest
    @ValueSource(strings = {"request", "reply"})
    void everyPrefixAndEveryChangedByteOfAKnownMessageDecodesOrIsRefused(String kind) {
        Stream.concat(
                        Vectors.cases("metrics-rpc", kind, "decode"),
                        Vectors.cases("metrics-rpc", kind, "encode").filter(test -> test.has("hex")))
                .map(test -> Vectors.hex(test, "hex"))
                .forEach(message -> Mutations.forEach(message, MetricsFuzzTest::decode));
    }

    /** What is decoded can be encoded and decoded again, to the same. */
    private static void decode(byte[] data) {
        try {
            MetricsRequest request = MetricsRequestCodec.INSTANCE.decode(new Reader(ByteBuffer.wrap(data)));
            assertThat(request.major()).isOne();
            assertThat(request.minor()).isBetween(0L, 1L);
        } catch (DecodeException e) {
            assertThat(e).hasMessageMatching("Out of bounds|uint must be .*|Cannot decode RegisterRequest of .*");
        }
        try {
            MetricsReply reply = MetricsReplyCodec.INSTANCE.decode(new Reader(ByteBuffer.wrap(data)));
            assertThat(MetricsReplyCodec.INSTANCE.decode(MetricsReplyCodec.INSTANCE.encode(reply)))
                    .isEqualTo(reply);
        } catch (DecodeException e) {
            assertThat(e).hasMessageMatching("Out of bounds|uint must be .*|Cannot decode MetricsReply of .*");
        }
    }
}
