package org.aliasrpc.spring.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.aliasrpc.testing.Waiting.resultOf;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.interop.NodePeer;
import org.aliasrpc.spring.event.AliasRpcServerEvent;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.aliasrpc.spring.testing.Keys;
import org.aliasrpc.testing.TestHttp;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import tools.jackson.databind.JsonNode;

/** A service with which applications register, and which Prometheus asks for their metrics: ours, or the npm bridge. */
abstract class Service implements AutoCloseable {
    /**
     * Where a service keeps its aliases, who it is, and what it gives a scrape.
     *
     * @param file the targets file; needs not exist
     * @param seed number of its key pair
     * @param timeout of a scrape
     */
    record Setup(Path file, int seed, Duration timeout) {
        PublicKey publicKey() {
            return Keys.key(seed);
        }
    }

    /** What the answer to a scrape is. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Scrape(int status, String contentType, byte[] body) {
        Metrics metrics() {
            return Metrics.of(ByteBuffer.wrap(body));
        }

        String text() {
            return new String(body, UTF_8);
        }
    }

    static Service start(Side side, Network network, Setup setup) throws InterruptedException {
        return side == Side.JAVA ? OfJava.start(network, setup) : OfNode.start(network, setup);
    }

    abstract String address();

    /** What an alias points to; an empty text if it is not there. */
    abstract String target(String alias);

    /** Registrations since its start. */
    abstract long registrations();

    @Override
    public abstract void close();

    CompletableFuture<Scrape> scrapeAsync(String alias) {
        var request = HttpRequest.newBuilder(URI.create("http://" + address() + "/scrape/" + alias + "/metrics"));
        return TestHttp.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(response -> new Scrape(
                        response.statusCode(),
                        response.headers().firstValue("content-type").orElse(""),
                        response.body()));
    }

    Scrape scrape(String alias) {
        return resultOf(scrapeAsync(alias));
    }

    /** Ours. */
    private static final class OfJava extends Service {
        private final ConfigurableApplicationContext context;

        private OfJava(ConfigurableApplicationContext context) {
            this.context = context;
        }

        static Service start(Network network, Setup setup) throws InterruptedException {
            ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class, Requests.class)
                    .web(WebApplicationType.SERVLET)
                    .properties(network.properties().toArray(String[]::new))
                    .properties(
                            "server.address=127.0.0.1",
                            "server.port=0",
                            "alias-rpc.key-pair.seed=" + Keys.seed(setup.seed()),
                            "alias-rpc.server.enabled=true",
                            "alias-rpc.server.secret=" + Keys.SECRET,
                            "alias-rpc.server.store.type=file",
                            "alias-rpc.server.store.location=" + setup.file(),
                            "alias-rpc.server.scrape-proxy.timeout="
                                    + setup.timeout().toMillis() + "ms")
                    .run();
            context.getBean(AliasRpcServer.class).listen();
            return new OfJava(context);
        }

        @Override
        String address() {
            return "127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port");
        }

        @Override
        String target(String alias) {
            return context.getBean(AliasRegistry.class)
                    .find(alias)
                    .map(entry -> entry.targetPublicKey().bytes().toHex())
                    .orElse("");
        }

        @Override
        long registrations() {
            return context.getBean(Requests.class).count;
        }

        @Override
        public void close() {
            context.close();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    static class Requests {
        volatile long count;

        @EventListener
        synchronized void onRequest(AliasRpcServerEvent.AliasRequest event) {
            count++;
        }
    }

    /** The reference's. */
    private static final class OfNode extends Service {
        private final NodePeer peer;
        private final String ref;
        private final String address;

        private OfNode(NodePeer peer, JsonNode started) {
            this.peer = peer;
            this.ref = started.path("ref").asString();
            this.address = started.path("host").asString() + ":" + started.path("port");
        }

        static Service start(Network network, Setup setup) {
            return new OfNode(
                    network.peer(),
                    network.peer()
                            .call(
                                    "bridge",
                                    Map.of(
                                            "bootstrap", NodePeer.addresses(network.bootstrap()),
                                            "firewalled", false,
                                            "secret", Keys.SECRET,
                                            "seed", Keys.seed(setup.seed()),
                                            "targets", setup.file().toString(),
                                            "timeout", setup.timeout().toMillis())));
        }

        @Override
        String address() {
            return address;
        }

        @Override
        String target(String alias) {
            return peer.call("bridge-entries", Map.of("ref", ref))
                    .valueStream()
                    .filter(entry -> entry.path("alias").asString().equals(alias))
                    .map(entry -> entry.path("publicKey").asString())
                    .findFirst()
                    .orElse("");
        }

        @Override
        long registrations() {
            return peer.events(ref).stream()
                    .filter(event -> event.name().equals("alias-request"))
                    .count();
        }

        @Override
        public void close() {
            peer.call("close", Map.of("ref", ref));
        }
    }
}
