package org.aliasrpc.spring.autoconfigure;

import static org.aliasrpc.testing.Waiting.PATIENCE;
import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.AliasRpcClient;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.HyperDht;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.spring.actuate.AliasRpcEndpoint;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.aliasrpc.spring.testing.Keys;
import org.aliasrpc.testing.Testnets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Secrets and limits of a whole service, over real connections. */
@Timeout(60)
class ServerLimitsTest {
    @AutoClose
    private static final LocalTestnet testnet = Testnets.start(3);

    @TempDir
    Path directory;

    private static ApplicationContextRunner service(String... properties) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        AliasRpcAutoConfiguration.class,
                        AliasRpcServerAutoConfiguration.class,
                        AliasRpcActuatorAutoConfiguration.class,
                        AliasRpcMetricsAutoConfiguration.class))
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withPropertyValues(
                        "alias-rpc.dht.host=127.0.0.1",
                        "alias-rpc.dht.port=0",
                        "alias-rpc.dht.bootstrap=" + testnet.bootstrap().get(0),
                        "alias-rpc.key-pair.seed=" + Keys.seed(91),
                        "alias-rpc.server.store.type=memory",
                        "alias-rpc.server.enabled=true",
                        "management.endpoints.web.exposure.include=*")
                .withPropertyValues(properties);
    }

    @Test
    void teamsHaveTheirOwnSecretsAndAChangedFileCounts() throws IOException {
        Path file = Files.writeString(directory.resolve("team-b"), Keys.seed(12));
        service(
                        "alias-rpc.server.secret=" + Keys.SECRET,
                        "alias-rpc.server.secrets.team-a.value=" + Keys.seed(11),
                        "alias-rpc.server.secrets.team-a.aliases=a-*",
                        "alias-rpc.server.secrets.team-b.file=" + file,
                        "alias-rpc.server.secrets.old.value=" + Keys.seed(13),
                        "alias-rpc.server.secrets.old.not-after=2020-01-01")
                .run(context -> {
                    AliasRpcServer server = context.getBean(AliasRpcServer.class);
                    server.listen();
                    assertThat(register(server, Keys.SECRET, "anything")).isTrue();
                    assertThat(register(server, Keys.seed(11), "a-1")).isTrue();
                    assertThatThrownBy(() -> register(server, Keys.seed(11), "b-1"))
                            .hasMessage("Unauthorised: this secret does not cover the alias");
                    assertThatThrownBy(() -> register(server, Keys.seed(13), "c"))
                            .hasMessage("Unauthorised");
                    assertThat(register(server, Keys.seed(12), "b-1")).isTrue();

                    Files.writeString(file, Keys.seed(14));
                    await().untilAsserted(() -> assertThat(context.getBean(ServerSecrets.class)
                                    .values()
                                    .get("team-b"))
                            .isEqualTo(SecretBytes.parse(Keys.seed(14), "expected")));
                    assertThat(register(server, Keys.seed(14), "b-1")).isFalse();
                    assertThatThrownBy(() -> register(server, Keys.seed(12), "b-1"))
                            .hasMessage("Unauthorised");
                    assertThat(context.getBean(AliasRegistry.class).size()).isEqualTo(3);
                    assertThat(context.getBean(AliasRpcEndpoint.class)
                                    .aliasRpc()
                                    .toString())
                            .contains("name=team-a", "aliases=[a-*]", "notAfter=2020-01-02T00:00:00Z", "live=false")
                            .contains("alias-not-covered=1", "unauthorised=2", "perPeerRate=10/1m")
                            .doesNotContain(Keys.seed(11), Keys.seed(12), Keys.seed(13), Keys.seed(14));
                });
    }

    @Test
    void aFloodOfWrongSecretsIsCutOffWhileARightOnePasses() {
        service("alias-rpc.server.secret=" + Keys.SECRET, "alias-rpc.server.limits.per-peer-rate=3/1m")
                .run(context -> {
                    AliasRpcServer server = context.getBean(AliasRpcServer.class);
                    server.listen();
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    List<CompletableFuture<Boolean>> answers = new ArrayList<>();
                    try (HyperDht stranger = testnet.newNode();
                            SecretBytes wrong = SecretBytes.parse(Keys.seed(99), "wrong");
                            AliasRpcClient flood = AliasRpcClient.builder(server.publicKey(), wrong, stranger)
                                    .timeout(PATIENCE)
                                    .build()) {
                        for (int i = 0; i < 50; i++) {
                            answers.add(flood.registerAliasAsync(registration("flood"))
                                    .toCompletableFuture());
                        }
                        assertThat(register(server, Keys.SECRET, "good")).isTrue();
                        await().untilAsserted(() ->
                                assertThat(refused(meters, "unauthorised-rate")).isPositive());
                    }
                    await().until(() -> answers.stream().allMatch(CompletableFuture::isCompletedExceptionally));
                    assertThat(refused(meters, "unauthorised")).isEqualTo(5);
                    assertThat(refused(meters, "unauthorised-rate")).isPositive();
                    assertThat(meters.get("alias.rpc.server.request")
                                    .tag("outcome", "limited")
                                    .timer()
                                    .count())
                            .isPositive();
                });
    }

    @Test
    void registrationsOfOneKeyAreLimited() {
        service("alias-rpc.server.secret=" + Keys.SECRET, "alias-rpc.server.limits.per-peer-rate=3/1m")
                .run(context -> {
                    AliasRpcServer server = context.getBean(AliasRpcServer.class);
                    server.listen();
                    try (HyperDht node = testnet.newNode();
                            SecretBytes secret = SecretBytes.parse(Keys.SECRET, "secret");
                            AliasRpcClient client = AliasRpcClient.create(server.publicKey(), secret, node)) {
                        for (int i = 0; i < 3; i++) {
                            assertThat(client.registerAlias(registration("app-" + i)))
                                    .isTrue();
                        }
                        assertThatThrownBy(() -> client.registerAlias(registration("app-3")))
                                .hasMessageStartingWith("Too many registrations");
                    }
                    assertThat(refused(context.getBean(MeterRegistry.class), "per-peer-rate"))
                            .isEqualTo(1);
                });
    }

    private static double refused(MeterRegistry meters, String reason) {
        return meters.get("alias.rpc.server.refused")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private static AliasRegistration registration(String alias) {
        return new AliasRegistration(alias, Keys.key(5), "host", "service");
    }

    /** With a node of its own, and so with another key. */
    private static boolean register(AliasRpcServer server, String secret, String alias) throws InterruptedException {
        try (HyperDht node = testnet.newNode();
                SecretBytes bytes = SecretBytes.parse(secret, "secret");
                AliasRpcClient client = AliasRpcClient.create(server.publicKey(), bytes, node)) {
            return client.registerAlias(registration(alias));
        }
    }
}
