package org.aliasrpc.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Z32;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The textual forms of keys as recorded from the reference (ids.json). */
class IdsVectorTest {
    static Stream<JsonNode> encode() {
        return Vectors.cases("ids", "encode");
    }

    static Stream<JsonNode> decode() {
        return Vectors.cases("ids", "decode");
    }

    static Stream<JsonNode> decodeNonString() {
        return Vectors.cases("ids", "decodeNonString");
    }

    static Stream<JsonNode> z32() {
        return Vectors.cases("ids", "z32");
    }

    @ParameterizedTest
    @MethodSource("encode")
    void keysHaveOneCanonicalText(JsonNode vector) {
        Bytes bytes = Vectors.bytes(vector, "key");
        if (Vectors.has(vector, "error")) {
            assertThatThrownBy(() -> PublicKey.of(bytes))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(Vectors.text(vector, "error"));
            return;
        }
        PublicKey key = PublicKey.of(bytes);
        assertThat(key).hasToString(Vectors.text(vector, "z32"));
        assertThat(PublicKey.parse(Vectors.text(vector, "z32"))).isEqualTo(key);
    }

    @ParameterizedTest
    @MethodSource("decode")
    void parsesEveryTextOfAKeyAndNoOther(JsonNode vector) {
        String input = Vectors.text(vector, "input");
        if (Vectors.has(vector, "error")) {
            assertThat(Vectors.bool(vector, "valid")).isFalse();
            assertThat(Vectors.text(vector, "normalizeError")).isEqualTo(Vectors.text(vector, "error"));
            assertThatThrownBy(() -> PublicKey.parse(input))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(Vectors.text(vector, "error"));
        } else {
            assertThat(Vectors.bool(vector, "valid")).isTrue();
            PublicKey key = PublicKey.parse(input);
            assertThat(key.bytes()).isEqualTo(Vectors.bytes(vector, "key"));
            assertThat(key).hasToString(Vectors.text(vector, "normalized"));
        }
    }

    /** What is neither text nor bytes cannot be handed over in Java; the wrong number of bytes can. */
    @ParameterizedTest
    @MethodSource("decodeNonString")
    void takesBytesOfTheRightLengthOnly(JsonNode vector) {
        String input = Vectors.text(vector, "input");
        if (!input.endsWith(" bytes")) {
            assertThat(input).isIn("null", "number 5", "array of 32 numbers");
            assertThat(Vectors.text(vector, "error")).isEqualTo("Invalid Hypercore key");
            return;
        }
        byte[] bytes = new byte[Integer.parseInt(input.split(" ", -1)[0])];
        if (Vectors.has(vector, "error")) {
            assertThatThrownBy(() -> PublicKey.of(bytes))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Key must be 32-bytes long");
        } else {
            assertThat(PublicKey.of(bytes).bytes()).isEqualTo(Bytes.wrap(bytes));
        }
    }

    @ParameterizedTest
    @MethodSource("z32")
    void z32GoesBothWays(JsonNode vector) throws DecodeException {
        assertThat(Z32.encode(Vectors.bytes(vector, "bytes"))).isEqualTo(Vectors.text(vector, "z32"));
        assertThat(Z32.decode(Vectors.text(vector, "z32"))).isEqualTo(Vectors.bytes(vector, "decoded"));
    }
}
