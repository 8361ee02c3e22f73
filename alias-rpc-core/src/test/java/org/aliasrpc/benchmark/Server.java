package org.aliasrpc.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.interop.NodePeer;
import tools.jackson.databind.JsonNode;

/**
 * A server process of the end-to-end benchmark.
 *
 * @param name for the report
 * @param usage of the process
 * @param aliasKey of its alias server, in hex
 * @param sinkKey of the server that counts bytes
 * @param sourceKey of the server that sends bytes
 * @param process to ask for its live bytes and to end
 */
record Server(String name, ProcessUsage usage, String aliasKey, String sinkKey, String sourceKey, Handle process)
        implements AutoCloseable {
    /** What is behind a server. */
    interface Handle extends AutoCloseable {
        /** Bytes of live objects, after a collection. */
        long liveBytes();

        @Override
        void close();
    }

    /** The reference's alias server, as published, on an open node. */
    static Server node(String version, List<BootstrapNode> bootstrap, String secret) {
        NodePeer peer = NodePeer.start("--expose-gc");
        Map<String, Object> common = Map.of("bootstrap", NodePeer.addresses(bootstrap), "firewalled", false);
        String alias = key(peer, "alias-server", common, Map.of("version", version, "secret", secret, "quiet", true));
        String sink = key(peer, "stream-server", common, Map.of("mode", "count"));
        String source = key(peer, "stream-server", common, Map.of("mode", "source"));
        Handle handle = new Handle() {
            @Override
            public long liveBytes() {
                JsonNode memory = peer.call("usage", Map.of()).path("memory");
                return memory.path("heapUsed").asLong()
                        + memory.path("external").asLong();
            }

            @Override
            public void close() {
                peer.close();
            }
        };
        return new Server("Node " + version, new ProcessUsage(peer.pid()), alias, sink, source, handle);
    }

    /** Our servers, in a JVM with the options given. */
    static Server java(List<String> jvmOptions, List<BootstrapNode> bootstrap, String secret) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
        command.addAll(jvmOptions);
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), JavaServerProcess.class.getName(), secret));
        bootstrap.forEach(node -> command.add(node.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = process.inputReader();
        Writer input = process.outputWriter();
        String ready = output.readLine();
        while (ready != null && !ready.startsWith("ready ")) {
            ready = output.readLine(); // the JVM may have something to say first, as with a flight recording
        }
        if (ready == null) {
            process.destroyForcibly();
            throw new IOException("the Java server did not start");
        }
        String[] words = ready.split(" ", -1);
        Handle handle = new Handle() {
            @Override
            public long liveBytes() {
                try {
                    input.write("live\n");
                    input.flush();
                    return Long.parseLong(output.readLine());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public void close() {
                process.destroy();
                process.onExit().join();
            }
        };
        return new Server("Java", new ProcessUsage(process.pid()), hex(words[1]), hex(words[2]), hex(words[3]), handle);
    }

    @Override
    public void close() {
        process.close();
    }

    private static String hex(String publicKey) {
        return PublicKey.parse(publicKey).bytes().toHex();
    }

    private static String key(NodePeer peer, String command, Map<String, Object> common, Map<String, Object> more) {
        Map<String, Object> arguments = new HashMap<>(common);
        arguments.putAll(more);
        return peer.call(command, arguments).path("publicKey").asString();
    }
}
