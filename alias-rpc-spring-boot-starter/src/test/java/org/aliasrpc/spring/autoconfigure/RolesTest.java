package org.aliasrpc.spring.autoconfigure;

import static org.aliasrpc.testing.Waiting.await;
import static org.aliasrpc.testing.Waiting.awaitQuietly;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.aliasrpc.AliasRegistrar;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.spring.AliasRpcIdentity;
import org.aliasrpc.spring.event.AliasRpcEvent;
import org.aliasrpc.spring.event.AliasRpcServerEvent;
import org.aliasrpc.spring.event.AliasRpcServerListeningEvent;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.aliasrpc.spring.registration.RegistrationStatus;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.aliasrpc.spring.testing.Keys;
import org.aliasrpc.testing.Testnets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** Whole applications in their roles, over a real DHT on the loopback address. */
class RolesTest {
    @AutoClose
    private static final LocalTestnet testnet = Testnets.start(3);

    private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

    @AfterEach
    void close() {
        contexts.forEach(ConfigurableApplicationContext::close);
    }

    @Test
    void aClientRegistersWithAServerAndBothTellIt() {
        var server = server();
        awaitListening(server);
        var client = client(server, "app");
        awaitRegistered(client);

        assertThat(server.getBean(AliasRegistry.class).find("app")).hasValueSatisfying(entry -> {
            assertThat(entry.targetPublicKey())
                    .isEqualTo(client.getBean(AliasRpcIdentity.class).metrics().publicKey());
            assertThat(entry.service()).isEqualTo("app");
        });
        await().untilAsserted(
                        () -> assertThat(types(client)).containsExactly("alias-attempt", "register-alias-success"));
        await().untilAsserted(() ->
                assertThat(types(server)).containsExactly("connection-open", "alias-request", "alias-success"));

        client.close();
        await().untilAsserted(() -> assertThat(types(server)).endsWith("connection-close"));
    }

    @Test
    void aRestartWithTheSameIdentityIsNotAnUpdate() {
        var server = server();
        awaitListening(server);
        for (int start = 0; start < 2; start++) {
            var client = client(server, "app", "alias-rpc.key-pair.seed=" + Keys.seed(3));
            awaitRegistered(client);
            client.close();
        }
        await().untilAsserted(() -> assertThat(server.getBean(Heard.class).events.stream()
                        .filter(AliasRpcServerEvent.AliasSuccess.class::isInstance)
                        .map(AliasRpcServerEvent.AliasSuccess.class::cast)
                        .map(AliasRpcServerEvent.AliasSuccess::updated))
                .containsExactly(true, false));
    }

    @Test
    void aClientThatStartsBeforeItsServerFindsItLater() {
        var client = client(Keys.key(61).toString(), "early", "alias-rpc.client.request-timeout=1s");
        await().until(() -> status(client).lastError() != null);
        assertThat(status(client).lastError()).isEqualTo("peer_not_found");

        var server = server("alias-rpc.key-pair.seed=" + Keys.seed(61));
        awaitListening(server);
        awaitRegistered(client);
        assertThat(server.getBean(AliasRegistry.class).find("early")).isPresent();
    }

    @Test
    void aServerThatRestartsHasItsClientBackSoonerThanTheInterval() {
        String seed = "alias-rpc.key-pair.seed=" + Keys.seed(62);
        var before = server(seed);
        awaitListening(before);
        var client = client(before, "loyal");
        awaitRegistered(client);
        before.close();

        var after = server(seed);
        await().until(() -> after.getBean(AliasRegistry.class).find("loyal").isPresent());
    }

    @Test
    void aWrongSecretIsRefusedAndSaid() {
        var server = server();
        awaitListening(server);
        var client = client(server, "thief", "alias-rpc.client.secret=" + Keys.seed(66));
        await().until(() -> status(client).lastError() != null);
        assertThat(status(client).lastError()).isEqualTo("refused");
        assertThat(server.getBean(AliasRegistry.class).find("thief")).isEmpty();
        await().untilAsserted(() -> assertThat(types(server)).contains("alias-unauthorised"));
    }

    @Test
    void bothRolesInOneProcessRegisterWithThemselves() {
        var both = start(
                "spring.application.name=self",
                "alias-rpc.server.enabled=true",
                "alias-rpc.server.store.type=memory",
                "alias-rpc.server.secret=" + Keys.SECRET,
                "alias-rpc.key-pair.seed=" + Keys.seed(7),
                "alias-rpc.client.secret=" + Keys.SECRET,
                "alias-rpc.client.server-public-key=" + Keys.key(7));
        awaitRegistered(both);
        assertThat(both.getBean(AliasRegistry.class).find("self").orElseThrow().targetPublicKey())
                .isEqualTo(Keys.pair(7).derive("alias-rpc/metrics").publicKey())
                .isNotEqualTo(Keys.key(7));
    }

    @Test
    void listenersThatThrowOrHangChangeNothingOnTheWire() {
        var latch = new CountDownLatch(1);
        var server = server();
        server.getBean(Heard.class).obstacle = () -> {
            awaitQuietly(latch);
            throw new IllegalStateException("a listener that hangs, and then throws");
        };
        awaitListening(server);
        for (int i = 0; i < 3; i++) {
            awaitRegistered(client(server, "app-" + i));
        }
        assertThat(server.getBean(AliasRegistry.class).size()).isEqualTo(3);
        latch.countDown();
        await().untilAsserted(() -> assertThat(types(server)).contains("alias-success"));
    }

    @Test
    void aRegistrarOfTheApplicationReplacesOurs() {
        var server = start(
                OwnRegistrar.class,
                "alias-rpc.server.enabled=true",
                "alias-rpc.server.store.type=memory",
                "alias-rpc.server.secret=" + Keys.SECRET,
                "alias-rpc.key-pair.seed=" + Keys.seed(8));
        awaitListening(server);
        var client = client(Keys.key(8).toString(), "app");
        await().until(() -> status(client).lastError() != null);
        assertThat(status(client).lastError()).isEqualTo("refused");
        assertThat(server.getBeanProvider(AliasRegistry.class).getIfAvailable()).isNull();
    }

    @Test
    void twentyStartsAndStopsLeaveNothingBehind() {
        var server = server();
        awaitListening(server);
        awaitRegistered(client(server, "warm-up"));
        contexts.remove(contexts.size() - 1).close();
        long before = threads();
        long filesBefore = openFiles();
        for (int i = 0; i < 20; i++) {
            var client = client(server, "app");
            awaitRegistered(client);
            client.close();
            contexts.remove(client);
        }
        await().untilAsserted(() -> assertThat(threads()).isLessThanOrEqualTo(before));
        // A few may come and go, with class loading for instance; one a cycle may not.
        await().untilAsserted(() -> assertThat(openFiles()).isLessThan(filesBefore + 10));
    }

    private static long openFiles() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return system instanceof UnixOperatingSystemMXBean unix ? unix.getOpenFileDescriptorCount() : 0;
    }

    /** Our threads, and those of the libraries below; not the JDK's, which come and go. */
    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("alias-rpc"))
                .count();
    }

    private ConfigurableApplicationContext server(String... properties) {
        return start(Stream.concat(
                        Stream.of(
                                "alias-rpc.server.enabled=true",
                                "alias-rpc.server.store.type=memory",
                                "alias-rpc.server.secret=" + Keys.SECRET),
                        Stream.of(properties))
                .toArray(String[]::new));
    }

    private ConfigurableApplicationContext client(
            ConfigurableApplicationContext server, String alias, String... properties) {
        return client(server.getBean(AliasRpcServer.class).publicKey().toString(), alias, properties);
    }

    private ConfigurableApplicationContext client(String serverKey, String alias, String... properties) {
        return start(Stream.concat(
                        Stream.of(
                                "spring.application.name=" + alias,
                                "alias-rpc.client.server-public-key=" + serverKey,
                                "alias-rpc.client.secret=" + Keys.SECRET),
                        Stream.of(properties))
                .toArray(String[]::new));
    }

    private ConfigurableApplicationContext start(String... properties) {
        return start(Application.class, properties);
    }

    private ConfigurableApplicationContext start(Class<?> source, String... properties) {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class, source)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.main.banner-mode=off",
                        "alias-rpc.dht.host=127.0.0.1",
                        "alias-rpc.dht.port=0",
                        "alias-rpc.dht.bootstrap=" + testnet.bootstrap().get(0))
                .properties(properties)
                .run();
        contexts.add(context);
        return context;
    }

    private static void awaitListening(ConfigurableApplicationContext server) {
        await().until(() -> server.getBean(Heard.class).listening);
    }

    private static void awaitRegistered(ConfigurableApplicationContext client) {
        await().until(() -> status(client).state() == RegistrationStatus.State.REGISTERED);
    }

    private static RegistrationStatus status(ConfigurableApplicationContext client) {
        return client.getBean(AliasRegistrations.class).status().get(0);
    }

    private static List<String> types(ConfigurableApplicationContext context) {
        return context.getBean(Heard.class).events.stream()
                .map(AliasRpcEvent::type)
                .toList();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        AliasRpcAutoConfiguration.class,
        AliasRpcServerAutoConfiguration.class,
        AliasRpcClientAutoConfiguration.class
    })
    static class Application {
        @Bean
        Heard heard() {
            return new Heard();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnRegistrar {
        @Bean
        AliasRegistrar registrar() {
            return AliasRegistrar.blocking((registration, origin) -> {
                throw new AliasRegistrar.Refusal("closed today (" + UUID.randomUUID() + ")");
            });
        }
    }

    static final class Heard {
        final List<AliasRpcEvent> events = new CopyOnWriteArrayList<>();
        volatile boolean listening;
        volatile Runnable obstacle = () -> {};

        @EventListener
        void onEvent(AliasRpcEvent event) {
            events.add(event);
            obstacle.run();
        }

        @EventListener
        void onListening(AliasRpcServerListeningEvent event) {
            listening = true;
        }
    }
}
