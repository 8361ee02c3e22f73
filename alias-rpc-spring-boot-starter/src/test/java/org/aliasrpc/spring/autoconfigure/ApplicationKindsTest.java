package org.aliasrpc.spring.autoconfigure;

import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.spring.event.AliasRpcEvent;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.aliasrpc.spring.registration.RegistrationStatus;
import org.aliasrpc.spring.testing.Keys;
import org.aliasrpc.testing.Testnets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.autoconfigure.audit.AuditAutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.event.EventListener;

/** Applications of every kind register themselves, in both roles. */
class ApplicationKindsTest {
    @AutoClose
    private static final LocalTestnet testnet = Testnets.start(3);

    @Test
    void servlet() {
        registers(WebApplicationType.SERVLET);
    }

    @Test
    void reactive() {
        registers(WebApplicationType.REACTIVE);
    }

    @Test
    void withoutWebServer() {
        registers(WebApplicationType.NONE);
    }

    @Test
    void lazilyInitialised() {
        registers(WebApplicationType.NONE, "spring.main.lazy-initialization=true");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void onVirtualThreads() {
        List<Thread> threads = registers(WebApplicationType.NONE, "spring.threads.virtual.enabled=true");
        assertThat(threads).allSatisfy(thread -> assertThat(thread.toString()).contains("Virtual"));
    }

    @Test
    void withVirtualThreadsAskedForWhereThereAreNone() {
        registers(WebApplicationType.NONE, "spring.threads.virtual.enabled=true");
    }

    /** The registration alone keeps no process alive: its threads are daemons, as those of a client should be. */
    @Test
    void keepsNoProcessAliveByItself() {
        try (ConfigurableApplicationContext context = start(WebApplicationType.NONE)) {
            awaitRegistered(context);
            assertThat(Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().startsWith("alias-rpc"))
                            .filter(thread -> !thread.isDaemon()))
                    .isEmpty();
        }
    }

    /** The documented way for an application without a web server. */
    @Test
    void keepAliveKeepsTheProcessUntilTheContextIsClosed() {
        try (ConfigurableApplicationContext context = start(WebApplicationType.NONE, "spring.main.keep-alive=true")) {
            awaitRegistered(context);
            assertThat(keepsAlive()).isTrue();
        }
        await().until(() -> !keepsAlive());
    }

    private static boolean keepsAlive() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("keep-alive") && !thread.isDaemon());
    }

    @Test
    void aContextThatIsClosedBeforeItWasReadyLeavesNothing() {
        SpringApplication application = builder(WebApplicationType.NONE)
                .initializers(context -> context.addApplicationListener(event -> {
                    if (event instanceof ApplicationStartedEvent) {
                        throw new IllegalStateException("the application fails after its context has started");
                    }
                }))
                .build();
        long before = ourThreads();
        assertThatThrownBy(() -> application.run().close()).hasMessageContaining("fails after");
        await().untilAsserted(() -> assertThat(ourThreads()).isLessThanOrEqualTo(before));
    }

    private static long ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("alias-rpc"))
                .count();
    }

    private static List<Thread> registers(WebApplicationType type, String... properties) {
        try (ConfigurableApplicationContext context = start(type, properties)) {
            awaitRegistered(context);
            Heard heard = context.getBean(Heard.class);
            await().untilAsserted(() ->
                    assertThat(heard.types).contains("connection-open", "alias-success", "register-alias-success"));
            assertThat(context.getBean(AliasRpcServer.class).connectionCount()).isEqualTo(1);
            return heard.threads;
        }
    }

    private static void awaitRegistered(ConfigurableApplicationContext context) {
        await().until(() ->
                context.getBean(AliasRegistrations.class).status().get(0).state()
                        == RegistrationStatus.State.REGISTERED);
    }

    private static ConfigurableApplicationContext start(WebApplicationType type, String... properties) {
        return builder(type).properties(properties).run();
    }

    private static SpringApplicationBuilder builder(WebApplicationType type) {
        return new SpringApplicationBuilder(Application.class, Heard.class)
                .web(type)
                .properties(
                        "spring.main.banner-mode=off",
                        "spring.application.name=app",
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "alias-rpc.dht.host=127.0.0.1",
                        "alias-rpc.dht.port=0",
                        "alias-rpc.dht.bootstrap=" + testnet.bootstrap().get(0),
                        "alias-rpc.key-pair.seed=" + Keys.seed(0x21),
                        "alias-rpc.server.enabled=true",
                        "alias-rpc.server.store.type=memory",
                        "alias-rpc.server.secret=" + Keys.SECRET,
                        "alias-rpc.client.secret=" + Keys.SECRET,
                        "alias-rpc.client.server-public-key=" + Keys.key(0x21));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = AuditAutoConfiguration.class)
    static class Application {}

    @Lazy(false)
    static class Heard {
        final List<String> types = new CopyOnWriteArrayList<>();
        final List<Thread> threads = new CopyOnWriteArrayList<>();

        @EventListener
        void onEvent(AliasRpcEvent event) {
            types.add(event.type());
            threads.add(Thread.currentThread());
        }
    }
}
