package org.aliasrpc.spring.prometheus;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A program for a network of its own, in which no port is taken: starts a service where docs/prometheus expects it and a
 * Prometheus with each of the files there, unchanged, and prints what they have found.
 */
final class UnchangedFiles {
    /** Before the answer of each Prometheus in the output. */
    static final String ANSWER = "ANSWER ";

    /** Targets are scraped once in the 15 s of the files' intervals, and the rules evaluated. */
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private static final int PORT = 9400;

    private UnchangedFiles() {}

    /**
     * What one has found.
     *
     * @param up of the applications, by alias
     * @param service whether the service itself is up
     * @param evaluated names of the alerts whose rules were evaluated
     */
    record Answer(Map<String, Double> up, boolean service, Set<String> evaluated) {
        static Answer of(Prometheus prometheus) {
            return new Answer(
                    prometheus.query("up{job=\"alias-rpc\"}"),
                    prometheus.query("up{job=\"alias-rpc-service\"} == 1").size() == 1,
                    prometheus.evaluated());
        }
    }

    /** Takes a directory for the files. */
    @SuppressWarnings("try") // the fleet need only be there
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        Path byFile = Files.createDirectory(directory.resolve("file"));
        Path byBridgeFile = Files.createDirectory(directory.resolve("bridge"));
        try (Fleet fleet = new Fleet(PORT, byBridgeFile, byFile, directory);
                Prometheus http = Prometheus.start(directory.resolve("http"), "prometheus-http-sd.yml");
                Prometheus file = Prometheus.start(byFile, "prometheus-file-sd.yml");
                Prometheus bridge = Prometheus.start(byBridgeFile, "prometheus-bridge-file.yml")) {
            Map<String, Prometheus> all = new LinkedHashMap<>();
            all.put("http_sd", http);
            all.put("file_sd", file);
            all.put("bridge file", bridge);
            Answer wanted = new Answer(Fleet.ALL_UP, true, Prometheus.documentedAlerts());
            try {
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> all.values().stream()
                                .allMatch(prometheus -> Answer.of(prometheus).equals(wanted)));
            } catch (ConditionTimeoutException e) {
                for (Prometheus prometheus : all.values()) {
                    System.out.println(prometheus.log());
                }
            }
            Map<String, Answer> answers = new LinkedHashMap<>();
            all.forEach((name, prometheus) -> answers.put(name, Answer.of(prometheus)));
            System.out.println(ANSWER + JsonMapper.shared().writeValueAsString(answers));
        }
    }
}
