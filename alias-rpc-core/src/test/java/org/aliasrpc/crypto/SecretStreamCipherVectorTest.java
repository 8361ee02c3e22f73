package org.aliasrpc.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The stream cipher as recorded from the reference (secretstream.json, sequences and tampered). */
class SecretStreamCipherVectorTest {
    private static final int GUARD = 5;

    static Stream<JsonNode> sequences() {
        return Vectors.cases("secretstream", "sequences");
    }

    static Stream<JsonNode> tampered() {
        return Vectors.cases("secretstream", "tampered", "cases");
    }

    @ParameterizedTest
    @MethodSource("sequences")
    void sealsAndOpensEachMessageOfASequence(JsonNode vector) {
        SecretStreamCipher sender = cipher(vector);
        SecretStreamCipher receiver = cipher(vector);
        assertThat(sender.state()).isEqualTo(state(vector, "initialState"));
        if (vector.has("stateSetTo")) {
            sender.restore(state(vector, "stateSetTo"));
            receiver.restore(state(vector, "stateSetTo"));
        }
        for (JsonNode message : Vectors.elements(Vectors.field(vector, "messages"))) {
            byte[] plaintext = Vectors.hex(message, "message");
            byte[] sealed = Vectors.hex(message, "cipher");
            byte[] additional = message.has("ad") ? Vectors.hex(message, "ad") : new byte[0];
            int tag = (int) Vectors.integer(message, "tag");

            byte[] buffer = new byte[sealed.length + 2 * GUARD];
            System.arraycopy(plaintext, 0, buffer, GUARD + 1, plaintext.length);
            sender.seal(buffer, GUARD, plaintext.length, tag, additional);
            assertThat(Arrays.copyOfRange(buffer, GUARD, GUARD + sealed.length)).isEqualTo(sealed);
            assertThat(Arrays.copyOf(buffer, GUARD)).containsOnly(0);
            assertThat(Arrays.copyOfRange(buffer, GUARD + sealed.length, buffer.length))
                    .containsOnly(0);
            assertThat(sender.state()).isEqualTo(state(message, "after"));

            assertThat(receiver.open(buffer, GUARD, sealed.length, additional)).isEqualTo(tag);
            assertThat(Arrays.copyOfRange(buffer, GUARD + 1, GUARD + 1 + plaintext.length))
                    .isEqualTo(plaintext);
            assertThat(receiver.state()).isEqualTo(state(message, "after"));
        }
    }

    @ParameterizedTest
    @MethodSource("tampered")
    void refusesWhatWasChanged(JsonNode vector) {
        SecretStreamCipher receiver = cipher(vector);
        if (vector.has("afterReceiving")) {
            byte[] earlier = Vectors.hex(vector, "afterReceiving");
            assertThat(receiver.open(earlier, 0, earlier.length)).isNotEqualTo(SecretStreamCipher.FORGED);
        }
        byte[] before = receiver.state();
        byte[] buffer = Vectors.hex(vector, "cipher");
        int tag = receiver.open(buffer, 0, buffer.length);
        if (Vectors.has(vector, "error")) {
            assertThat(tag).isEqualTo(SecretStreamCipher.FORGED);
            assertThat(buffer).isEqualTo(Vectors.hex(vector, "cipher"));
        } else {
            assertThat(tag).isZero();
        }
        // The replayed message is recorded without this field: what is refused changes nothing, there neither.
        boolean unchanged = !vector.has("stateUnchanged") || Vectors.bool(vector, "stateUnchanged");
        assertThat(Arrays.equals(receiver.state(), before)).isEqualTo(unchanged);
    }

    @Test
    void goesOnAfterAForgedMessage() {
        JsonNode base = Vectors.field(Vectors.field(Vectors.load("secretstream"), "tampered"), "base");
        SecretStreamCipher receiver = cipher(base);
        byte[] good = Vectors.hex(base, "cipher");
        byte[] forged = good.clone();
        forged[3] ^= 1;
        assertThat(receiver.open(forged, 0, forged.length)).isEqualTo(SecretStreamCipher.FORGED);
        assertThat(receiver.open(good, 0, good.length)).isZero();
        assertThat(Bytes.copyOf(good, 1, good.length - SecretStreamCipher.OVERHEAD))
                .isEqualTo(Vectors.bytes(base, "message"));
    }

    private static SecretStreamCipher cipher(JsonNode vector) {
        return new SecretStreamCipher(SecretBytes.copyOf(Vectors.hex(vector, "key")), Vectors.bytes(vector, "header"));
    }

    private static byte[] state(JsonNode vector, String field) {
        JsonNode recorded = Vectors.field(vector, field);
        return Bytes.concat(Vectors.bytes(recorded, "key"), Vectors.bytes(recorded, "nonce"))
                .toByteArray();
    }
}
