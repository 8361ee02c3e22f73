package org.aliasrpc.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Each kind of bad input stops the start with a report that names the property and shows no secret. */
@ExtendWith(OutputCaptureExtension.class)
class BadInputTest {
    /** Notations of a secret, each wrong in its own way: the first characters must not be shown. */
    private static final String SHORT = "a5".repeat(31);

    private static final String NOT_HEX = "g" + "5a".repeat(31) + "5";
    private static final String NOT_Z32 = "0" + "y".repeat(51);

    @TempDir
    Path directory;

    static Stream<Arguments> secrets() {
        return Stream.of("client.secret", "server.secret", "key-pair.seed")
                .flatMap(property ->
                        Stream.of(SHORT, NOT_HEX, NOT_Z32).map(text -> Arguments.of("alias-rpc." + property, text)));
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void aSecretThatIsShortOrInNoNotation(String property, String text, CapturedOutput output) {
        FailureAnalysisTest.fails(property + "=" + text);
        assertThat(output.getAll())
                .contains("APPLICATION FAILED TO START")
                .contains("'" + property + "'")
                .contains("64 hexadecimal digits or 52 characters of z-base-32")
                .doesNotContain(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"client.secret", "server.secret", "client.servers.eu.secret"})
    void aSecretThatIsMissing(String property, CapturedOutput output) {
        FailureAnalysisTest.fails(
                "alias-rpc.client.servers.eu.public-key=" + Keys.key(2),
                "alias-rpc.client.servers.eu.secret=" + Keys.SECRET,
                "alias-rpc." + property + "=");
        assertThat(output.getAll())
                .contains("'alias-rpc." + property + "'")
                .contains("missing")
                .doesNotContain(Keys.SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"client.secret-file", "server.secret-file"})
    void aSecretFileThatCannotBeRead(String property, CapturedOutput output) {
        String secret = "alias-rpc." + property.replace("-file", "");
        FailureAnalysisTest.failsWithout(secret, "alias-rpc." + property + "=" + directory.resolve("absent"));
        assertThat(output.getAll())
                .contains("'alias-rpc." + property + "'")
                .contains("cannot be read")
                .doesNotContain(Keys.SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"client", "server"})
    void bothSecretAndSecretFile(String role, CapturedOutput output) throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), Keys.seed(7));
        FailureAnalysisTest.fails("alias-rpc." + role + ".secret-file=" + file);
        assertThat(output.getAll())
                .contains("alias-rpc." + role + ".secret-file")
                .contains("mutually exclusive")
                .doesNotContain(Keys.SECRET)
                .doesNotContain(Keys.seed(7));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aPublicKeyThatIsMissingShortOrInNoNotation(String property, String text, CapturedOutput output) {
        FailureAnalysisTest.fails("alias-rpc.client." + property + "=" + text);
        assertThat(output.getAll())
                .contains("APPLICATION FAILED TO START")
                .contains("'alias-rpc.client." + property + "'")
                .contains("52 characters of z-base-32 or 64 hexadecimal digits")
                .doesNotContain(Keys.SECRET);
    }

    static Stream<Arguments> keys() {
        return Stream.concat(
                Stream.of(Arguments.of("server-public-key", "")),
                Stream.of("server-public-key", "target-public-key")
                        .flatMap(property ->
                                Stream.of(SHORT, NOT_HEX, NOT_Z32).map(text -> Arguments.of(property, text))));
    }

    @Test
    void aKeyPairFileThatCannotBeRead(CapturedOutput output) {
        FailureAnalysisTest.fails("alias-rpc.key-pair.location=" + directory);
        assertThat(output.getAll()).contains("APPLICATION FAILED TO START").contains("'alias-rpc.key-pair.location'");
    }

    @Test
    void aKeyPairFileThatOthersMayRead(CapturedOutput output) throws IOException {
        Path file = Files.writeString(directory.resolve("seed"), Keys.seed(9));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        FailureAnalysisTest.fails("alias-rpc.key-pair.location=" + file);
        assertThat(output.getAll())
                .contains("'alias-rpc.key-pair.location'")
                .contains("chmod 600")
                .doesNotContain(Keys.seed(9));
    }

    static Stream<Arguments> aliases() {
        return Stream.of(
                Arguments.of("a".repeat(101), "at most 100 characters"),
                Arguments.of("a:b", "must not contain"),
                Arguments.of("a/b", "must not contain"),
                Arguments.of("a\u0007b", "control characters"),
                Arguments.of("", "required"));
    }

    @ParameterizedTest
    @MethodSource("aliases")
    void anAliasThatBreaksDiscovery(String alias, String allowed, CapturedOutput output) {
        FailureAnalysisTest.fails("alias-rpc.client.alias=" + alias);
        assertThat(output.getAll())
                .contains("APPLICATION FAILED TO START")
                .contains("'alias-rpc.client.alias'")
                .contains(allowed);
    }

    @Test
    void anApplicationsNameThatBreaksDiscoveryAsItsAlias(CapturedOutput output) {
        FailureAnalysisTest.fails("spring.application.name=a:b");
        assertThat(output.getAll()).contains("'alias-rpc.client.alias'").contains("comes from spring.application.name");
    }

    @Test
    void anIntervalAboveStaleAfter(CapturedOutput output) {
        FailureAnalysisTest.fails("alias-rpc.client.interval=2h", "alias-rpc.client.stale-after=1h");
        assertThat(output.getAll())
                .contains("'alias-rpc.client.interval'")
                .contains("alias-rpc.client.stale-after (PT1H)");
    }

    @Test
    void anUnknownConflictPolicy(CapturedOutput output) {
        FailureAnalysisTest.fails("alias-rpc.server.conflict-policy=fight");
        assertThat(output.getAll())
                .contains("alias-rpc.server.conflict-policy")
                .contains("REPLACE")
                .contains("SAME_KEY")
                .contains("REJECT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:", "localhost:port", "127.0.0.1:70000", "127.0.0.1:0"})
    void aBootstrapEntryWithoutAUsablePort(String entry, CapturedOutput output) {
        FailureAnalysisTest.fails("alias-rpc.dht.bootstrap=" + entry);
        assertThat(output.getAll())
                .contains("'alias-rpc.dht.bootstrap[0]'")
                .contains("host:port, the port from 1 to 65535");
    }
}
