package org.aliasrpc.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The messages of metrics-rpc.json in both directions. */
class MetricsVectorTest {
    static Stream<JsonNode> encodedRequests() {
        return Vectors.cases("metrics-rpc", "request", "encode");
    }

    static Stream<JsonNode> decodedRequests() {
        return Vectors.cases("metrics-rpc", "request", "decode");
    }

    static Stream<JsonNode> encodedReplies() {
        return Vectors.cases("metrics-rpc", "reply", "encode");
    }

    static Stream<JsonNode> decodedReplies() {
        return Vectors.cases("metrics-rpc", "reply", "decode");
    }

    @ParameterizedTest
    @MethodSource("encodedRequests")
    void encodesRequests(JsonNode test) throws DecodeException {
        Bytes encoded = MetricsRequestCodec.INSTANCE.encode(request(Vectors.field(test, "input")));
        assertThat(encoded.toHex()).isEqualTo(Vectors.text(test, "hex"));
        compareRequest(encoded, test);
    }

    @ParameterizedTest
    @MethodSource("decodedRequests")
    void decodesRequests(JsonNode test) throws DecodeException {
        compareRequest(Vectors.bytes(test, "hex"), test);
    }

    @ParameterizedTest
    @MethodSource("encodedReplies")
    void encodesReplies(JsonNode test) throws DecodeException {
        Bytes encoded = MetricsReplyCodec.INSTANCE.encode(reply(Vectors.field(test, "input")));
        if (test.has("hex")) {
            assertThat(encoded.toHex()).isEqualTo(Vectors.text(test, "hex"));
        } else {
            assertThat(encoded.length()).isEqualTo((int) Vectors.integer(test, "length"));
            String prefix = Vectors.text(test, "prefixHex");
            assertThat(encoded.slice(0, prefix.length() / 2).toHex()).isEqualTo(prefix);
            assertThat(sha256(encoded)).isEqualTo(Vectors.text(test, "sha256"));
        }
        compareReply(encoded, test);
    }

    @ParameterizedTest
    @MethodSource("decodedReplies")
    void decodesReplies(JsonNode test) throws DecodeException {
        compareReply(Vectors.bytes(test, "hex"), test);
    }

    private static void compareRequest(Bytes encoded, JsonNode test) throws DecodeException {
        if (test.has("decoded")) {
            assertThat(MetricsRequestCodec.INSTANCE.decode(encoded)).isEqualTo(request(Vectors.field(test, "decoded")));
        } else {
            assertThatThrownBy(() -> MetricsRequestCodec.INSTANCE.decode(encoded))
                    .isInstanceOf(DecodeException.class)
                    .hasMessage(Vectors.text(test, "error"));
        }
    }

    private static void compareReply(Bytes encoded, JsonNode test) throws DecodeException {
        if (test.has("decoded")) {
            // Bytes that are no text are handed on as they are; the recorded texts show what a reader makes of them.
            assertThat(asText(MetricsReplyCodec.INSTANCE.decode(encoded)))
                    .isEqualTo(asText(reply(Vectors.field(test, "decoded"))));
        } else {
            assertThatThrownBy(() -> MetricsReplyCodec.INSTANCE.decode(encoded))
                    .isInstanceOf(DecodeException.class)
                    .hasMessage(Vectors.text(test, "error"));
        }
    }

    /** A version that is not given is our own. */
    private static MetricsRequest request(JsonNode fields) {
        return new MetricsRequest(
                fields.has("major") ? Vectors.integer(fields, "major") : 1,
                fields.has("minor") ? Vectors.integer(fields, "minor") : 1);
    }

    private static MetricsReply reply(JsonNode fields) {
        return fields.has("success") && Vectors.bool(fields, "success")
                ? collected(string(fields, "metrics"))
                : new MetricsReply.Refused(string(fields, "errorMessage"));
    }

    private static MetricsReply asText(MetricsReply reply) {
        return reply instanceof MetricsReply.Collected collected
                ? collected(UTF_8.decode(collected.metrics()).toString())
                : reply;
    }

    private static MetricsReply collected(String metrics) {
        return new MetricsReply.Collected(Bytes.utf8(metrics).asByteBuffer());
    }

    /** A text, given as it is or as a repeated one. */
    private static String string(JsonNode fields, String name) {
        JsonNode value = Vectors.field(fields, name);
        return value.isObject()
                ? Vectors.text(value, "repeat").repeat((int) Vectors.integer(value, "times"))
                : Vectors.text(fields, name);
    }

    private static String sha256(Bytes content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content.toByteArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
