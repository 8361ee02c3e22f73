package org.aliasrpc.spring.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.benchmark.ProcessUsage;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.interop.NodePeer;
import tools.jackson.databind.JsonNode;

/**
 * A service under load, in a process of its own.
 *
 * @param name for the report
 * @param publicKey with which it scrapes
 * @param port of its HTTP side on 127.0.0.1
 * @param usage of the process
 * @param handle to look into it and to end it
 */
record Service(String name, PublicKey publicKey, int port, ProcessUsage usage, Handle handle) implements AutoCloseable {
    static final String SECRET = "5e".repeat(32);
    private static final String SEED = "0e".repeat(32);
    private static final int SCRAPE_TIMEOUT_SECONDS = 60;

    /** What is behind a service. */
    interface Handle extends AutoCloseable {
        /** As {@link Memory}, except for the resident bytes. */
        long[] heap() throws InterruptedException;

        @Override
        void close();
    }

    /**
     * Bytes.
     *
     * @param live objects after a collection; for the bridge with what lies outside of V8's heap
     * @param taken from the system for the heap
     * @param resident memory of the whole process
     */
    record Memory(long live, long taken, long resident) {}

    /**
     * Ours, in a JVM with the options given.
     *
     * @param java the home of its JDK
     * @param properties beside those that every load needs
     */
    static Service ours(
            String name,
            String java,
            List<String> jvm,
            String classPath,
            BootstrapNode bootstrap,
            Map<String, String> properties)
            throws IOException, InterruptedException {
        Map<String, String> all = new HashMap<>(Map.of(
                "server.port", "0",
                "server.address", "127.0.0.1",
                "spring.main.banner-mode", "off",
                "logging.level.root", "warn",
                "management.endpoints.web.exposure.include", "aliasrpctargets",
                "alias-rpc.server.enabled", "true",
                "alias-rpc.server.limits.per-peer-rate", "1000000/1s",
                "alias-rpc.server.max-aliases", "20000",
                "alias-rpc.server.scrape-proxy.timeout", SCRAPE_TIMEOUT_SECONDS + "s"));
        all.putAll(Map.of(
                "alias-rpc.dht.bootstrap", bootstrap.toString(),
                "alias-rpc.dht.host", "127.0.0.1",
                "alias-rpc.dht.port", "0"));
        all.putAll(properties);
        List<String> arguments = new ArrayList<>();
        all.forEach((key, value) -> arguments.add("--" + key + "=" + value));
        ChildProcess process = ChildProcess.start(
                java,
                jvm,
                classPath,
                ServiceProcess.class,
                arguments,
                Map.of("ALIAS_RPC_SERVER_SECRET", SECRET, "ALIAS_RPC_KEY_PAIR_SEED", SEED));
        String[] ready = process.heard().split(" ", -1);
        Handle handle = new Handle() {
            @Override
            public long[] heap() throws InterruptedException {
                String[] said = process.ask("heap").split(" ", -1);
                return new long[] {Long.parseLong(said[0]), Long.parseLong(said[1])};
            }

            @Override
            public void close() {
                process.close();
            }
        };
        return new Service(
                name, PublicKey.parse(ready[0]), Integer.parseInt(ready[1]), new ProcessUsage(process.pid()), handle);
    }

    /**
     * The reference's bridge as published, on an open node.
     *
     * @param file where it keeps its aliases
     * @param options beside those that every load needs
     */
    static Service bridge(BootstrapNode bootstrap, Path file, Map<String, Object> options) {
        NodePeer peer = NodePeer.start("--expose-gc");
        Map<String, Object> all = new HashMap<>(Map.of(
                "bootstrap",
                NodePeer.addresses(List.of(bootstrap)),
                "firewalled",
                false,
                "quiet",
                true,
                "secret",
                SECRET,
                "targets",
                file.toString(),
                "timeout",
                SCRAPE_TIMEOUT_SECONDS * 1000));
        all.putAll(options);
        JsonNode told = peer.call("bridge", all);
        Handle handle = new Handle() {
            @Override
            public long[] heap() {
                JsonNode memory = peer.call("usage", Map.of()).path("memory");
                return new long[] {
                    memory.path("heapUsed").asLong() + memory.path("external").asLong(),
                    memory.path("heapTotal").asLong() + memory.path("external").asLong()
                };
            }

            @Override
            public void close() {
                peer.close();
            }
        };
        return new Service(
                "Node bridge",
                PublicKey.parse(told.path("publicKey").asString()),
                told.path("port").asInt(),
                new ProcessUsage(peer.pid()),
                handle);
    }

    Memory memory() throws InterruptedException {
        long resident = usage.residentBytes();
        long[] heap = handle.heap();
        return new Memory(heap[0], heap[1], resident);
    }

    @Override
    public void close() {
        handle.close();
    }
}
