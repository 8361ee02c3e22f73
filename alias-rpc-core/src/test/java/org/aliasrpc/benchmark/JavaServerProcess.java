package org.aliasrpc.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.aliasrpc.AliasRegistrar;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.HyperDht;
import org.aliasrpc.Hyperswarm;
import org.aliasrpc.OpenNode;
import org.aliasrpc.PeerConnection;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;

/**
 * Our servers in a process of their own, so that their CPU time can be told from the load generator's: an alias server, one
 * that counts what it receives, and one that sends what it is asked for, as the Node peer's stream servers do.
 *
 * <p>Arguments: the secret in hex, then bootstrap nodes. Prints {@code ready ALIAS_KEY SINK_KEY SOURCE_KEY}; answers each
 * line of its input with the bytes of live objects; ends with its input.
 */
final class JavaServerProcess {
    private static final int CHUNK_BYTES = 64 << 10;

    private JavaServerProcess() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<BootstrapNode> bootstrap =
                Arrays.stream(arguments).skip(1).map(BootstrapNode::parse).toList();
        var random = new SecureRandom();
        HyperDht dht = OpenNode.create(bootstrap);
        Hyperswarm aliases = Hyperswarm.builder(dht, KeyPair.generate(random))
                .connectionsPerPeer(AliasRpcServer.CONNECTIONS_PER_PEER)
                .build();
        AliasRpcServer server = AliasRpcServer.create(aliases, SecretBytes.parse(arguments[0], "secret"), registrar());
        server.listen();
        PublicKey sink = listen(Hyperswarm.create(dht, KeyPair.generate(random)), JavaServerProcess::count);
        PublicKey source = listen(Hyperswarm.create(dht, KeyPair.generate(random)), JavaServerProcess::serve);
        say("ready " + server.publicKey() + " " + sink + " " + source);

        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (input.readLine() != null) {
            System.gc();
            say(String.valueOf(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()));
        }
        System.exit(0); // as a crash would: the network of the benchmark goes too
    }

    @SuppressWarnings("SystemOut") // it is the protocol
    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private static AliasRegistrar registrar() {
        Map<String, PublicKey> table = new ConcurrentHashMap<>();
        AliasRegistrar registrar = AliasRegistrar.blocking((registration, origin) -> {
            PublicKey before = table.put(registration.alias(), registration.targetPublicKey());
            return !registration.targetPublicKey().equals(before);
        });
        // As the starter's table in memory: it answers at once. The other way is what a database needs.
        return Boolean.getBoolean("blocking") ? registrar : AliasRegistrar.nonBlocking(registrar);
    }

    private static PublicKey listen(Hyperswarm swarm, PeerConnection.Handler handler) throws InterruptedException {
        swarm.onConnection(handler);
        swarm.listen();
        return swarm.publicKey();
    }

    private static void count(PeerConnection connection) {
        connection.receive(message -> {}); // ends when the other end does
    }

    /** The first message says how many bytes to send. */
    private static void serve(PeerConnection connection) {
        var asked = new AtomicBoolean();
        connection.receive(message -> {
            if (asked.compareAndSet(false, true)) {
                String text = StandardCharsets.UTF_8.decode(message).toString();
                new Sending(connection, Long.parseLong(text.split(" ", -1)[0])).start();
            }
        });
    }

    /** Sends with a bounded number of messages under way, so that a busy callback thread does not stop the stream. */
    private static final class Sending {
        private static final int MAX_UNDER_WAY = 16;

        private final PeerConnection connection;
        private final AtomicLong left;
        private final AtomicLong unsent;

        Sending(PeerConnection connection, long bytes) {
            this.connection = connection;
            this.left = new AtomicLong(bytes);
            this.unsent = new AtomicLong(bytes);
        }

        void start() {
            for (int i = 0; i < MAX_UNDER_WAY; i++) {
                next();
            }
        }

        private void next() {
            long before = left.getAndUpdate(bytes -> Math.max(0, bytes - CHUNK_BYTES));
            int length = (int) Math.min(CHUNK_BYTES, before);
            if (length > 0) {
                var unused = connection.send(ByteBuffer.allocate(length)).thenRun(() -> onSent(length));
            }
        }

        private void onSent(int length) {
            if (unsent.addAndGet(-length) == 0) {
                connection.end();
            } else {
                next();
            }
        }
    }
}
