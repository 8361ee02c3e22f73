package org.aliasrpc.spring.autoconfigure;

import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.AliasRpcClient;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.HyperDht;
import org.aliasrpc.spring.AliasRpcClientFactory;
import org.aliasrpc.spring.AliasRpcClients;
import org.aliasrpc.spring.AliasRpcConnectionDetails;
import org.aliasrpc.spring.AliasRpcIdentity;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.aliasrpc.spring.registration.RegistrationStatus;
import org.aliasrpc.spring.testing.FakeClient;
import org.aliasrpc.spring.testing.FakeServer;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;

class AliasRpcClientAutoConfigurationTest {
    private final Map<String, FakeClient> clients = new LinkedHashMap<>();
    private final Map<String, AliasRpcConnectionDetails.Server> servers = new LinkedHashMap<>();

    private final ApplicationContextRunner bare = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AliasRpcAutoConfiguration.class,
                    AliasRpcClientAutoConfiguration.class,
                    AliasRpcServerAutoConfiguration.class));

    private final ApplicationContextRunner configured = bare.withBean(AliasRpcClientFactory.class, () -> this::client)
            .withPropertyValues(
                    "spring.application.name=my-app",
                    "alias-rpc.client.server-public-key=" + Keys.key(1),
                    "alias-rpc.client.secret=" + Keys.SECRET);

    private AliasRpcClient client(String name, AliasRpcConnectionDetails.Server server) {
        servers.put(name, server);
        return clients.computeIfAbsent(name, unused -> new FakeClient(server.publicKey()));
    }

    @Test
    void doesNothingWithoutAServer() {
        bare.withPropertyValues("spring.application.name=my-app")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(AliasRegistrations.class)
                        .doesNotHaveBean(AliasRpcClient.class)
                        .satisfies(AliasRpcClientAutoConfigurationTest::openedNoSocket));
    }

    @Test
    void doesNothingWhenSwitchedOff() {
        configured
                .withPropertyValues("alias-rpc.client.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(AliasRegistrations.class));
        configured
                .withPropertyValues("alias-rpc.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(AliasRegistrations.class)
                        .doesNotHaveBean(HyperDht.class));
    }

    @Test
    void doesNothingWithoutTheCore() {
        configured
                .withClassLoader(new FilteredClassLoader(HyperDht.class, AliasRpcClient.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(RegistrationRunner.class));
    }

    @Test
    void threeLinesAreEnough() {
        clients.put("default", new FakeClient(Keys.key(1)).answers(true));
        configured.run(context -> {
            assertThat(context).hasSingleBean(AliasRegistrations.class).hasSingleBean(AliasRpcClient.class);
            FakeClient client = clients.get("default");
            assertThat(client.asked).as("before the runner runs").isEmpty();

            run(context);
            AliasRegistrations registrations = context.getBean(AliasRegistrations.class);
            await().until(() ->
                    registrations.registeredAsync().toCompletableFuture().isDone());
            AliasRegistration asked = client.asked.get(0);
            assertThat(asked.alias()).isEqualTo("my-app");
            assertThat(asked.service()).isEqualTo("my-app");
            assertThat(asked.hostname()).isNotEmpty();
            assertThat(asked.targetPublicKey())
                    .isEqualTo(context.getBean(AliasRpcIdentity.class).metrics().publicKey());
            assertThat(servers.values())
                    .extracting(AliasRpcConnectionDetails.Server::publicKey)
                    .containsExactly(Keys.key(1));

            context.getSourceApplicationContext(ConfigurableApplicationContext.class)
                    .close();
            assertThat(client.closed).isTrue();
        });
    }

    @Test
    void propertiesWinOverDefaults() {
        configured
                .withPropertyValues(
                        "alias-rpc.client.alias=an-alias",
                        "alias-rpc.client.service=a-service",
                        "alias-rpc.client.hostname=a-host",
                        "alias-rpc.client.target-public-key="
                                + Keys.key(3).bytes().toHex())
                .run(context -> assertThat(context.getBean(AliasRegistration.class))
                        .isEqualTo(new AliasRegistration("an-alias", Keys.key(3), "a-host", "a-service")));
    }

    @Test
    void theSameSeedIsTheSameTarget() {
        configured
                .withPropertyValues("alias-rpc.key-pair.seed=" + Keys.seed(4))
                .run(context -> assertThat(
                                context.getBean(AliasRegistration.class).targetPublicKey())
                        .isEqualTo(Keys.key(4)));
    }

    @Test
    void inAProcessThatIsAServerTooTheTargetIsTheDerivedKey() {
        configured
                .withBean(FakeServer.class, FakeServer::new)
                .withPropertyValues(
                        "alias-rpc.key-pair.seed=" + Keys.seed(4),
                        "alias-rpc.server.enabled=true",
                        "alias-rpc.server.store.type=memory",
                        "alias-rpc.server.secret=" + Keys.SECRET)
                .run(context -> {
                    AliasRpcIdentity identity = context.getBean(AliasRpcIdentity.class);
                    assertThat(identity.server().publicKey()).isEqualTo(Keys.key(4));
                    assertThat(context.getBean(AliasRegistration.class).targetPublicKey())
                            .isEqualTo(Keys.pair(4).derive("alias-rpc/metrics").publicKey());
                });
    }

    @Test
    void severalServersAreRegisteredWithIndependently() {
        clients.put("default", new FakeClient(Keys.key(1)).fails(new AliasRpcException.PeerNotFound("nobody")));
        clients.put("eu", new FakeClient(Keys.key(2)).answers(true));
        configured
                .withPropertyValues(
                        "alias-rpc.client.servers.eu.public-key=" + Keys.key(2),
                        "alias-rpc.client.servers.eu.secret=" + Keys.seed(7))
                .run(context -> {
                    run(context);
                    AliasRegistrations registrations = context.getBean(AliasRegistrations.class);
                    await().until(() -> state(registrations, 1) == RegistrationStatus.State.REGISTERED
                            && state(registrations, 0) == RegistrationStatus.State.FAILING);
                    assertThat(registrations.status())
                            .extracting(RegistrationStatus::server)
                            .containsExactly("default", "eu");
                    assertThat(registrations.status().get(0).lastError()).isEqualTo("peer_not_found");
                });
    }

    @Test
    void namedServersNeedNoDefaultOne() {
        bare.withBean(AliasRpcClientFactory.class, () -> this::client)
                .withPropertyValues(
                        "alias-rpc.client.alias=a",
                        "alias-rpc.client.servers.eu.public-key=" + Keys.key(2),
                        "alias-rpc.client.servers.eu.secret=" + Keys.seed(7))
                .run(context -> assertThat(
                                context.getBean(AliasRpcClients.class).byName())
                        .containsOnlyKeys("eu"));
    }

    @Test
    void connectionDetailsReplaceProperties() {
        var secret = org.aliasrpc.crypto.SecretBytes.parse(Keys.SECRET, "secret");
        bare.withBean(AliasRpcClientFactory.class, () -> this::client)
                .withBean(
                        AliasRpcConnectionDetails.class,
                        () -> () -> Map.of("mine", new AliasRpcConnectionDetails.Server(Keys.key(6), secret)))
                .withPropertyValues("spring.application.name=my-app")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(PropertiesAliasRpcConnectionDetails.class)
                        .satisfies(started -> assertThat(
                                        started.getBean(AliasRpcClient.class).serverPublicKey())
                                .isEqualTo(Keys.key(6))));
    }

    @Test
    void aClientOfTheApplicationReplacesOurs() {
        FakeClient own = new FakeClient(Keys.key(8)).answers(false);
        bare.withBean(AliasRpcClient.class, () -> own)
                .withPropertyValues("spring.application.name=my-app")
                .run(context -> {
                    run(context);
                    await().until(() -> own.asked.size() == 1);
                    assertThat(context).hasSingleBean(AliasRpcClient.class);
                });
    }

    @Test
    void aServerThatIsAwayNeitherDelaysNorBreaksTheStart() {
        configured.run(context -> {
            run(context); // the fake never answers
            assertThat(context.getBean(AliasRegistrations.class).status().get(0).state())
                    .isEqualTo(RegistrationStatus.State.PENDING);
        });
    }

    @Test
    void aBlockingStartWaitsAndGoesOn() {
        clients.put("default", new FakeClient(Keys.key(1)).answers(true));
        configured.withPropertyValues("alias-rpc.client.startup.mode=blocking").run(context -> {
            run(context);
            assertThat(context.getBean(AliasRegistrations.class).status().get(0).state())
                    .isEqualTo(RegistrationStatus.State.REGISTERED);
        });
        clients.clear();
        configured
                .withPropertyValues("alias-rpc.client.startup.mode=blocking", "alias-rpc.client.startup.timeout=50ms")
                .run(AliasRpcClientAutoConfigurationTest::run);
    }

    @Test
    void aStartThatMustNotFailFails() {
        clients.put("default", new FakeClient(Keys.key(1)).fails(new AliasRpcException.Refused("Unauthorised")));
        configured
                .withPropertyValues("alias-rpc.client.startup.fail-fast=true", "alias-rpc.client.startup.timeout=50ms")
                .run(context -> {
                    AliasRegistrations registrations = context.getBean(AliasRegistrations.class);
                    registrations.start();
                    await().until(() -> state(registrations, 0) == RegistrationStatus.State.FAILING);
                    List<Throwable> thrown = new ArrayList<>();
                    try {
                        run(context);
                    } catch (RegistrationFailedException e) {
                        thrown.add(e);
                    }
                    assertThat(thrown)
                            .singleElement()
                            .satisfies(e -> assertThat(e).hasMessageContaining("default (refused)"));
                });
    }

    @Test
    @Timeout(20)
    void aBlockingStartEndsWithItsContext() {
        configured
                .withPropertyValues(
                        "alias-rpc.client.startup.mode=blocking",
                        "alias-rpc.client.startup.fail-fast=true",
                        "alias-rpc.client.startup.timeout=1h")
                .run(context -> {
                    var starting = CompletableFuture.runAsync(() -> {
                        try {
                            run(context);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });
                    await().until(() -> clients.containsKey("default"));
                    context.stop();
                    starting.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                });
    }

    @Test
    void aContextThatIsStoppedBeforeTheRunnerRunsIsNotRegistered() {
        configured.run(context -> {
            context.stop(); // by another runner, say
            run(context);
            AliasRegistrations registrations = context.getBean(AliasRegistrations.class);
            registrations.stop(); // waits for what may run
            assertThat(registrations.status().get(0).attempts()).isZero();
        });
    }

    @Test
    void aBlockingStartGoesOnIfThereIsNothingToRegister() {
        configured
                .withBean(
                        AliasRegistration.class,
                        () -> {
                            throw new IllegalStateException("no such thing");
                        },
                        definition -> definition.setLazyInit(true))
                .withPropertyValues("alias-rpc.client.startup.mode=blocking")
                .run(AliasRpcClientAutoConfigurationTest::run);
    }

    private static RegistrationStatus.State state(AliasRegistrations registrations, int index) {
        return registrations.status().get(index).state();
    }

    private static void run(ConfigurableApplicationContext context) throws InterruptedException {
        context.getBean(RegistrationRunner.class).run(new DefaultApplicationArguments());
    }

    private static void openedNoSocket(ConfigurableApplicationContext context) {
        assertThat(context.getBeanFactory().containsSingleton("hyperDht")).isFalse();
    }
}
