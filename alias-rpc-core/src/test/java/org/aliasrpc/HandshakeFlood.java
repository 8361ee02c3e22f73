package org.aliasrpc;

import java.io.BufferedReader;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;

/**
 * How long a client that is connected waits for answers while others connect without end: with workers that compute the
 * handshakes of the server, as they do, and with its loop computing them. The others are a process of their own.
 */
public final class HandshakeFlood {
    private static final Random RANDOM = new Random(61);
    private static final SecretBytes SECRET = SecretBytes.random(RANDOM, 32);
    private static final PublicKey TARGET = KeyPair.generate(RANDOM).publicKey();
    private static final int ROUNDS = Integer.getInteger("rounds", 3);
    private static final int AT_A_TIME = Integer.getInteger("at.a.time", 32);
    private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(Integer.getInteger("seconds", 5));

    /** Handshakes before it is measured. */
    private static final int WARM = 1000;

    private HandshakeFlood() {}

    /** Without arguments the benchmark, with a bootstrap node and a server's key the flood. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 2) {
            flood(BootstrapNode.parse(arguments[0]), PublicKey.parse(arguments[1]));
            return;
        }
        System.out.printf(
                Locale.ROOT,
                "%-10s %8s %12s %10s %10s %10s%n",
                "handshakes",
                "flood",
                "a second",
                "p50 us",
                "p99 us",
                "max us");
        for (int round = 0; round < ROUNDS; round++) {
            for (boolean onLoop : new boolean[] {false, true}) {
                measure(onLoop);
            }
        }
    }

    private static void measure(boolean onLoop) throws Exception {
        try (LocalTestnet testnet = LocalTestnet.start(2);
                HyperDht node = HyperDht.create(
                        testnet.options().handshakesOnLoop(onLoop).build());
                Hyperswarm swarm = Hyperswarm.builder(node, KeyPair.generate(RANDOM))
                        .maxConnections(100_000)
                        .build();
                AliasRpcServer server = AliasRpcServer.create(swarm, SECRET, new Table());
                HyperDht other = testnet.newNode();
                AliasRpcClient client = AliasRpcClient.create(server.publicKey(), SECRET, other)) {
            server.listen();
            String kind = onLoop ? "on loop" : "workers";
            report(kind, "no", 0, requests(client, ROUND_NANOS / 2));
            Process flood = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElse("java"),
                            "-Xmx512m",
                            "-Dat.a.time=" + AT_A_TIME,
                            "-cp",
                            System.getProperty("java.class.path"),
                            HandshakeFlood.class.getName(),
                            testnet.bootstrap().get(0).toString(),
                            server.publicKey().toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader lines = flood.inputReader()) {
                long before = Long.parseLong(lines.readLine()); // it is warm
                long[] latencies = requests(client, ROUND_NANOS);
                flood.getOutputStream().close();
                report(kind, "yes", Long.parseLong(lines.readLine()) - before, latencies);
            } finally {
                flood.destroyForcibly().waitFor();
            }
        }
    }

    /** Registers again and again; how long each took. */
    private static long[] requests(AliasRpcClient client, long nanos) throws InterruptedException {
        long[] latencies = new long[1_000_000];
        int count = 0;
        long began = System.nanoTime();
        long now = began;
        while (now - began < nanos && count < latencies.length) {
            client.registerAlias(new AliasRegistration("warm", TARGET, "host", "service"));
            long after = System.nanoTime();
            latencies[count++] = after - now;
            now = after;
        }
        return Arrays.copyOf(latencies, count);
    }

    private static void report(String kind, String flood, long handshakes, long[] latencies) {
        Arrays.sort(latencies);
        System.out.printf(
                Locale.ROOT,
                "%-10s %8s %12.0f %10d %10d %10d%n",
                kind,
                flood,
                handshakes * 1e9 / ROUND_NANOS,
                latencies[latencies.length / 2] / 1000,
                latencies[latencies.length * 99 / 100] / 1000,
                latencies[latencies.length - 1] / 1000);
    }

    /** Connects with new keys, so many at a time, until the input ends; prints twice how many it has made. */
    private static void flood(BootstrapNode bootstrap, PublicKey server) throws Exception {
        AtomicLong made = new AtomicLong();
        CountDownLatch warm = new CountDownLatch(WARM);
        Semaphore free = new Semaphore(AT_A_TIME);
        Thread connecting = new Thread(() -> {
            try (HyperDht node = HyperDht.create(HyperDhtOptions.builder()
                    .bootstrap(List.of(bootstrap))
                    .host("127.0.0.1")
                    .port(0)
                    .build())) {
                while (true) {
                    free.acquireUninterruptibly();
                    KeyPair keyPair = KeyPair.generate(RANDOM);
                    node.connectAsync(server, keyPair).whenComplete((connection, failure) -> {
                        free.release();
                        keyPair.close();
                        if (connection != null) {
                            connection.close();
                            made.incrementAndGet();
                            warm.countDown();
                        }
                    });
                }
            }
        });
        connecting.setDaemon(true);
        connecting.start();
        warm.await();
        System.out.println(made.get());
        System.in.transferTo(OutputStream.nullOutputStream());
        System.out.println(made.get());
    }
}
