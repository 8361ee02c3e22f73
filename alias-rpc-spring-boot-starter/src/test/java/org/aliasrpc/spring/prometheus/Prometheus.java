package org.aliasrpc.spring.prometheus;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Prometheus process with a configuration from docs/prometheus. */
final class Prometheus implements AutoCloseable {
    private static final Path DOCS = Path.of("..", "docs", "prometheus");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final String url;
    private final Path log;

    private Prometheus(Process process, String url, Path log) {
        this.process = process;
        this.url = url;
        this.log = log;
    }

    /**
     * Starts one in a directory, where its configuration, rules and data are.
     *
     * @param configuration file in docs/prometheus; used as it stands, but for the service's address, which here is known
     *     late, and the intervals, for which a test does not wait
     * @param service host:port of the service
     */
    static Prometheus start(Path directory, String configuration, String service) throws IOException {
        String text = Files.readString(DOCS.resolve(configuration));
        Files.createDirectories(directory);
        Files.writeString(
                directory.resolve("prometheus.yml"),
                text.replace("127.0.0.1:9400", service)
                        .replaceAll("(interval: )15s", "$11s")
                        .replace("scrape_timeout: 10s", "scrape_timeout: 1s"));
        Files.copy(DOCS.resolve("alias-rpc-rules.yml"), directory.resolve("alias-rpc-rules.yml"));
        Path log = directory.resolve("prometheus.log");
        String address = "127.0.0.1:" + freePort();
        Process process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=prometheus.yml",
                        "--storage.tsdb.path=data",
                        "--web.listen-address=" + address)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new Prometheus(process, "http://" + address, log);
    }

    /** Prometheus does not tell which port it took, so it cannot choose one. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private JsonNode get(String path) {
        try {
            HttpResponse<String> response = HTTP.send(
                    HttpRequest.newBuilder(URI.create(url + path)).build(), HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 503 // it reads its log, in plain text
                    ? new JsonMapper().createObjectNode()
                    : new JsonMapper().readTree(response.body()).path("data");
        } catch (IOException e) {
            return new JsonMapper().createObjectNode(); // not up yet
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

    /** Names of the alerts that fire. */
    Set<String> firing() {
        Set<String> names = new TreeSet<>();
        for (JsonNode alert : get("/api/v1/alerts").path("alerts")) {
            if (alert.get("state").asString().equals("firing")) {
                names.add(alert.get("labels").get("alertname").asString());
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
