package org.aliasrpc.spring.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.testing.RegistryFixture;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The bytes that the Node bridge wrote, in both directions. */
class TargetsFileVectorTest {
    static Stream<JsonNode> cases() {
        return Vectors.load("targets-file").get("cases").valueStream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void ourBytesAreTheBridges(JsonNode recorded) {
        byte[] file = HexFormat.of().parseHex(recorded.get("file").stringValue());
        List<StoredAlias> aliases = new ArrayList<>();
        for (JsonNode entry : recorded.get("entries")) {
            aliases.add(new StoredAlias(
                    new AliasEntry(
                            entry.get("alias").stringValue(),
                            PublicKey.parse(entry.get("targetPublicKey").stringValue()),
                            entry.get("hostname").stringValue(),
                            entry.get("service").stringValue(),
                            RegistryFixture.START,
                            RegistryFixture.START,
                            RegistryFixture.START,
                            PublicKey.parse("00".repeat(32)),
                            new UUID(0, 0)),
                    false));
        }
        assertThat(new String(TargetsFile.encode(aliases), StandardCharsets.UTF_8))
                .isEqualTo(new String(file, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void weReadWhatTheBridgeReads(JsonNode recorded) {
        byte[] file = HexFormat.of().parseHex(recorded.get("file").stringValue());
        TargetsFile.Content content = TargetsFile.decode(file, target -> Optional.empty());
        List<List<String>> read = new ArrayList<>();
        recorded.get("read")
                .forEach(target ->
                        read.add(target.valueStream().map(JsonNode::stringValue).toList()));
        assertThat(content.problems()).isEmpty();
        assertThat(content.damaged()).isFalse();
        assertThat(content.targets().values().stream()
                        .map(target -> List.of(
                                target.alias(), target.publicKey().toString(), target.hostname(), target.service())))
                .isEqualTo(read);
    }
}
