package org.aliasrpc.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aliasrpc.spring.autoconfigure.AliasRpcServerSecretsProperties.NamedSecret;
import org.aliasrpc.spring.registry.ConflictPolicy;
import org.aliasrpc.spring.testing.FakeServer;
import org.aliasrpc.spring.testing.Keys;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Which secrets are live, and what happens when a file changes. */
@ExtendWith(OutputCaptureExtension.class)
class ServerSecretsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-06-01T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path directory;

    private final FakeServer server = new FakeServer();

    @Test
    void theSingleSecretIsGoodForEverythingBesideTheNamedOnes() {
        try (ServerSecrets secrets = secrets(
                Keys.SECRET,
                null,
                Map.of("team-a", new NamedSecret(Keys.seed(2), null, List.of("a-*"), "2026-06-01")))) {
            assertThat(secrets.values().keySet()).containsExactly("default", "team-a");
            assertThat(secrets.rules().get(0).aliases()).isEmpty();
            assertThat(secrets.rules().get(1).notAfter()).isEqualTo("2026-06-02T00:00:00Z");
            assertThat(secrets.describe().toString())
                    .isEqualTo("[{name=default, live=true}, {name=team-a, live=true,"
                            + " notAfter=2026-06-02T00:00:00Z, aliases=[a-*]}]");
        }
    }

    @Test
    void aSecretThatHasEndedIsToldAndStopsNothing(CapturedOutput output) {
        try (ServerSecrets secrets = secrets(
                null, null, Map.of("old", new NamedSecret(Keys.SECRET, null, List.of(), "2026-06-01T12:00:00Z")))) {
            secrets.reload(server);
            assertThat(secrets.describe().get(0)).containsEntry("live", false);
        }
        assertThat(output.getAll().split("The secret old of the alias server has ended", -1))
                .hasSize(2);
        assertThat(output).doesNotContain(Keys.SECRET);
    }

    @Test
    void aChangedFileReplacesItsSecretAndABrokenOneDoesNot(CapturedOutput output) throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), Keys.SECRET + "\n");
        try (ServerSecrets secrets =
                secrets(null, null, Map.of("team-a", new NamedSecret(null, file.toString(), List.of(), null)))) {
            secrets.reload(server);
            assertThat(server.secrets).isEmpty();

            Files.writeString(file, Keys.seed(3).substring(0, 40)); // half written
            secrets.reload(server);
            secrets.reload(server);
            Files.delete(file);
            secrets.reload(server);
            assertThat(server.secrets).isEmpty();
            assertThat(secrets.describe().get(0)).containsEntry("file", "broken");
            assertThat(output.getAll().split("alias-rpc.server.secrets.team-a.file stays as it is", -1))
                    .hasSize(2);

            Files.writeString(file, Keys.seed(3));
            secrets.reload(server);
            secrets.reload(server);
            assertThat(server.secrets).containsExactly(Map.of("team-a", Keys.seed(3)));
            assertThat(secrets.describe().get(0)).containsEntry("file", "ok");
        }
        assertThat(output)
                .contains("The file of alias-rpc.server.secrets.team-a.file has changed")
                .doesNotContain(Keys.SECRET)
                .doesNotContain(Keys.seed(3).substring(0, 40));
    }

    @Test
    void aFileThatBecomesTheSameAsAnotherSecretChangesNothing(CapturedOutput output) throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), Keys.seed(3));
        try (ServerSecrets secrets = secrets(
                Keys.SECRET, null, Map.of("team-a", new NamedSecret(null, file.toString(), List.of("a-*"), null)))) {
            Files.writeString(file, Keys.SECRET);
            secrets.reload(server);
            assertThat(server.secrets).isEmpty();
            assertThat(secrets.describe().get(1)).containsEntry("file", "broken");
            assertThat(output).contains("it is the same as alias-rpc.server.secret:");
        }
    }

    @Test
    void theFileOfTheSingleSecretIsReadAgainToo() throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), Keys.SECRET);
        try (ServerSecrets secrets = secrets(null, file.toString(), Map.of())) {
            Files.writeString(file, Keys.seed(3));
            secrets.reload(server);
            assertThat(server.secrets).containsExactly(Map.of("default", Keys.seed(3)));
        }
    }

    @Test
    void nothingIsReadAfterTheEnd() throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), Keys.SECRET);
        ServerSecrets secrets = secrets(null, file.toString(), Map.of());
        secrets.close();
        Files.writeString(file, Keys.seed(3));
        secrets.reload(server);
        assertThat(server.secrets).isEmpty();
    }

    @Test
    void wrongOnesAreNamed() {
        Map<String, NamedSecret> twice = new LinkedHashMap<>();
        twice.put("a", new NamedSecret(Keys.SECRET, null, List.of(), null));
        twice.put("b", new NamedSecret(Keys.SECRET, null, List.of(), null));
        assertThatThrownBy(() -> secrets(null, null, twice))
                .isInstanceOf(InvalidSecretPropertyException.class)
                .hasMessageContaining("alias-rpc.server.secrets.b.value")
                .hasMessageContaining("the same as alias-rpc.server.secrets.a.value");
        assertThatThrownBy(() -> secrets(null, null, Map.of())).hasMessageContaining("alias-rpc.server.secrets");
        assertThatThrownBy(() -> secrets(
                        Keys.SECRET, null, Map.of("default", new NamedSecret(Keys.seed(2), null, List.of(), null))))
                .isInstanceOf(InvalidConfigurationPropertyValueException.class)
                .hasMessageContaining("alias-rpc.server.secrets.default");
    }

    private static ServerSecrets secrets(
            @Nullable String secret, @Nullable String file, Map<String, NamedSecret> named) {
        return new ServerSecrets(
                new AliasRpcServerProperties(
                        true, secret, file, ConflictPolicy.REPLACE, Duration.ofHours(3), Duration.ZERO, 10, 100, ".*"),
                new AliasRpcServerSecretsProperties(named),
                CLOCK);
    }
}
