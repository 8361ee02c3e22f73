package org.aliasrpc.spring.autoconfigure;

import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.interop.NodePeer;
import org.aliasrpc.interop.PeerEvent;
import org.aliasrpc.spring.AliasRpcIdentity;
import org.aliasrpc.spring.event.AliasRpcServerListeningEvent;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.aliasrpc.spring.registration.RegistrationStatus;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.aliasrpc.spring.testing.Keys;
import org.aliasrpc.testing.RequiresTool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.autoconfigure.audit.AuditAutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import tools.jackson.databind.JsonNode;

/** Whole applications against the published packages of the reference, in both roles. */
@RequiresTool("node")
@Timeout(180)
class ReferenceIT {
    private static LocalTestnet testnet;
    private static NodePeer peer;

    @BeforeAll
    static void start() throws InterruptedException {
        testnet = LocalTestnet.start(3);
        peer = NodePeer.start();
    }

    @AfterAll
    static void stop() {
        peer.close();
        testnet.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0.3", "2.1.0", "2.2.1"})
    void anApplicationRegistersWithAServerOfTheReference(String version) {
        JsonNode started = peer.call(
                "alias-server",
                Map.of(
                        "version",
                        version,
                        "bootstrap",
                        NodePeer.addresses(testnet.bootstrap()),
                        "secret",
                        Keys.SECRET,
                        "firewalled",
                        false));
        String ref = started.path("ref").asString();
        try (ConfigurableApplicationContext client = start(
                "spring.application.name=java-app",
                "alias-rpc.client.server-public-key="
                        + started.path("publicKey").asString(),
                "alias-rpc.client.secret=" + Keys.SECRET)) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> client.getBean(AliasRegistrations.class)
                                    .status()
                                    .get(0)
                                    .state()
                            == RegistrationStatus.State.REGISTERED);
            PeerEvent request = peer.awaitEvent(ref, "alias-request");
            assertThat(request.text("alias")).isEqualTo("java-app");
            assertThat(request.text("service")).isEqualTo("java-app");
        }
        peer.call("close", Map.of("ref", ref));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0.3", "2.1.0", "2.2.1"})
    void aClientOfTheReferenceRegistersWithAnApplication(String version) {
        try (ConfigurableApplicationContext server = start(
                "alias-rpc.server.enabled=true",
                "alias-rpc.server.store.type=memory",
                "alias-rpc.server.secret=" + Keys.SECRET)) {
            await().until(() -> server.getBean(Listening.class).listening);
            JsonNode started = peer.call(
                    "alias-client",
                    Map.of(
                            "version",
                            version,
                            "bootstrap",
                            NodePeer.addresses(testnet.bootstrap()),
                            "serverPublicKey",
                            server.getBean(AliasRpcServer.class)
                                    .publicKey()
                                    .bytes()
                                    .toHex(),
                            "secret",
                            Keys.SECRET,
                            "requestTimeoutMs",
                            20_000,
                            "backoffMs",
                            List.of(100, 200, 400)));
            String ref = started.path("ref").asString();
            Map<String, Object> registration = Map.of(
                    "ref", ref,
                    "alias", "node-app",
                    "targetKey", Keys.key(3).bytes().toHex(),
                    "hostname", "a-host",
                    "service", "a-service");
            assertThat(peer.call("register", registration).path("updated").asBoolean())
                    .isTrue();
            assertThat(peer.call("register", registration).path("updated").asBoolean())
                    .isFalse();
            assertThat(server.getBean(AliasRegistry.class).find("node-app")).hasValueSatisfying(entry -> {
                assertThat(entry.targetPublicKey()).isEqualTo(Keys.key(3));
                assertThat(entry.hostname()).isEqualTo("a-host");
            });
            assertThat(server.getBean(AliasRpcIdentity.class).server().publicKey())
                    .isEqualTo(server.getBean(AliasRpcServer.class).publicKey());
            peer.call("close", Map.of("ref", ref));
        }
    }

    private static ConfigurableApplicationContext start(String... properties) {
        return new SpringApplicationBuilder(Application.class, Listening.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.main.banner-mode=off",
                        "alias-rpc.dht.host=127.0.0.1",
                        "alias-rpc.dht.port=0",
                        "alias-rpc.dht.bootstrap=" + testnet.bootstrap().get(0))
                .properties(properties)
                .run();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = AuditAutoConfiguration.class)
    static class Application {}

    static class Listening {
        volatile boolean listening;

        @EventListener
        void onListening(AliasRpcServerListeningEvent event) {
            listening = true;
        }
    }
}
