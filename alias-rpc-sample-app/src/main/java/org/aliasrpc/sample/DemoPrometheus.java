package org.aliasrpc.sample;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** A configuration for a Prometheus on this machine, made from the one that the project ships. */
final class DemoPrometheus {
    private static final String CONFIGURATION = "prometheus-http-sd.yml";
    private static final String RULES = "alias-rpc-rules.yml";

    private DemoPrometheus() {}

    /**
     * Writes the configuration to a directory for temporary files.
     *
     * @param service host:port of the service
     * @return the command that starts Prometheus with it; empty if there is none on this machine
     */
    static Optional<String> prepare(String service) throws IOException {
        if (!isInstalled("prometheus")) {
            return Optional.empty();
        }
        Path directory = Files.createTempDirectory("alias-rpc-demo-prometheus");
        Files.writeString(
                directory.resolve(CONFIGURATION), resource(CONFIGURATION).replace("127.0.0.1:9400", service));
        Files.writeString(directory.resolve(RULES), resource(RULES));
        return Optional.of("prometheus --config.file=" + directory.resolve(CONFIGURATION) + " --storage.tsdb.path="
                + directory.resolve("data") + " --web.listen-address=127.0.0.1:9090");
    }

    private static boolean isInstalled(String command) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(path)
                .filter(directory -> !directory.isEmpty())
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = DemoPrometheus.class.getResourceAsStream("/prometheus/" + name)) {
            if (in == null) {
                throw new FileNotFoundException("prometheus/" + name + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
