package org.aliasrpc.spring.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.startup.ClassPaths;
import org.springframework.util.FileSystemUtils;

/** A DHT, a directory, and how to start services and targets that live there. */
final class Surroundings implements AutoCloseable {
    /** Several of the tests' configurations are on the class path, which Logback tells at length. */
    private static final String QUIET = "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener";

    private final LoadOptions options;
    private final Path directory = Files.createTempDirectory("scrape-load");
    private final LocalTestnet testnet = LocalTestnet.start(3);
    private final String classPath =
            ClassPaths.in(directory, ServiceProcess.class, ChildProcess.class).with();

    Surroundings(LoadOptions options) throws IOException, InterruptedException {
        this.options = options;
    }

    BootstrapNode bootstrap() {
        return testnet.bootstrap().get(0);
    }

    /**
     * @param store its type
     * @param properties beside those that every load needs
     */
    Service ours(String store, Map<String, String> properties) throws IOException, InterruptedException {
        Map<String, String> all = new HashMap<>(properties);
        all.put("alias-rpc.server.store.type", store);
        if (store.equals("file")) {
            Path file = Files.createTempDirectory(directory, "ours").resolve("targets.json");
            all.put("alias-rpc.server.store.location", file.toString());
        }
        return Service.ours("Java, " + store, options.java(), options.jvm(), classPath, bootstrap(), all);
    }

    /**
     * @param more options
     * @return empty if the bridge is not wanted
     */
    Optional<Service> bridge(Map<String, Object> more) throws IOException {
        if (!options.bridge()) {
            return Optional.empty();
        }
        Path file = Files.createTempDirectory(directory, "bridge").resolve("targets.json");
        return Optional.of(Service.bridge(bootstrap(), file, more));
    }

    /** Targets that are registered with the services and can be scraped. */
    Targets targets(int count, List<Service> services) throws IOException, InterruptedException {
        List<String> arguments =
                new ArrayList<>(List.of(Integer.toString(count), bootstrap().toString()));
        services.forEach(service -> arguments.add(service.publicKey().toString()));
        ChildProcess process = ChildProcess.start(
                System.getProperty("java.home"),
                List.of("-Xmx512m", QUIET),
                System.getProperty("java.class.path"),
                TargetsProcess.class,
                arguments,
                Map.of());
        List<PublicKey> keys = new ArrayList<>();
        for (String key : process.heard().split(" ", -1)) {
            keys.add(PublicKey.parse(key));
        }
        try (var registrations = new Registrations(bootstrap())) {
            for (Service service : services) {
                registrations.register(service, keys);
            }
        }
        return new Targets(process);
    }

    /** The process of the targets. */
    record Targets(ChildProcess process) implements AutoCloseable {
        /** From now on all of them have metrics of that many bytes. */
        void length(int bytes) throws InterruptedException {
            process.ask("length " + bytes);
        }

        @Override
        public void close() {
            process.close();
        }
    }

    @Override
    public void close() throws IOException {
        testnet.close();
        FileSystemUtils.deleteRecursively(directory);
    }
}
