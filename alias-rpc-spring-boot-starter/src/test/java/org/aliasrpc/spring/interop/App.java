package org.aliasrpc.spring.interop;

import static org.aliasrpc.testing.Waiting.await;
import static org.aliasrpc.testing.Waiting.resultOf;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.aliasrpc.MetricsCollector;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.interop.NodePeer;
import org.aliasrpc.spring.event.AliasRpcMetricsEvent;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.aliasrpc.spring.registration.RegistrationStatus;
import org.aliasrpc.spring.testing.Keys;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.JsonNode;

/** An application that registers itself and can be scraped: one of ours without web server, or the reference's. */
abstract class App implements AutoCloseable {
    /**
     * What an application is started with.
     *
     * @param alias its name; also its service
     * @param seed number of its key pair
     * @param server the alias server's key
     * @param admitted whose scrapes it answers; for one of the reference always the alias server
     * @param length of its metrics, or a little more; negative if they cannot be collected
     */
    record Setup(String alias, int seed, PublicKey server, PublicKey admitted, int length) {
        PublicKey publicKey() {
            return Keys.key(seed);
        }

        /** With a colon, which the targets file cannot hold. */
        String hostname() {
            return "host:" + alias;
        }
    }

    static App start(Side side, Network network, Setup setup) {
        return side == Side.JAVA ? OfJava.start(network, setup) : OfNode.start(network, setup);
    }

    /** Waits until the alias server has accepted it. */
    abstract void awaitRegistered();

    /** What a scrape has to yield. */
    abstract Metrics metrics();

    /** Waits until it has turned away somebody with that key. */
    abstract void awaitFirewallBlock(PublicKey stranger);

    @Override
    public abstract void close();

    /** Ours, its metrics in Micrometer's registry. */
    private static final class OfJava extends App {
        /** How much longer a series is than its longest label. */
        private static final int SERIES_BYTES = "matrix_value{n=\"00000\",text=\"\"} 1.0\n".length();

        private static final String LABEL = "größe".repeat(30);
        private static final int LABEL_BYTES = 7 * 30;

        private final ConfigurableApplicationContext context;

        private OfJava(ConfigurableApplicationContext context) {
            this.context = context;
        }

        static App start(Network network, Setup setup) {
            return new OfJava(new SpringApplicationBuilder(Application.class, Blocks.class)
                    .web(WebApplicationType.NONE)
                    .properties(network.properties().toArray(String[]::new))
                    .properties(
                            "spring.application.name=" + setup.alias(),
                            "management.prometheus.metrics.export.enabled=true",
                            "alias-rpc.key-pair.seed=" + Keys.seed(setup.seed()),
                            "alias-rpc.client.server-public-key=" + setup.server(),
                            "alias-rpc.client.secret=" + Keys.SECRET,
                            "alias-rpc.client.hostname=" + setup.hostname(),
                            "alias-rpc.metrics.allowed-public-keys=" + setup.admitted(),
                            "alias-rpc.metrics.include=matrix_.*") // the others change while one looks
                    .initializers(created -> fill((GenericApplicationContext) created, setup.length()))
                    .run());
        }

        private static void fill(GenericApplicationContext context, int length) {
            if (length < 0) {
                context.registerBean(MetricsCollector.class, () -> OfJava::fail);
                return;
            }
            context.registerBean(MeterBinder.class, () -> registry -> {
                for (int i = 0; i * (SERIES_BYTES + LABEL_BYTES) < length; i++) {
                    Gauge.builder("matrix.value", () -> 1)
                            .tag("n", "%05d".formatted(i))
                            .tag("text", LABEL)
                            .register(registry);
                }
            });
        }

        private static CompletableFuture<ByteBuffer> fail() {
            return CompletableFuture.failedFuture(new IllegalStateException("nothing to tell"));
        }

        @Override
        void awaitRegistered() {
            await().until(() ->
                    context.getBean(AliasRegistrations.class).status().get(0).state()
                            == RegistrationStatus.State.REGISTERED);
        }

        @Override
        Metrics metrics() {
            return Metrics.of(resultOf(context.getBean(MetricsCollector.class).collect()));
        }

        @Override
        void awaitFirewallBlock(PublicKey stranger) {
            await().until(() -> context.getBean(Blocks.class).strangers.contains(stranger));
        }

        @Override
        public void close() {
            context.close();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    static class Blocks {
        final List<PublicKey> strangers = new CopyOnWriteArrayList<>();

        @EventListener
        void onBlock(AliasRpcMetricsEvent.FirewallBlock event) {
            strangers.add(event.remotePublicKey());
        }
    }

    /** The reference's. */
    private static final class OfNode extends App {
        private final NodePeer peer;
        private final JsonNode started;
        private final String ref;

        private OfNode(NodePeer peer, JsonNode started) {
            this.peer = peer;
            this.started = started;
            this.ref = started.path("ref").asString();
        }

        static App start(Network network, Setup setup) {
            Map<String, Object> arguments = new LinkedHashMap<>();
            arguments.put("bootstrap", NodePeer.addresses(network.bootstrap()));
            arguments.put("firewalled", false);
            arguments.put("scraperPublicKey", setup.admitted().bytes().toHex());
            arguments.put("secret", Keys.SECRET);
            arguments.put("alias", setup.alias());
            arguments.put("service", setup.alias());
            arguments.put("hostname", setup.hostname());
            arguments.put("seed", Keys.seed(setup.seed()));
            arguments.put("length", setup.length());
            return new OfNode(network.peer(), network.peer().call("metrics-process", arguments));
        }

        @Override
        void awaitRegistered() {
            peer.awaitEvent(ref, "register-alias-success");
        }

        @Override
        Metrics metrics() {
            return Metrics.of(started);
        }

        @Override
        void awaitFirewallBlock(PublicKey stranger) {
            peer.awaitEvent(
                    ref,
                    event -> event.name().equals("firewall-block")
                            && event.text("remotePublicKey")
                                    .equals(stranger.bytes().toHex()),
                    NodePeer.PATIENCE);
        }

        @Override
        public void close() {
            peer.call("close", Map.of("ref", ref));
        }
    }
}
