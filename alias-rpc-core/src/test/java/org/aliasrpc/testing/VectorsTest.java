package org.aliasrpc.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class VectorsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "alias-rpc",
                "dht-rpc",
                "ed25519-dh",
                "encoding",
                "hyperdht",
                "ids",
                "keys",
                "metrics-rpc",
                "noise",
                "protomux",
                "protomux-rpc",
                "secretstream",
                "udx"
            })
    void everyFileIsRead(String name) {
        assertThat(Vectors.load(name).isObject()).isTrue();
    }

    @Test
    void aMissingFileFails() {
        assertThatThrownBy(() -> Vectors.load("nothing")).isInstanceOf(AssertionError.class);
    }

    @Test
    void fieldsAreReadByType() {
        JsonNode object =
                JsonMapper.shared().readTree("{\"hex\":\"00ff\",\"n\":9007199254740991,\"b\":true,\"nil\":null}");
        assertThat(Vectors.hex(object, "hex")).containsExactly(0, 0xff);
        assertThat(Vectors.bytes(object, "hex").toHex()).isEqualTo("00ff");
        assertThat(Vectors.integer(object, "n")).isEqualTo((1L << 53) - 1);
        assertThat(Vectors.bool(object, "b")).isTrue();
        assertThat(Vectors.has(object, "nil")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "n", "f", "text"})
    void aFieldOfAnotherTypeFails(String name) {
        JsonNode object = JsonMapper.shared().readTree("{\"n\":null,\"f\":1.5,\"text\":\"1\"}");
        assertThatThrownBy(() -> Vectors.integer(object, name)).isInstanceOf(AssertionError.class);
    }

    @Test
    void anEmptyArrayFails() {
        JsonNode empty = JsonMapper.shared().createArrayNode();
        assertThatThrownBy(() -> Vectors.elements(empty)).isInstanceOf(AssertionError.class);
    }
}
