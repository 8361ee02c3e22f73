package org.aliasrpc.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.aliasrpc.BootstrapNode;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A process that runs {@code src/test/node/peer.js} and does what it is told: reference DHT nodes, alias servers and clients,
 * streams and sockets. Commands and their arguments are documented there.
 *
 * <p>Safe for use by many threads. The process ends with this object, and by itself if this JVM dies.
 */
public final class NodePeer implements AutoCloseable {
    /** How long a command may take unless said otherwise: longer than any wait in the reference that tests meet. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int STDERR_LINES_KEPT = 40;
    private static final long EXIT_SECONDS = 30;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Process process;
    private final Writer commands;
    private final AtomicLong nextId = new AtomicLong();
    private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
    private final List<PeerEvent> events = new ArrayList<>();
    private final Deque<String> stderr = new ArrayDeque<>();
    private boolean ended;

    private record Pending(String command, CompletableFuture<JsonNode> answer) {}

    private NodePeer(Process process) {
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        startReader("stdout", process.getInputStream(), this::onLine);
        startReader("stderr", process.getErrorStream(), this::onStderr);
    }

    /**
     * Starts a peer, after installing what it needs if that was not done yet.
     *
     * @param nodeOptions options for Node itself, such as {@code --expose-gc}
     */
    public static NodePeer start(String... nodeOptions) {
        Path directory = NodeModules.directory();
        List<String> command = new ArrayList<>(List.of("node"));
        command.addAll(List.of(nodeOptions));
        command.add("peer.js");
        try {
            return new NodePeer(
                    new ProcessBuilder(command).directory(directory.toFile()).start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start node", e);
        }
    }

    /** The process stands still, with everything in it, until {@link #goOn}. */
    void stop() throws IOException, InterruptedException {
        signal("STOP");
    }

    void goOn() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid())
                .inheritIO()
                .start();
        if (!kill.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IOException("no " + name + " for process " + pid());
        }
    }

    /** The operating system's number of the process. */
    public long pid() {
        return process.pid();
    }

    /** {@link #call(String, Map, Duration)} with the usual patience. */
    public JsonNode call(String command, Map<String, ?> arguments) {
        return call(command, arguments, PATIENCE);
    }

    /**
     * Runs a command and waits for its answer.
     *
     * @throws NodePeerException if the peer could not do it
     * @throws AssertionError if there is no answer within the time
     */
    public JsonNode call(String command, Map<String, ?> arguments, Duration patience) {
        CompletableFuture<JsonNode> answer = callAsync(command, arguments);
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NodePeerException failure) {
                failure.fillInStackTrace(); // where the test called, not where the answer was read
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("no answer to " + command + " within " + patience + told(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + command, e);
        }
    }

    /** Sends a command; the answer fails with {@link NodePeerException} only. */
    public CompletableFuture<JsonNode> callAsync(String command, Map<String, ?> arguments) {
        long id = nextId.incrementAndGet();
        Map<String, Object> line = new LinkedHashMap<>(arguments);
        line.put("id", id);
        line.put("do", command);
        var answer = new CompletableFuture<JsonNode>();
        pending.put(id, new Pending(command, answer));
        try {
            synchronized (commands) {
                commands.write(JSON.writeValueAsString(line));
                commands.write('\n');
                commands.flush();
            }
        } catch (IOException e) {
            onEnd();
        }
        if (hasEnded()) {
            onEnd(); // the reader may have ended before the command was entered
        }
        return answer;
    }

    /** What has happened to an object so far, in order. */
    public List<PeerEvent> events(String ref) {
        synchronized (events) {
            return events.stream().filter(event -> event.ref().equals(ref)).toList();
        }
    }

    /**
     * Waits for the first event of an object, past or future, for which the condition holds.
     *
     * @throws AssertionError if none came within the time; tells which ones did
     */
    public PeerEvent awaitEvent(String ref, Predicate<PeerEvent> condition, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        synchronized (events) {
            for (int seen = 0; ; ) {
                for (; seen < events.size(); seen++) {
                    PeerEvent event = events.get(seen);
                    if (event.ref().equals(ref) && condition.test(event)) {
                        return event;
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0 || ended) {
                    throw new AssertionError("no such event of " + ref + "; there were " + events(ref) + told());
                }
                waitForEvents(left);
            }
        }
    }

    /** {@link #awaitEvent(String, Predicate, Duration)} by name, with the usual patience. */
    public PeerEvent awaitEvent(String ref, String name) {
        return awaitEvent(ref, event -> event.name().equals(name), PATIENCE);
    }

    /** Bootstrap nodes as the peer takes them. */
    public static List<Map<String, Object>> addresses(List<BootstrapNode> nodes) {
        return nodes.stream()
                .map(node -> Map.<String, Object>of("host", node.host(), "port", node.port()))
                .toList();
    }

    /** Bootstrap nodes as the peer tells them. */
    public static List<BootstrapNode> addresses(JsonNode told) {
        return told.valueStream()
                .map(node -> new BootstrapNode(
                        node.path("host").asString(), node.path("port").asInt()))
                .toList();
    }

    /** Ends the process at once, as a crash would: nothing is closed, nobody is told. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** Ends the process; its objects are not closed one by one, as the whole network of a test goes with it. */
    @Override
    public void close() {
        try {
            synchronized (commands) {
                commands.close(); // the end of its input ends the peer
            }
            if (!process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void waitForEvents(long millis) {
        try {
            events.wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for an event", e);
        }
    }

    private void onLine(String line) {
        ObjectNode message = (ObjectNode) JSON.readTree(line);
        if (message.has("event")) {
            String name = message.remove("event").asString();
            JsonNode ref = message.remove("ref");
            synchronized (events) {
                events.add(new PeerEvent(ref == null ? "" : ref.asString(), name, message));
                events.notifyAll();
            }
            return;
        }
        Pending waiting = pending.remove(message.path("id").asLong());
        if (waiting == null) {
            return;
        }
        if (message.has("error")) {
            waiting.answer()
                    .completeExceptionally(NodePeerException.of(waiting.command(), message.path("error"), told()));
        } else {
            waiting.answer().complete(message.path("ok"));
        }
    }

    private void onStderr(String line) {
        synchronized (stderr) {
            stderr.add(line);
            if (stderr.size() > STDERR_LINES_KEPT) {
                stderr.remove();
            }
        }
    }

    /** Commands that nobody will answer fail; waiting for events ends. */
    private void onEnd() {
        for (Long id : List.copyOf(pending.keySet())) {
            Pending waiting = pending.remove(id);
            if (waiting != null) {
                JsonNode error = JSON.createObjectNode().put("message", "the peer process has ended");
                waiting.answer().completeExceptionally(NodePeerException.of(waiting.command(), error, told()));
            }
        }
        synchronized (events) {
            ended = true;
            events.notifyAll();
        }
    }

    private boolean hasEnded() {
        synchronized (events) {
            return ended;
        }
    }

    private String told() {
        synchronized (stderr) {
            return stderr.isEmpty() ? "" : "; on its standard error:\n" + String.join("\n", stderr);
        }
    }

    private void startReader(String stream, InputStream in, Consumer<String> onLine) {
        Thread reader = new Thread(() -> read(in, onLine), "node-peer-" + process.pid() + "-" + stream);
        reader.setDaemon(true);
        reader.start();
    }

    private void read(InputStream in, Consumer<String> onLine) {
        try (var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
                onLine.accept(line);
            }
        } catch (IOException e) {
            onStderr("(reading from the peer: " + e.getMessage() + ")");
        } finally {
            if (in == process.getInputStream()) {
                onEnd();
            }
        }
    }
}
