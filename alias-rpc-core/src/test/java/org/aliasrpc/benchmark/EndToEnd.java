package org.aliasrpc.benchmark;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.interop.NodePeer;
import tools.jackson.databind.JsonNode;

/**
 * The end-to-end benchmark: our server and the reference's 2.1.0 under the same load, in turn, in one run; each in a
 * process of its own, on open nodes of one DHT, with the reference's clients as the load. Both run for the whole time; what
 * the idle one needs is about nothing. Before the figures count, both servers get enough of every kind of load for their
 * compilers to come to rest (a JVM's needs about as much CPU time for the first 10 000 handshakes as these themselves);
 * then each load runs as often as {@code rounds} says, alternating.
 *
 * <p>Run with {@code mvn -P end-to-end-benchmark -pl alias-rpc-core verify}; system properties {@code rounds} (3),
 * {@code scale} (1.0: length of each load), {@code loads} (a regular expression of names) and {@code server.jvm} (options of
 * our server's JVM) as {@code -Dbenchmark.args="-Drounds=5"}. Linux only: CPU time is read from {@code /proc}.
 */
final class EndToEnd {
    private static final String SECRET = "5e".repeat(32);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int BYTES_PER_MEGABYTE = 1_000_000;
    private static final int IDLE_CONNECTIONS = 1000;

    private final NodePeer load = NodePeer.start();
    private final ProcessUsage loadUsage = new ProcessUsage(load.pid());
    private final List<BootstrapNode> bootstrap;
    private final double scale = Double.parseDouble(System.getProperty("scale", "1"));

    private EndToEnd(List<BootstrapNode> bootstrap) {
        this.bootstrap = bootstrap;
    }

    /**
     * One kind of load.
     *
     * @param operations of one run; megabytes if there is no {@code width}
     */
    private record Load(String name, String command, int operations, Map<String, Object> arguments) {
        boolean bulk() {
            return !arguments.containsKey("width");
        }
    }

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException {
        int rounds = Integer.getInteger("rounds", 3);
        String wanted = System.getProperty("loads", ".*");
        List<String> jvm = Stream.of(System.getProperty("server.jvm", "").split(" ", -1))
                .filter(option -> !option.isEmpty())
                .toList();
        try (NodePeer network = NodePeer.start()) {
            List<BootstrapNode> bootstrap = NodePeer.addresses(
                    network.call("testnet", Map.of("nodes", 3)).path("bootstrap"));
            EndToEnd driver = new EndToEnd(bootstrap);
            try (Server reference = Server.node("2.1.0", bootstrap, SECRET);
                    Server ours = Server.java(jvm, bootstrap, SECRET)) {
                List<Load> loads = driver.loads().stream()
                        .filter(next -> next.name().matches(wanted))
                        .toList();
                driver.warmUp(loads, reference, ours);
                System.out.println(Measurement.header());
                for (Load next : loads) {
                    driver.compare(next, reference, ours, rounds);
                }
                if ("idle".matches(wanted)) {
                    driver.idle(reference);
                    driver.idle(ours);
                }
            } finally {
                driver.load.close();
            }
        }
    }

    private List<Load> loads() {
        List<Load> loads = new ArrayList<>();
        for (int width : new int[] {1, 8, 32}) {
            loads.add(new Load("cold " + width, "load-cold", scaled(width == 1 ? 500 : 1500), Map.of("width", width)));
        }
        for (int[] shape : new int[][] {{1, 1}, {8, 8}, {32, 4}}) {
            loads.add(new Load(
                    "warm " + shape[0] + "x" + shape[1],
                    "load-warm",
                    scaled(shape[0] == 1 ? 20_000 : 100_000),
                    Map.of("connections", shape[0], "width", shape[1])));
        }
        loads.add(new Load("bulk up", "load-upload", scaled(1000), Map.of()));
        loads.add(new Load("bulk down", "load-download", scaled(1000), Map.of()));
        return loads;
    }

    /** Only for the kinds of load that follow, and never shorter: compilers need their time whatever is measured after. */
    private void warmUp(List<Load> loads, Server... servers) {
        List<Load> all = List.of(
                new Load("", "load-cold", 10_000, Map.of("width", 8)),
                new Load("", "load-warm", 200_000, Map.of("connections", 8, "width", 8)),
                new Load("", "load-upload", 500, Map.of()),
                new Load("", "load-download", 500, Map.of()));
        for (Load next : all) {
            if (loads.stream().anyMatch(load -> load.command().equals(next.command()))) {
                for (Server server : servers) {
                    run(next, server);
                }
            }
        }
    }

    private int scaled(int operations) {
        return Math.max(1, (int) (operations * scale));
    }

    @SuppressWarnings("SystemOut")
    private void compare(Load next, Server reference, Server ours, int rounds) {
        List<Measurement> referenceRuns = new ArrayList<>();
        List<Measurement> ourRuns = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            referenceRuns.add(run(next, reference));
            ourRuns.add(run(next, ours));
        }
        System.out.println(Measurement.row(next.name(), reference.name(), referenceRuns));
        System.out.println(Measurement.row(next.name(), ours.name(), ourRuns));
        System.out.println(Measurement.ratios(referenceRuns, ourRuns));
    }

    private Measurement run(Load next, Server server) {
        int operations = next.operations();
        Map<String, Object> arguments = new HashMap<>(next.arguments());
        arguments.put("bootstrap", NodePeer.addresses(bootstrap));
        if (next.bulk()) {
            arguments.put("publicKey", next.command().equals("load-upload") ? server.sinkKey() : server.sourceKey());
            arguments.put("bytes", (long) operations * BYTES_PER_MEGABYTE);
        } else {
            arguments.put("serverPublicKey", server.aliasKey());
            arguments.put("secret", SECRET);
            arguments.put("total", operations);
        }
        long serverBefore = server.usage().cpuMicros();
        long clientBefore = loadUsage.cpuMicros();
        JsonNode told = load.call(next.command(), arguments, PATIENCE);
        double serverCpu = server.usage().cpuMicros() - serverBefore;
        double clientCpu = loadUsage.cpuMicros() - clientBefore;
        // Warm loads open and warm their connections by themselves, which the server works for too.
        int done = told.path("allOperations").asInt(operations);
        return new Measurement(
                operations * 1e6 / told.path("elapsedMicros").asDouble(),
                told.path("p50Micros").asDouble(),
                told.path("p99Micros").asDouble(),
                serverCpu / done,
                clientCpu / done,
                told.path("failures").asInt());
    }

    /** Memory for each of many connections that do nothing, and the CPU time of their keep-alives. */
    @SuppressWarnings("SystemOut")
    private void idle(Server server) {
        Map<String, Object> arguments = Map.of(
                "bootstrap", NodePeer.addresses(bootstrap),
                "publicKey", server.aliasKey(),
                "connections", IDLE_CONNECTIONS);
        long live = server.process().liveBytes();
        long resident = server.usage().residentBytes();
        JsonNode held = load.call("load-idle", arguments, PATIENCE);
        long cpu = server.usage().cpuMicros();
        JsonNode rest = load.call("wait", Map.of("ms", 10_000), PATIENCE);
        double idleCpu = server.usage().cpuMicros() - cpu;
        System.out.printf(
                Locale.ROOT,
                "%-22s %-10s %d connections: %.1f KB live, %.1f KB resident for each; %.1f ms CPU a second%n",
                "idle",
                server.name(),
                held.path("held").asInt(),
                (server.process().liveBytes() - live) / 1e3 / IDLE_CONNECTIONS,
                (server.usage().residentBytes() - resident) / 1e3 / IDLE_CONNECTIONS,
                idleCpu / rest.path("elapsedMicros").asDouble() * 1e3);
        load.call("close", Map.of("ref", held.path("ref").asString()));
    }
}
