package org.aliasrpc.spring.autoconfigure;

import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.aliasrpc.spring.registration.RegistrationStatus;
import org.aliasrpc.spring.testing.Keys;
import org.aliasrpc.testing.TestHttp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.autoconfigure.audit.AuditAutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** Every role at level TRACE, every failure, every endpoint: no secret in any of it, in any notation. */
@ExtendWith(OutputCaptureExtension.class)
class SecretLeakTest {
    private static final String SEED = Keys.seed(0x37);
    private static final String THIEFS_SECRET = Keys.seed(0x1e);
    private static final String TEAM_SECRET = Keys.seed(0x2e);
    private static final String FILE_SECRET = Keys.seed(0x3e);
    private static final List<String> ENDPOINTS = List.of(
            "aliasrpc",
            "aliasrpcevents",
            "aliasrpc/app",
            "aliasrpctargets",
            "beans",
            "conditions",
            "configprops",
            "env",
            "health",
            "info",
            "loggers",
            "mappings",
            "metrics",
            "prometheus",
            "threaddump");

    /** Of the alias server beside Actuator: the scrape proxy and the status page. */
    private static final List<String> PAGES =
            List.of("/scrape/app/metrics", "/scrape/no/metrics", "/alias-rpc", "/alias-rpc/state");

    @TempDir
    Path directory;

    private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

    @AfterEach
    void close() {
        LoggingSystem system = LoggingSystem.get(getClass().getClassLoader());
        system.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.WARN);
        system.setLogLevel("org.aliasrpc", LogLevel.INFO);
        contexts.forEach(ConfigurableApplicationContext::close);
    }

    @Test
    void noSecretIsShownAnywhere(CapturedOutput output) throws Exception {
        StringBuilder shown = new StringBuilder();
        Path secretFile = directory.resolve("team-b");
        try (LocalTestnet testnet = LocalTestnet.start(3)) {
            String bootstrap = testnet.bootstrap().get(0).toString();
            var both = start(
                    bootstrap,
                    "spring.application.name=app",
                    "alias-rpc.key-pair.seed=" + SEED,
                    "alias-rpc.server.enabled=true",
                    "alias-rpc.server.store.type=memory",
                    "alias-rpc.server.status-page.enabled=true",
                    "management.prometheus.metrics.export.enabled=true",
                    "alias-rpc.server.secret=" + Keys.SECRET,
                    "alias-rpc.server.secrets.team-a.value=" + TEAM_SECRET,
                    "alias-rpc.server.secrets.team-a.not-after=2020-01-01",
                    "alias-rpc.server.secrets.team-b.file=" + Files.writeString(secretFile, FILE_SECRET),
                    "alias-rpc.client.secret=" + Keys.SECRET,
                    "alias-rpc.client.server-public-key=" + Keys.key(0x37),
                    "alias-rpc.client.servers.absent.public-key=" + Keys.key(0x51),
                    "alias-rpc.client.servers.absent.secret=" + THIEFS_SECRET,
                    "alias-rpc.client.request-timeout=1s",
                    // As the JVM's sun.java.command has them, or a variable that a placeholder names.
                    "a.command=app.jar --alias-rpc.client.secret=" + Keys.SECRET,
                    "A_VARIABLE=" + SEED);
            var thief = start(
                    bootstrap,
                    "spring.application.name=thief",
                    "alias-rpc.client.secret=" + THIEFS_SECRET,
                    "alias-rpc.client.server-public-key=" + Keys.key(0x37));
            await().until(() -> status(both, 0).state() == RegistrationStatus.State.REGISTERED
                    && status(both, 1).state() == RegistrationStatus.State.FAILING
                    && status(thief, 0).state() == RegistrationStatus.State.FAILING);
            for (ConfigurableApplicationContext context : List.of(both, thief)) {
                for (String endpoint : ENDPOINTS) {
                    shown.append(get(context, "/actuator/" + endpoint)).append('\n');
                }
                for (String page : PAGES) {
                    shown.append(get(context, page)).append('\n');
                }
            }
            close();
            contexts.clear();
        }
        shown.append(output.getAll());
        assertThat(shown.toString())
                .as("what was looked at")
                .contains(
                        "alias-unauthorised",
                        "alias-rpc.client",
                        "TRACE",
                        "team-a",
                        "unauthorisedRate",
                        "__metrics_path__",
                        "Registered applications",
                        "alias_rpc_server_aliases");
        assertHidden(shown.toString(), Keys.SECRET);
        assertHidden(shown.toString(), THIEFS_SECRET);
        assertHidden(shown.toString(), TEAM_SECRET);
        assertHidden(shown.toString(), FILE_SECRET);
        assertHidden(shown.toString(), SEED);
    }

    private static void assertHidden(String shown, String hex) {
        byte[] secret = HexFormat.of().parseHex(hex);
        String lower = shown.toLowerCase(Locale.ROOT);
        // Not by AssertJ's contains: on failure it would print the megabytes it has searched.
        assertThat(lower.contains(hex)).as("hexadecimal").isFalse();
        assertThat(lower.contains(PublicKey.of(secret).toString()))
                .as("z-base-32")
                .isFalse();
        assertThat(shown.contains(Base64.getEncoder().withoutPadding().encodeToString(secret)))
                .as("Base64")
                .isFalse();
        assertThat(shown.contains(Base64.getUrlEncoder().withoutPadding().encodeToString(secret)))
                .as("Base64 for URLs")
                .isFalse();
    }

    private static RegistrationStatus status(ConfigurableApplicationContext context, int index) {
        return context.getBean(AliasRegistrations.class).status().get(index);
    }

    private static String get(ConfigurableApplicationContext context, String path) throws InterruptedException {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        return TestHttp.get("http://127.0.0.1:" + port + path).body();
    }

    private ConfigurableApplicationContext start(String bootstrap, String... properties) {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .properties(
                        "spring.main.banner-mode=off",
                        "logging.level.root=TRACE",
                        "logging.level.org.aliasrpc=TRACE",
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "alias-rpc.dht.host=127.0.0.1",
                        "alias-rpc.dht.port=0",
                        "alias-rpc.dht.bootstrap=" + bootstrap,
                        "management.endpoints.web.exposure.include=*",
                        "management.endpoint.env.show-values=always",
                        "management.endpoint.configprops.show-values=always",
                        "management.endpoint.health.show-details=always",
                        "management.info.alias-rpc.enabled=true")
                .properties(properties)
                .run();
        contexts.add(context);
        return context;
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = AuditAutoConfiguration.class)
    static class Application {
        @EventListener
        void onAnything(Object event) {
            System.out.println(event);
        }
    }
}
