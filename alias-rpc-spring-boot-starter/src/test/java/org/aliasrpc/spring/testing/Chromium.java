package org.aliasrpc.spring.testing;

import static org.aliasrpc.testing.Waiting.resultOf;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aliasrpc.testing.Processes;
import org.aliasrpc.testing.TestHttp;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A headless Chromium with one page, steered through its DevTools protocol. */
public final class Chromium implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("DevTools listening on ws://(127\\.0\\.0\\.1:\\d+)/\\S+");
    private static final JsonMapper JSON = new JsonMapper();
    private static final int TIMEOUT_SECONDS = 30;

    /** Of the whole browser. */
    private static final Duration LIFE = Duration.ofMinutes(5);

    /** Events of the protocol, such as {@code Page.javascriptDialogOpening}, in order. */
    public final List<JsonNode> events = new CopyOnWriteArrayList<>();

    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();

    private Chromium(Process process, String address) throws InterruptedException {
        this.process = process;
        JsonNode pages =
                JSON.readTree(TestHttp.get("http://" + address + "/json/list").body());
        String page = pages.valueStream()
                .filter(one -> one.get("type").asString().equals("page"))
                .findFirst()
                .orElseThrow()
                .get("webSocketDebuggerUrl")
                .asString();
        this.socket =
                resultOf(HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(URI.create(page), new Messages()));
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable", Map.of());
        }
    }

    /**
     * @param directory for the profile, empty
     */
    public static Chromium start(Path directory) throws IOException, InterruptedException {
        Process process = Processes.start(
                new ProcessBuilder(
                                "chromium",
                                "--headless=new",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--remote-debugging-port=0",
                                "--user-data-dir=" + directory,
                                "about:blank")
                        .redirectErrorStream(true),
                LIFE);
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.append(line).append('\n');
            Matcher matcher = ADDRESS.matcher(line);
            if (matcher.find()) {
                Thread drain = new Thread(() -> output.lines().forEach(ignored -> {}), "chromium-output");
                drain.setDaemon(true);
                drain.start();
                return new Chromium(process, matcher.group(1));
            }
        }
        throw new IOException("chromium did not start: " + said);
    }

    /** Calls a method of the protocol and waits for its result. */
    public JsonNode call(String method, Map<String, ?> parameters) {
        int id = lastId.incrementAndGet();
        var result = new CompletableFuture<JsonNode>();
        waiting.put(id, result);
        resultOf(socket.sendText(
                JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true));
        return result.orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Opens a page; its script may still be at work when this returns. */
    public void open(String url) {
        call("Page.navigate", Map.of("url", url));
    }

    /** The value of an expression of JavaScript, awaited if it is a promise. */
    public JsonNode evaluate(String expression) {
        JsonNode answer =
                call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException(answer.get("exceptionDetails").toString());
        }
        JsonNode value = answer.get("result").get("value");
        return value == null ? JSON.nullNode() : value;
    }

    /** Presses and releases a key, such as {@code Tab} or {@code Enter}. */
    public void press(String key, int code) {
        String text = key.equals("Enter") ? "\r" : "";
        for (String type : List.of("keyDown", "keyUp")) {
            call(
                    "Input.dispatchKeyEvent",
                    Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", code, "text", text));
        }
    }

    /** Types a text where the focus is. */
    public void type(String text) {
        call("Input.insertText", Map.of("text", text));
    }

    @Override
    public void close() {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
    }

    private final class Messages implements WebSocket.Listener {
        private final StringBuilder parts = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                JsonNode message = JSON.readTree(parts.toString());
                parts.setLength(0);
                if (message.has("id")) {
                    CompletableFuture<JsonNode> result = Objects.requireNonNull(
                            waiting.remove(message.get("id").asInt()));
                    if (message.has("error")) {
                        result.completeExceptionally(new IllegalStateException(message.toString()));
                    } else {
                        result.complete(message.get("result"));
                    }
                } else {
                    events.add(message);
                }
            }
            from.request(1);
            return CompletableFuture.completedStage(null);
        }
    }
}
