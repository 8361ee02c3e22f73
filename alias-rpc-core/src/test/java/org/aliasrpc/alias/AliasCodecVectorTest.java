package org.aliasrpc.alias;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The messages of alias-rpc.json in both directions. */
class AliasCodecVectorTest {
    static Stream<JsonNode> encodedRequests() {
        return Vectors.cases("alias-rpc", "request", "encode");
    }

    static Stream<JsonNode> decodedRequests() {
        return Vectors.cases("alias-rpc", "request", "decode");
    }

    static Stream<JsonNode> encodedResponses() {
        return Vectors.cases("alias-rpc", "response", "encode");
    }

    static Stream<JsonNode> decodedResponses() {
        return Vectors.cases("alias-rpc", "response", "decode");
    }

    @ParameterizedTest
    @MethodSource("encodedRequests")
    void encodesRequests(JsonNode test) throws DecodeException {
        JsonNode input = Vectors.field(test, "input");
        if (!test.has("hex") && !test.has("sha256")) {
            // A value of another length cannot even be built here; the reference fails when it encodes.
            assertThat(Vectors.text(test, "error")).isEqualTo("Incorrect buffer size");
            assertThatThrownBy(() -> request(input)).isInstanceOf(IllegalArgumentException.class);
            return;
        }
        AliasRequestCodec codec = new AliasRequestCodec(version(input, "major"), version(input, "minor"));
        Bytes encoded = codec.encode(request(input));
        compareEncoded(encoded, test);
        if (test.has("decoded")) {
            compare(codec.decode(encoded), Vectors.field(test, "decoded"));
        } else {
            assertThatThrownBy(() -> codec.decode(encoded))
                    .isInstanceOf(DecodeException.class)
                    .hasMessage(Vectors.text(test, "error"));
        }
    }

    @ParameterizedTest
    @MethodSource("decodedRequests")
    void decodesRequests(JsonNode test) throws DecodeException {
        Bytes encoded = Vectors.bytes(test, "hex");
        if (test.has("decoded")) {
            AliasRequest decoded = AliasRequestCodec.INSTANCE.decode(encoded);
            compare(decoded, Vectors.field(test, "decoded"));
        } else {
            assertThatThrownBy(() -> AliasRequestCodec.INSTANCE.decode(encoded))
                    .isInstanceOf(DecodeException.class)
                    .hasMessage(Vectors.text(test, "error"));
        }
    }

    @ParameterizedTest
    @MethodSource("encodedResponses")
    void encodesResponses(JsonNode test) throws DecodeException {
        JsonNode input = Vectors.field(test, "input");
        AliasResponseCodec codec = new AliasResponseCodec(version(input, "major"), version(input, "minor"));
        Bytes encoded = codec.encode(response(input));
        compareEncoded(encoded, test);
        if (test.has("decoded")) {
            assertThat(codec.decode(encoded)).isEqualTo(response(Vectors.field(test, "decoded")));
        } else {
            assertThatThrownBy(() -> codec.decode(encoded))
                    .isInstanceOf(DecodeException.class)
                    .hasMessage(Vectors.text(test, "error"));
        }
    }

    @ParameterizedTest
    @MethodSource("decodedResponses")
    void decodesResponses(JsonNode test) throws DecodeException {
        Bytes encoded = Vectors.bytes(test, "hex");
        if (test.has("decoded")) {
            assertThat(AliasResponseCodec.INSTANCE.decode(encoded)).isEqualTo(response(Vectors.field(test, "decoded")));
        } else {
            assertThatThrownBy(() -> AliasResponseCodec.INSTANCE.decode(encoded))
                    .isInstanceOf(DecodeException.class)
                    .hasMessage(Vectors.text(test, "error"));
        }
    }

    private static long version(JsonNode input, String name) {
        return input.has(name) ? Vectors.integer(input, name) : 0;
    }

    private static AliasRequest request(JsonNode fields) {
        return new AliasRequest(
                SecretBytes.copyOf(Vectors.hex(fields, "secret")),
                new Registration(
                        string(fields, "alias"),
                        new PublicKey(Vectors.bytes(fields, "targetPublicKey")),
                        string(fields, "hostname"),
                        string(fields, "service")));
    }

    /** What is not written counts as false, as in the reference. */
    private static AliasResponse response(JsonNode fields) {
        return Vectors.bool(fields, "success")
                ? new AliasResponse.Registered(fields.has("updated") && Vectors.bool(fields, "updated"))
                : new AliasResponse.Refused(string(fields, "errorMessage"));
    }

    private static void compare(AliasRequest decoded, JsonNode expected) {
        AliasRequest wanted = request(expected);
        assertThat(decoded.registration().targetPublicKey())
                .isEqualTo(wanted.registration().targetPublicKey());
        assertThat(decoded.registration().hostname())
                .isEqualTo(wanted.registration().hostname());
        assertThat(decoded.registration().service())
                .isEqualTo(wanted.registration().service());
        assertThat(decoded.registration().alias())
                .isEqualTo(wanted.registration().alias());
        assertThat(decoded.secret()).isEqualTo(wanted.secret());
    }

    private static void compareEncoded(Bytes encoded, JsonNode test) {
        if (test.has("hex")) {
            assertThat(encoded.toHex()).isEqualTo(Vectors.text(test, "hex"));
            return;
        }
        assertThat(encoded.length()).isEqualTo((int) Vectors.integer(test, "length"));
        assertThat(encoded.toHex()).startsWith(Vectors.text(test, "prefixHex"));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(encoded.toByteArray());
            assertThat(HexFormat.of().formatHex(hash)).isEqualTo(Vectors.text(test, "sha256"));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** A text, given as it is or as a repeated one. */
    private static String string(JsonNode fields, String name) {
        JsonNode value = Vectors.field(fields, name);
        return value.isObject()
                ? Vectors.text(value, "repeat").repeat((int) Vectors.integer(value, "times"))
                : Vectors.text(fields, name);
    }
}
