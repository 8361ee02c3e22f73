package org.aliasrpc.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.aliasrpc.spring.AliasRpcClientFactory;
import org.aliasrpc.spring.testing.FakeClient;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Bad input stops the start with a report that names the property, says what is allowed, and shows no secret. */
@ExtendWith(OutputCaptureExtension.class)
class FailureAnalysisTest {
    private static final String BAD_SECRET = "not-a-secret-but-nobody-must-see-it-anyhow";

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "client.server-public-key=                | alias-rpc.client.server-public-key | 52 characters",
                "client.server-public-key=abc             | alias-rpc.client.server-public-key | 64 hexadecimal",
                "client.target-public-key=abc             | alias-rpc.client.target-public-key | 64 hexadecimal",
                "client.alias=a:b                         | alias-rpc.client.alias             | must not contain",
                "client.alias=                            | alias-rpc.client.alias             | required",
                "client.interval=4h                       | alias-rpc.client.interval          | stale-after",
                "client.interval=0s                       | alias-rpc.client.interval          | At least",
                "client.interval=soon                     | alias-rpc.client.interval          | Duration",
                "client.stale-after=2000d                 | alias-rpc.client.stale-after       | days",
                "client.jitter=1                          | alias-rpc.client.jitter            | 0 to 0.99",
                "client.request-timeout=-1s               | alias-rpc.client.request-timeout   | At least",
                "client.retry.multiplier=0.5              | alias-rpc.client.retry.multiplier  | 1 to 1000",
                "client.retry.max-delay=1ms               | alias-rpc.client.retry.max-delay   | At least 1000",
                "client.startup.mode=maybe                | alias-rpc.client.startup.mode      | BLOCKING",
                "client.servers.default.secret=x          | alias-rpc.client.servers.default   | taken",
                "client.servers.eu.secret=SECRET          | alias-rpc.client.servers.eu.public-key | required",
                "dht.port=65536                           | alias-rpc.dht.port                 | 0 to 65535",
                "dht.bootstrap=localhost                  | alias-rpc.dht.bootstrap[0]         | host:port",
                "dht.transport=quic                       | alias-rpc.dht.transport            | EPOLL",
                "server.conflict-policy=fight             | alias-rpc.server.conflict-policy   | SAME_KEY",
                "server.expiry=0s                         | alias-rpc.server.expiry            | At least",
                "server.max-aliases=0                     | alias-rpc.server.max-aliases       | 1 to",
                "server.grace=-1s                         | alias-rpc.server.grace             | At least",
                "server.alias-pattern=(                   | alias-rpc.server.alias-pattern     | regular expression",
                "server.store.type=paper                  | alias-rpc.server.store.type        | FILE",
                "server.store.type=jdbc                   | alias-rpc.server.store.type        | one DataSource",
                "server.secrets.a.value=                  | alias-rpc.server.secrets.a.value   | missing",
                "server.secrets.a.aliases=team a          | alias-rpc.server.secrets.a.aliases[0] | A-Z",
                "server.secrets.a.not-after=soon          | alias-rpc.server.secrets.a.not-after | 2027-01-31",
                "server.limits.per-peer-rate=10           | alias-rpc.server.limits.per-peer-rate | such as 10/1m",
                "server.limits.unauthorised-rate=0/1m     | alias-rpc.server.limits.unauthorised-rate | 1 to 1000000",
                "server.limits.unauthorised-delay=1h      | alias-rpc.server.limits.unauthorised-delay | 2000 ms",
                "server.limits.connections=0              | alias-rpc.server.limits.connections | 1 to",
                "events.ring=0                            | alias-rpc.events.ring              | 1 to",
            })
    void theReportNamesThePropertyAndSaysWhatIsAllowed(
            String setting, String property, String allowed, CapturedOutput output) {
        fails("alias-rpc." + setting.replace("SECRET", Keys.SECRET));
        assertThat(output.getOut() + output.getErr())
                .contains("APPLICATION FAILED TO START")
                .contains(property)
                .contains(allowed)
                .doesNotContain(Keys.SECRET);
    }

    @ParameterizedTest
    @CsvSource({"client.secret", "server.secret", "server.secrets.a.value", "key-pair.seed", "client.servers.eu.secret"
    })
    void aBadSecretIsNamedAndNotShown(String property, CapturedOutput output) {
        fails(
                "alias-rpc.client.servers.eu.public-key=" + Keys.key(2),
                "alias-rpc.client.servers.eu.secret=" + Keys.SECRET,
                "alias-rpc." + property + "=" + BAD_SECRET);
        assertThat(output.getOut() + output.getErr())
                .contains("APPLICATION FAILED TO START")
                .contains("'alias-rpc." + property + "'")
                .contains("32 bytes")
                .doesNotContain(BAD_SECRET);
    }

    @Test
    void aMissingSecretIsNamed(CapturedOutput output) {
        fails("alias-rpc.client.secret=");
        assertThat(output).contains("'alias-rpc.client.secret'").contains("missing");
    }

    @Test
    void secretAndSecretFileExcludeEachOther(CapturedOutput output) {
        fails("alias-rpc.client.secret-file=/run/secrets/alias");
        assertThat(output)
                .contains("alias-rpc.client.secret")
                .contains("alias-rpc.client.secret-file")
                .contains("mutually exclusive")
                .doesNotContain(Keys.SECRET);
    }

    @Test
    void aServersNamedSecretHasAValueOrAFile(CapturedOutput output) {
        fails(
                "alias-rpc.server.secrets.team-a.value=" + Keys.seed(2),
                "alias-rpc.server.secrets.team-a.file=/run/secrets/team-a");
        assertThat(output)
                .contains("alias-rpc.server.secrets.team-a.value")
                .contains("alias-rpc.server.secrets.team-a.file")
                .contains("mutually exclusive")
                .doesNotContain(Keys.seed(2));
    }

    @Test
    void aServerWithoutAnySecretSaysWhereItMayStand(CapturedOutput output) {
        fails("alias-rpc.server.secret=");
        assertThat(output).contains("'alias-rpc.server.secret'").contains("alias-rpc.server.secrets");
    }

    @Test
    void aSecretFileThatIsNotThereIsNamed(CapturedOutput output) {
        fails("alias-rpc.server.secret=", "alias-rpc.server.secret-file=" + directory.resolve("absent"));
        assertThat(output).contains("alias-rpc.server.secret").doesNotContain(Keys.SECRET);
    }

    @Test
    void aSecretFileWithSomethingElseIsNamedAndNotShown(CapturedOutput output) throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), BAD_SECRET);
        fails(
                "alias-rpc.client.servers.eu.public-key=" + Keys.key(2),
                "alias-rpc.client.servers.eu.secret-file=" + file);
        assertThat(output)
                .contains("'alias-rpc.client.servers.eu.secret-file'")
                .contains("32 bytes")
                .doesNotContain(BAD_SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"client.servers.eu", "client.servers", "server.secrets.a", "server.secrets"})
    void aSecretInTheWrongPlaceIsNotShown(String property, CapturedOutput output) {
        fails("alias-rpc." + property + "=" + Keys.seed(2));
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("alias-rpc." + property)
                .doesNotContain(Keys.seed(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"client.secret", "server.secret"})
    void aSecretInsteadOfItsFileIsNotShown(String property, CapturedOutput output) {
        failsWithout("alias-rpc." + property, "alias-rpc." + property + "-file=" + Keys.seed(2));
        assertThat(output)
                .contains("'alias-rpc." + property + "-file'")
                .contains("looks like a secret")
                .doesNotContain(Keys.seed(2));
    }

    @Test
    void aDamagedKeyPairFileIsNamedAndNotShown(CapturedOutput output) throws IOException {
        Path file = Files.writeString(directory.resolve("seed"), BAD_SECRET);
        file.toFile().setReadable(false, false);
        file.toFile().setReadable(true, true);
        fails("alias-rpc.key-pair.location=" + file);
        assertThat(output)
                .contains("alias-rpc.key-pair.location")
                .contains("damaged")
                .doesNotContain(BAD_SECRET);
    }

    @Test
    void aFileThatAnotherServerUsesIsNamed(CapturedOutput output) throws IOException {
        Path file = directory.resolve("targets.json");
        try (FileChannel other = FileChannel.open(
                        directory.resolve("targets.json.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = other.lock()) {
            assertThat(held.isValid()).isTrue();
            fails("alias-rpc.server.store.type=file", "alias-rpc.server.store.location=" + file);
        }
        assertThat(output)
                .contains("Another process keeps its aliases in " + file)
                .contains("alias-rpc.server.store.location");
    }

    @Test
    void theFileOfTheTableIsNotTheOneForDiscovery(CapturedOutput output) {
        Path file = directory.resolve("targets.json");
        fails(
                "alias-rpc.server.store.type=file",
                "alias-rpc.server.store.location=" + file,
                "alias-rpc.server.discovery.file=" + file);
        assertThat(output).contains("alias-rpc.server.discovery.file").contains("another format");
    }

    @Test
    void aFileThatCannotBeMadeIsNamed(CapturedOutput output) throws IOException {
        Path noDirectory = Files.writeString(directory.resolve("file"), "");
        fails("alias-rpc.server.store.type=file", "alias-rpc.server.store.location=" + noDirectory.resolve("x.json"));
        assertThat(output).contains("x.json").contains("alias-rpc.server.store.location");
    }

    @Test
    void anUnfinishedRegistrationIsExplained(CapturedOutput output) {
        fails("alias-rpc.client.startup.fail-fast=true", "alias-rpc.client.startup.timeout=50ms");
        assertThat(output).contains("Not registered within 50 ms").contains("alias-rpc.dht.bootstrap");
    }

    /** Starts an application in both roles, where everything is right but what the settings say. */
    static void fails(String... settings) {
        failsWithout("nothing", settings);
    }

    /**
     * @param absent property that is not set
     */
    static void failsWithout(String absent, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(
                "--spring.main.banner-mode=off",
                "--alias-rpc.dht.host=127.0.0.1",
                "--alias-rpc.dht.port=0",
                "--alias-rpc.dht.bootstrap=127.0.0.1:1",
                "--spring.application.name=app",
                "--alias-rpc.server.enabled=true",
                "--alias-rpc.server.store.type=memory",
                "--alias-rpc.server.secret=" + Keys.SECRET,
                "--alias-rpc.client.server-public-key=" + Keys.key(1),
                "--alias-rpc.client.secret=" + Keys.SECRET));
        arguments.removeIf(argument -> argument.startsWith("--" + absent + "="));
        for (String setting : settings) {
            String name = setting.substring(0, setting.indexOf('=') + 1);
            arguments.removeIf(argument -> argument.startsWith("--" + name));
            arguments.add("--" + setting);
        }
        SpringApplication application = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .build();
        assertThatThrownBy(
                        () -> application.run(arguments.toArray(String[]::new)).close())
                .isInstanceOf(Exception.class);
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        AliasRpcAutoConfiguration.class,
        AliasRpcServerAutoConfiguration.class,
        AliasRpcClientAutoConfiguration.class
    })
    static class Application {
        @Bean
        AliasRpcClientFactory clients(org.springframework.beans.factory.ObjectProvider<org.aliasrpc.HyperDht> dht) {
            return (name, server) -> {
                dht.getObject();
                return new FakeClient(server.publicKey());
            };
        }
    }
}
