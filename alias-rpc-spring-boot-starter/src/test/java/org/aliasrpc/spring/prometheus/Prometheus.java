package org.aliasrpc.spring.prometheus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aliasrpc.testing.TestHttp;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Prometheus process with a configuration from docs/prometheus. */
final class Prometheus implements AutoCloseable {
    private static final Path DOCS = Path.of("..", "docs", "prometheus");
    private static final String RULES = "alias-rpc-rules.yml";
    private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
    private static final Pattern LISTENING = Pattern.compile("msg=\"Listening on\" .*address=(127\\.0\\.0\\.1:\\d+)");

    private final Process process;
    private final Path log;

    private Prometheus(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts one in a directory, where its configuration, rules and data are.
     *
     * @param configuration file in docs/prometheus
     */
    static Prometheus start(Path directory, String configuration) throws IOException {
        return start(directory, configuration, UnaryOperator.identity());
    }

    /**
     * As {@link #start}, for a service whose address is known late, and for a test that has not the time of a person: with
     * another address and shorter intervals, and nothing else changed.
     *
     * @param service host:port of the service
     * @param stale what is two hours in the rules
     */
    static Prometheus startHurried(Path directory, String configuration, String service, Duration stale)
            throws IOException {
        return start(
                directory,
                configuration,
                text -> text.replace("127.0.0.1:9400", service)
                        .replaceAll("(interval: )15s", "$11s")
                        .replace("scrape_timeout: 10s", "scrape_timeout: 1s")
                        .replace("for: 1m", "for: 1s")
                        .replace("2 * 3600", String.valueOf(stale.toSeconds())));
    }

    private static Prometheus start(Path directory, String configuration, UnaryOperator<String> change)
            throws IOException {
        Files.createDirectories(directory);
        copy(configuration, directory.resolve("prometheus.yml"), change);
        copy(RULES, directory.resolve(RULES), change);
        Path log = directory.resolve("prometheus.log");
        Process process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=prometheus.yml",
                        "--storage.tsdb.path=data",
                        "--web.listen-address=127.0.0.1:0")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new Prometheus(process, log);
    }

    private static void copy(String file, Path to, UnaryOperator<String> change) throws IOException {
        Files.writeString(to, change.apply(Files.readString(DOCS.resolve(file))));
    }

    /** Names of all alerts in the rules. */
    static Set<String> documentedAlerts() throws IOException {
        Set<String> names = new TreeSet<>();
        Matcher alert = ALERT.matcher(Files.readString(DOCS.resolve(RULES)));
        while (alert.find()) {
            names.add(alert.group(1));
        }
        return names;
    }

    /** Where it listens, which it tells in its log; empty before. */
    private Optional<String> address() throws IOException {
        Matcher listening = LISTENING.matcher(log());
        return listening.find() ? Optional.of(listening.group(1)) : Optional.empty();
    }

    private JsonNode get(String path) {
        try {
            Optional<String> address = address();
            if (address.isEmpty()) {
                return new JsonMapper().createObjectNode(); // not up yet
            }
            HttpResponse<String> response = TestHttp.get("http://" + address.get() + path);
            return response.statusCode() == 503 // it reads its log, in plain text
                    ? new JsonMapper().createObjectNode()
                    : new JsonMapper().readTree(response.body()).path("data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Asks the query API.
     *
     * @return the values by the label {@code alias}
     */
    Map<String, Double> query(String expression) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (JsonNode one : result(expression)) {
            values.put(
                    one.get("metric").path("alias").asString(""),
                    Double.parseDouble(one.get("value").get(1).asString()));
        }
        return values;
    }

    /** The labels of the only result of a query. */
    JsonNode labels(String expression) {
        JsonNode result = result(expression);
        if (result.size() != 1) {
            throw new AssertionError(expression + " gives " + result);
        }
        return result.get(0).get("metric");
    }

    private JsonNode result(String expression) {
        return get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .path("result");
    }

    /** The alerts that fire, each with the instance that it is about: {@code NAME INSTANCE}. */
    Set<String> firing() {
        Set<String> firing = new TreeSet<>();
        for (JsonNode alert : get("/api/v1/alerts").path("alerts")) {
            if (alert.get("state").asString().equals("firing")) {
                JsonNode labels = alert.get("labels");
                firing.add(labels.get("alertname").asString() + " "
                        + labels.get("instance").asString());
            }
        }
        return firing;
    }

    /** Names of the alerts whose rules were evaluated without an error. */
    Set<String> evaluated() {
        Set<String> names = new TreeSet<>();
        for (JsonNode group : get("/api/v1/rules").path("groups")) {
            for (JsonNode rule : group.get("rules")) {
                if (rule.get("health").asString().equals("ok")) {
                    names.add(rule.get("name").asString());
                }
            }
        }
        return names;
    }

    /** What it has said. */
    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }
}
