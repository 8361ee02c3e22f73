package org.aliasrpc.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every form of encoding.md as recorded from the reference (encoding.json), generation 3. */
class EncodingVectorTest {
    static Stream<JsonNode> roundtrip() {
        return Vectors.cases("encoding", "roundtrip");
    }

    static Stream<JsonNode> decode() {
        return Vectors.cases("encoding", "decode");
    }

    static Stream<JsonNode> bitsToBytes() {
        return Vectors.cases("encoding", "bitsToBytes");
    }

    @ParameterizedTest
    @MethodSource("roundtrip")
    void encodesAndDecodes(JsonNode vector) throws DecodeException {
        Codec<JsonNode> codec = JsonCodecs.named(Vectors.text(vector, "codec"));
        JsonNode value = Vectors.field(vector, "value");
        if (Vectors.has(vector, "encodeError")) {
            assertEncodeFails(codec, value, Vectors.text(vector, "encodeError"));
            return;
        }
        Bytes encoded = Vectors.bytes(vector, "encoded");
        if (hasLeadingZeros(value)) {
            // The reference cuts any text to four bytes. Ours refuses what is no address, as encoding.md §6, rule 6
            // asks.
            assertThatThrownBy(() -> codec.encode(value)).isInstanceOf(IllegalArgumentException.class);
        } else {
            assertThat(codec.encode(value)).isEqualTo(encoded);
        }
        assertDecodes(codec, encoded, Vectors.field(vector, "decoded"), encoded.length());
    }

    @ParameterizedTest
    @MethodSource("decode")
    void decodesOrRefuses(JsonNode vector) throws DecodeException {
        Codec<JsonNode> codec = JsonCodecs.named(Vectors.text(vector, "codec"));
        Bytes input = Vectors.bytes(vector, "input");
        if (Vectors.has(vector, "error")) {
            assertThatThrownBy(() -> codec.decode(input))
                    .isInstanceOf(DecodeException.class)
                    .hasMessage(Vectors.text(vector, "error"));
        } else {
            assertDecodes(codec, input, Vectors.field(vector, "value"), (int) Vectors.integer(vector, "consumed"));
        }
    }

    @ParameterizedTest
    @MethodSource("bitsToBytes")
    void packsBits(JsonNode vector) {
        List<Boolean> bits = JsonCodecs.list(Vectors.field(vector, "bits")).stream()
                .map(bit -> bit.intValue() == 1)
                .toList();
        Bytes packed = RareCodecs.bits(bits);
        assertThat(packed).isEqualTo(Vectors.bytes(vector, "bytes"));
        assertThat(packed.length()).isEqualTo((int) Vectors.integer(vector, "byteLength"));
    }

    private static void assertDecodes(Codec<JsonNode> codec, Bytes input, JsonNode expected, int consumed)
            throws DecodeException {
        Reader in = new Reader(input);
        // As text: numbers of one value may be of different node classes.
        assertThat(codec.decode(in)).hasToString(expected.toString());
        assertThat(input.length() - in.remaining()).isEqualTo(consumed);
    }

    private static void assertEncodeFails(Codec<JsonNode> codec, JsonNode value, String error) {
        if (value.isNull()) {
            // A byte string that may be absent is an optionalBuffer; elsewhere null is not a value here either.
            assertThatThrownBy(() -> codec.encode(value)).isInstanceOf(RuntimeException.class);
        } else {
            assertThatThrownBy(() -> codec.encode(value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(error);
        }
    }

    private static boolean hasLeadingZeros(JsonNode value) {
        return value.isString() && value.stringValue().matches("0\\d[.].*");
    }
}
