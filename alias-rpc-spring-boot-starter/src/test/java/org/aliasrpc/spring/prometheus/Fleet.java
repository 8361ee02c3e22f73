package org.aliasrpc.spring.prometheus;

import static org.aliasrpc.testing.Waiting.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.interop.NodePeer;
import org.aliasrpc.spring.AliasRpcIdentity;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.aliasrpc.spring.testing.Keys;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** A service, and three applications of ours and one of the reference that register with it. */
final class Fleet implements AutoCloseable {
    static final Duration EXPIRY = Duration.ofSeconds(20);
    static final Duration GRACE = Duration.ofSeconds(5);
    static final Duration RENEWAL = Duration.ofSeconds(4);

    /** What Prometheus should say of all. */
    static final Map<String, Double> ALL_UP = Map.of("app-1", 1.0, "app-2", 1.0, "app-3", 1.0, "node-app", 1.0);

    private final LocalTestnet testnet;
    private final NodePeer peer;
    private final Path retiringSecret;
    private final ConfigurableApplicationContext service;
    private final Map<String, ConfigurableApplicationContext> applications = new LinkedHashMap<>();

    /**
     * Starts all of them and waits until they are registered.
     *
     * @param port of the service; 0 for any
     * @param bridgeFiles directory for the targets file of the Node bridge
     * @param files directory for the other targets file
     */
    Fleet(int port, Path bridgeFiles, Path files, Path secrets) throws Exception {
        testnet = LocalTestnet.start(3);
        peer = NodePeer.start();
        retiringSecret = Files.writeString(secrets.resolve("retiring"), Keys.seed(9));
        List<String> properties = new ArrayList<>(List.of(
                "server.address=127.0.0.1",
                "server.port=" + port,
                "management.endpoints.web.exposure.include=health,aliasrpc,aliasrpctargets,prometheus",
                "management.prometheus.metrics.export.enabled=true",
                "alias-rpc.server.enabled=true",
                "alias-rpc.server.secret=" + Keys.SECRET,
                "alias-rpc.server.secrets.retiring.file=" + retiringSecret,
                "alias-rpc.server.expiry=" + EXPIRY.toSeconds() + "s",
                "alias-rpc.server.grace=" + GRACE.toSeconds() + "s",
                "alias-rpc.server.store.type=file",
                "alias-rpc.server.store.location=" + bridgeFiles.resolve("targets.json"),
                "alias-rpc.server.discovery.file=" + files.resolve("alias-rpc-targets.json")));
        if (port != 0) {
            properties.add("alias-rpc.server.discovery.address=127.0.0.1:" + port);
        }
        service = run("servlet", properties);
        server().listen();
        for (int i = 1; i <= 3; i++) {
            ConfigurableApplicationContext application = startApplication("app-" + i, Keys.SECRET);
            application.getBean(MeterRegistry.class).gauge("demo.answer", 40 + i);
        }
        startNodeApplication(peer, "node-app");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> service.getBean(AliasRegistry.class).entries().size() == 4);
    }

    private AliasRpcServer server() {
        return service.getBean(AliasRpcServer.class);
    }

    /** Where the service is for Prometheus. */
    String http() {
        return "127.0.0.1:" + service.getEnvironment().getRequiredProperty("local.server.port");
    }

    AliasRpcIdentity identity(String alias) {
        return Objects.requireNonNull(applications.get(alias)).getBean(AliasRpcIdentity.class);
    }

    /** The secret of {@link #startRetiringApplication} is replaced by another one. */
    void retireSecret() throws IOException {
        Files.writeString(retiringSecret, Keys.seed(10));
    }

    /** An application with a secret of its own. */
    void startRetiringApplication(String alias) {
        startApplication(alias, Keys.seed(9));
    }

    private ConfigurableApplicationContext startApplication(String alias, String secret) {
        ConfigurableApplicationContext application = run(
                "none",
                List.of(
                        "spring.application.name=" + alias,
                        "management.prometheus.metrics.export.enabled=true",
                        "alias-rpc.client.server-public-key=" + server().publicKey(),
                        "alias-rpc.client.secret=" + secret,
                        "alias-rpc.client.hostname=host-of-" + alias,
                        "alias-rpc.client.interval=" + RENEWAL.toSeconds() + "s"));
        applications.put(alias, application);
        return application;
    }

    void startNodeApplication(NodePeer in, String alias) {
        in.call(
                "metrics-process",
                Map.of(
                        "bootstrap",
                        NodePeer.addresses(testnet.bootstrap()),
                        "scraperPublicKey",
                        server().publicKey().bytes().toHex(),
                        "secret",
                        Keys.SECRET,
                        "alias",
                        alias,
                        "service",
                        "node-service",
                        "registerInterval",
                        RENEWAL.toMillis(),
                        "firewalled",
                        false,
                        "length",
                        1000));
    }

    private ConfigurableApplicationContext run(String kind, List<String> properties) {
        List<String> all = new ArrayList<>(properties);
        all.add("spring.main.web-application-type=" + kind);
        all.add("alias-rpc.dht.bootstrap=" + testnet.bootstrap().get(0));
        all.add("alias-rpc.dht.host=127.0.0.1");
        all.add("alias-rpc.dht.port=0");
        return new SpringApplicationBuilder(Application.class)
                .properties(all.toArray(String[]::new))
                .run();
    }

    void stopService() {
        service.close();
    }

    @Override
    public void close() {
        applications.values().forEach(ConfigurableApplicationContext::close);
        service.close();
        peer.close();
        testnet.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
