package org.aliasrpc.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.aliasrpc.HyperDht;
import org.aliasrpc.Hyperswarm;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.aliasrpc.spring.registration.RegistrationStatus;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;

/** A node, or a swarm, of the application's own carries both roles, and is the application's to close. */
class GivenNodeTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private static LocalTestnet testnet;

    @BeforeAll
    static void start() throws InterruptedException {
        testnet = LocalTestnet.start(3);
    }

    @AfterAll
    static void stop() {
        testnet.close();
    }

    private static ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        AliasRpcAutoConfiguration.class,
                        AliasRpcServerAutoConfiguration.class,
                        AliasRpcClientAutoConfiguration.class))
                .withPropertyValues(
                        "spring.application.name=app",
                        "alias-rpc.dht.host=127.0.0.1",
                        "alias-rpc.dht.port=0",
                        "alias-rpc.dht.bootstrap=" + testnet.bootstrap().get(0),
                        "alias-rpc.key-pair.seed=" + Keys.seed(0x61),
                        "alias-rpc.server.enabled=true",
                        "alias-rpc.server.store.type=memory",
                        "alias-rpc.server.secret=" + Keys.SECRET,
                        "alias-rpc.client.secret=" + Keys.SECRET);
    }

    @Test
    void aNode() throws InterruptedException {
        try (HyperDht own = testnet.newNode()) {
            runner().withBean(HyperDht.class, () -> own, definition -> definition.setDestroyMethodName(""))
                    .withPropertyValues("alias-rpc.client.server-public-key=" + Keys.key(0x61))
                    .run(context -> {
                        assertThat(context.getBean(HyperDht.class)).isSameAs(own);
                        registersAlsoAfterARestart(context);
                    });
            await().atMost(LONG).until(() -> own.stats().connections() == 0); // what was ours is closed
            own.fullyBootstrapped(); // the node is not
        }
    }

    @Test
    void aSwarm() throws InterruptedException {
        try (HyperDht node = testnet.newNode();
                Hyperswarm own = Hyperswarm.create(node, Keys.pair(0x62))) {
            runner().withBean(Hyperswarm.class, () -> own, definition -> definition.setDestroyMethodName(""))
                    .withPropertyValues("alias-rpc.client.server-public-key=" + Keys.key(0x62))
                    .run(context -> {
                        assertThat(context.getBean(Hyperswarm.class)).isSameAs(own);
                        awaitRegistered(context);
                    });
        }
    }

    private static void registersAlsoAfterARestart(ConfigurableApplicationContext context) {
        awaitRegistered(context);
        long before = status(context).successes();
        context.stop();
        context.start();
        await().atMost(LONG).until(() -> status(context).successes() > before);
    }

    private static void awaitRegistered(ConfigurableApplicationContext context) {
        context.getBean(ClientLifecycle.class).begin();
        await().atMost(LONG).until(() -> status(context).state() == RegistrationStatus.State.REGISTERED);
    }

    private static RegistrationStatus status(ConfigurableApplicationContext context) {
        return context.getBean(AliasRegistrations.class).status().get(0);
    }
}
