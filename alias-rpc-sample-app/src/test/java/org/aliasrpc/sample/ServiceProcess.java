package org.aliasrpc.sample;

import static org.aliasrpc.testing.Waiting.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aliasrpc.AliasClientEvent;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.AliasRpcClient;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.HyperDht;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.testing.TestHttp;

/** An alias server as a process of its own in a testnet of the test. */
final class ServiceProcess implements AutoCloseable {
    private static final String SECRET = "5a".repeat(32);
    private static final List<String> SMALL = List.of("-Xmx192m", "-Xshare:auto");
    private static final Pattern READY = Pattern.compile("ready role=server publicKey=(\\S+) http=(\\S+)");

    private final SampleProcess process;

    private ServiceProcess(SampleProcess process) {
        this.process = process;
    }

    /**
     * Begins the start of one, see {@link #awaitReady}.
     *
     * @param testnet in which it announces itself
     * @param seed of its key pair, 32 bytes in hexadecimal
     * @param store arguments that say where its table is
     */
    static ServiceProcess start(LocalTestnet testnet, String seed, List<String> store) {
        BootstrapNode bootstrap = testnet.bootstrap().get(0);
        List<String> arguments = new ArrayList<>(List.of(
                "--spring.profiles.active=server",
                "--server.port=0",
                "--alias-rpc.dht.host=127.0.0.1",
                "--alias-rpc.dht.port=0",
                "--alias-rpc.dht.bootstrap=" + bootstrap.host() + ":" + bootstrap.port(),
                "--alias-rpc.key-pair.seed=" + seed,
                "--alias-rpc.server.secret=" + SECRET,
                "--alias-rpc.server.limits.per-peer-rate=1000000/1m",
                // The same for all, so that their lists can be compared.
                "--alias-rpc.server.discovery.address=127.0.0.1:1"));
        arguments.addAll(store);
        return new ServiceProcess(SampleProcess.startWith(SMALL, arguments.toArray(String[]::new)));
    }

    /** The arguments for a table in a database. */
    static List<String> in(Database database) {
        return List.of(
                "--alias-rpc.server.store.type=jdbc",
                "--spring.datasource.url=" + database.url(),
                "--logging.level.com.zaxxer=error",
                "--logging.level.org.springframework.transaction=off",
                "--logging.level.org.springframework.jdbc=off");
    }

    ServiceProcess awaitReady() {
        ready();
        return this;
    }

    private Matcher ready() {
        Matcher ready = READY.matcher(process.awaitReady("server"));
        assertThat(ready.matches()).isTrue();
        return ready;
    }

    PublicKey publicKey() {
        return PublicKey.parse(ready().group(1));
    }

    /** All it has printed. */
    List<String> output() {
        return process.output();
    }

    /**
     * A client that keeps its connection.
     *
     * @param node it uses
     * @param timeout of a call
     */
    AliasRpcClient client(HyperDht node, Duration timeout) {
        return client(node, timeout, () -> {});
    }

    /**
     * As {@link #client(HyperDht, Duration)}.
     *
     * @param onLost called when a connection without a call is lost
     */
    AliasRpcClient client(HyperDht node, Duration timeout, Runnable onLost) {
        try (SecretBytes secret = SecretBytes.parse(SECRET, "secret")) {
            return AliasRpcClient.builder(publicKey(), secret, node)
                    .timeout(timeout)
                    .listener(new AliasClientEvent.Listener() {
                        @Override
                        public void onEvent(AliasClientEvent event) {}

                        @Override
                        public void onConnectionLost() {
                            onLost.run();
                        }
                    })
                    .build();
        }
    }

    static AliasRegistration registration(String alias, PublicKey target) {
        return new AliasRegistration(alias, target, "a-host", "a-service");
    }

    HttpResponse<String> get(String path) {
        return resultOf(getAsync(path));
    }

    CompletableFuture<HttpResponse<String>> getAsync(String path) {
        URI uri = URI.create("http://" + ready().group(2) + path);
        return TestHttp.sendAsync(HttpRequest.newBuilder(uri), HttpResponse.BodyHandlers.ofString());
    }

    /** What Prometheus is told: the keys by their aliases. */
    Map<String, PublicKey> targets() {
        HttpResponse<String> answer = get("/actuator/aliasrpctargets");
        assertThat(answer.statusCode()).isEqualTo(200);
        List<Map<String, String>> all = JsonPath.read(answer.body(), "$[*].labels");
        Map<String, PublicKey> targets = new LinkedHashMap<>();
        for (Map<String, String> labels : all) {
            PublicKey before = targets.put(label(labels, "alias"), PublicKey.parse(label(labels, "public_key")));
            assertThat(before).as("a second key of %s", labels).isNull();
        }
        return targets;
    }

    private static String label(Map<String, String> labels, String name) {
        return Objects.requireNonNull(labels.get(name), name);
    }

    /** SIGTERM, and waits for the end. */
    void terminate() throws InterruptedException {
        process.terminate();
    }

    /** SIGKILL. */
    void beginKill() {
        process.beginKill();
    }

    /** SIGKILL, and waits for the end. */
    void kill() throws InterruptedException {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }
}
