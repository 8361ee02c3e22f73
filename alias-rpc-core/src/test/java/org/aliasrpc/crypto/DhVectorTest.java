package org.aliasrpc.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import java.util.stream.Stream;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Key agreement as recorded from the reference (ed25519-dh.json). */
class DhVectorTest {
    static Stream<JsonNode> cases() {
        return Vectors.cases("ed25519-dh", "cases");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesOrRefusesAsTheReference(JsonNode vector) {
        KeyPair own = KeyPair.fromSeed(SecretBytes.copyOf(Vectors.hex(vector, "seed")));
        assertThat(own.publicKey().bytes()).isEqualTo(Vectors.bytes(vector, "publicKey"));

        Bytes encoded = Vectors.bytes(vector, "remotePublicKey");
        if (encoded.length() != PublicKey.LENGTH) {
            assertThat(Vectors.has(vector, "error")).isTrue();
            assertThatThrownBy(() -> PublicKey.of(encoded)).isInstanceOf(IllegalArgumentException.class);
            return;
        }
        DhPublicKey remote = DhPublicKey.of(PublicKey.of(encoded));
        if (Vectors.has(vector, "error")) {
            assertThat(remote).isNull();
        } else {
            assertThat(Objects.requireNonNull(remote).agree(own))
                    .isEqualTo(SecretBytes.copyOf(Vectors.hex(vector, "shared")));
        }
    }
}
