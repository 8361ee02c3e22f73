package org.aliasrpc.spring.autoconfigure;

import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.aliasrpc.AliasRpcClient;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.HyperDht;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.aliasrpc.spring.registration.RegistrationStatus;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.aliasrpc.spring.testing.Keys;
import org.aliasrpc.testing.Testnets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;

/** Contexts that stop and start, pause and restart, or refresh: the same identity on another node. */
class RestartTest {
    @AutoClose
    private static final LocalTestnet testnet = Testnets.start(3);

    private static final List<String> TASKS = List.of("alias-rpc-expiry", "alias-rpc-secrets");

    @TempDir
    Path directory;

    private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

    @AfterEach
    void close() {
        contexts.forEach(ConfigurableApplicationContext::close);
    }

    @Test
    void aStoppedClientRegistersAgainWhenItsContextStarts() {
        var server = server();
        var client = client(server);
        awaitSuccesses(client, 1);
        HyperDht node = client.getBean(HyperDht.class);
        PublicKey target = target(client);

        client.stop();
        await().untilAsserted(
                        () -> assertThat(server.getBean(AliasRpcServer.class).connectionCount())
                                .isZero());
        assertThat(client.getBean(AliasRpcClient.class)
                        .registerAliasAsync(status(client).registration()))
                .as("at once")
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(AliasRpcException.Closed.class);

        client.start();
        awaitSuccesses(client, 2);
        assertThat(target(client)).isEqualTo(target);
        assertThat(client.getBean(HyperDht.class)).isNotSameAs(node);
        assertThat(server.getBean(AliasRegistry.class).find("app").orElseThrow().targetPublicKey())
                .isEqualTo(target);
    }

    @Test
    void aStoppedServerIsFoundAgainUnderItsKeyWhenItsContextStarts() {
        var server = server();
        var client = client(server);
        awaitSuccesses(client, 1);
        PublicKey key = server.getBean(AliasRpcServer.class).publicKey();
        HyperDht node = server.getBean(HyperDht.class);

        server.stop();
        assertThat(server.getBean(AliasRpcServer.class).connectionCount()).isZero();
        server.start();
        awaitSuccesses(client, 2);
        assertThat(server.getBean(AliasRpcServer.class).publicKey()).isEqualTo(key);
        assertThat(server.getBean(HyperDht.class)).isNotSameAs(node);
    }

    @Test
    void twentyStopsAndStartsLeaveNothingBehind() {
        var server = server();
        var client = client(server);
        awaitSuccesses(client, 1);
        client.stop();
        client.start();
        awaitSuccesses(client, 2);
        long before = threads();
        for (int cycle = 0; cycle < 20; cycle++) {
            client.stop();
            client.start();
            awaitSuccesses(client, 3 + cycle);
        }
        await().untilAsserted(() -> assertThat(threads()).isLessThanOrEqualTo(before));
    }

    /** What the cache of contexts in Spring's tests does between test classes. */
    @Test
    void aPausedContextKeepsItsNodeAndRegistersAgainWhenItIsUsedAgain() {
        var server = server();
        var client = client(server);
        awaitSuccesses(client, 1);
        HyperDht node = client.getBean(HyperDht.class);

        client.pause();
        server.pause();
        assertThat(client.getBean(AliasRpcClient.class)
                        .registerAliasAsync(status(client).registration()))
                .isCompletedExceptionally();
        server.restart();
        client.restart();
        awaitSuccesses(client, 2);
        assertThat(client.getBean(HyperDht.class)).isSameAs(node);
    }

    @Test
    void aContextThatIsStoppedBeforeItsFirstRegistrationRegistersAfterTheNextStart() {
        var server = server();
        var client = client(server);
        client.stop(); // while the first attempt may be making its node
        client.start();
        awaitSuccesses(client, 1);
    }

    @Test
    void aContextThatIsRefreshedTwiceRegistersTwiceForTheSameKey() throws Exception {
        var server = server();
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (var context = new AnnotationConfigWebApplicationContext()) {
            context.register(Application.class);
            TestPropertyValues.of(properties(
                            "spring.application.name=app",
                            "alias-rpc.key-pair.seed=" + Keys.seed(3),
                            "alias-rpc.client.server-public-key="
                                    + server.getBean(AliasRpcServer.class).publicKey(),
                            "alias-rpc.client.secret=" + Keys.SECRET))
                    .applyTo(context);
            for (int refresh = 0; refresh < 2; refresh++) {
                context.refresh();
                context.getBean(ClientLifecycle.class).begin(); // SpringApplication's runners do that
                awaitSuccesses(context, 1);
                assertThat(target(context)).isEqualTo(Keys.key(3));
                assertThat(since(before))
                        .filteredOn("alias-rpc-registration"::equals)
                        .hasSize(1);
            }
        }
        await().untilAsserted(() -> assertThat(since(before)).doesNotContain("alias-rpc-registration"));
    }

    @Test
    void aServersContextThatIsRefreshedTwiceHasOneThreadForEachTask() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (var context = new AnnotationConfigWebApplicationContext()) {
            context.register(Application.class);
            TestPropertyValues.of(properties(
                            "alias-rpc.server.enabled=true",
                            "alias-rpc.server.store.type=memory",
                            "alias-rpc.server.secret=" + Keys.SECRET))
                    .applyTo(context);
            for (int refresh = 0; refresh < 2; refresh++) {
                context.refresh();
                await().untilAsserted(() -> assertThat(since(before))
                        .filteredOn(TASKS::contains)
                        .containsExactlyInAnyOrderElementsOf(TASKS));
            }
        }
        await().untilAsserted(() -> assertThat(since(before)).doesNotContainAnyElementsOf(TASKS));
    }

    /** The names of threads that were not there before. */
    private static List<String> since(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .toList();
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("alias-rpc"))
                .count();
    }

    private static PublicKey target(ConfigurableApplicationContext client) {
        return status(client).registration().targetPublicKey();
    }

    private static RegistrationStatus status(ConfigurableApplicationContext client) {
        return client.getBean(AliasRegistrations.class).status().get(0);
    }

    private static void awaitSuccesses(ConfigurableApplicationContext client, int least) {
        await().atMost(Duration.ofSeconds(40)).until(() -> status(client).successes() >= least);
    }

    private ConfigurableApplicationContext server() {
        return start(
                "alias-rpc.server.enabled=true",
                "alias-rpc.server.store.location=" + directory.resolve("targets.json"),
                "alias-rpc.server.secret=" + Keys.SECRET,
                "alias-rpc.key-pair.seed=" + Keys.seed(0x31));
    }

    private ConfigurableApplicationContext client(ConfigurableApplicationContext server) {
        return start(
                "spring.application.name=app",
                "alias-rpc.client.server-public-key="
                        + server.getBean(AliasRpcServer.class).publicKey(),
                "alias-rpc.client.secret=" + Keys.SECRET);
    }

    private ConfigurableApplicationContext start(String... properties) {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties("spring.main.banner-mode=off")
                .properties(properties(properties))
                .run();
        contexts.add(context);
        return context;
    }

    private static String[] properties(String... more) {
        List<String> all = new ArrayList<>(List.of(
                "alias-rpc.dht.host=127.0.0.1",
                "alias-rpc.dht.port=0",
                "alias-rpc.dht.bootstrap=" + testnet.bootstrap().get(0)));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        AliasRpcAutoConfiguration.class,
        AliasRpcServerAutoConfiguration.class,
        AliasRpcClientAutoConfiguration.class
    })
    static class Application {}
}
