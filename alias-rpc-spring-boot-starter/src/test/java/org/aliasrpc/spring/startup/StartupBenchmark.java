package org.aliasrpc.spring.startup;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.AliasRegistrar;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.HyperDht;
import org.aliasrpc.Hyperswarm;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.SecretBytes;
import org.springframework.util.FileSystemUtils;

/**
 * Starts {@link PlainApplication} with and without the starter on its class path, in turn, each in a JVM of its own, and
 * compares. With the starter it is a client that registers with an alias server of this process, over a DHT of this
 * process: its heap is measured when it has registered.
 *
 * <p>Options: {@code -Dstarts=20} of each kind, {@code -Djvm="-Xmx256m ..."} for the applications.
 */
final class StartupBenchmark {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final BlockingQueue<String> registered = new LinkedBlockingQueue<>();
    private final String secret = randomHex();
    private final KeyPair serverKeys = KeyPair.generate(new SecureRandom());

    private final ClassPaths classPaths;

    private StartupBenchmark(Path directory) throws IOException {
        this.classPaths = ClassPaths.in(directory, PlainApplication.class);
    }

    /**
     * What one start cost.
     *
     * @param context ms from the beginning of SpringApplication.run to the started context
     * @param jvm ms from the start of the JVM to the started context
     * @param mainCpu ms of CPU that the starting thread used by then: what remains comparable on a busy machine
     * @param startCpu ms of CPU that all threads used by then
     * @param cpu ms of CPU used when all was done, with the starter until after the registration
     * @param heap bytes of heap after a collection
     */
    private record Start(double context, double jvm, double mainCpu, double startCpu, double cpu, double heap) {
        static Start parse(String line) {
            double[] values = Arrays.stream(
                            line.substring(PlainApplication.RESULT.length()).split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            return new Start(values[0], values[1], values[2], values[3], values[4], values[5] / 1e6);
        }

        double value(int index) {
            return switch (index) {
                case 0 -> context;
                case 1 -> jvm;
                case 2 -> mainCpu;
                case 3 -> startCpu;
                case 4 -> cpu;
                default -> heap;
            };
        }
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("startup");
        try {
            new StartupBenchmark(directory).run(Integer.getInteger("starts", 20));
        } finally {
            FileSystemUtils.deleteRecursively(directory);
        }
    }

    private void run(int starts) throws IOException, InterruptedException {
        try (LocalTestnet testnet = LocalTestnet.start(3);
                HyperDht node = testnet.newNode();
                Hyperswarm swarm = Hyperswarm.create(node, serverKeys);
                SecretBytes known = SecretBytes.parse(secret, "secret");
                AliasRpcServer server = AliasRpcServer.create(swarm, known, registrar())) {
            server.listen();
            String bootstrap = testnet.bootstrap().get(0).toString();
            List<Start> without = new ArrayList<>();
            List<Start> with = new ArrayList<>();
            start(false, bootstrap); // fills the page cache
            start(true, bootstrap);
            for (int i = 0; i < starts; i++) {
                without.add(start(false, bootstrap));
                with.add(start(true, bootstrap));
                System.out.println(
                        without.get(i) + " with: " + with.get(i)); // something to see, and to keep of a broken run
            }
            print(without, with);
        }
    }

    private AliasRegistrar registrar() {
        return AliasRegistrar.blocking((registration, origin) -> {
            registered.add(registration.alias());
            return true;
        });
    }

    private static String randomHex() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private Start start(boolean starter, String bootstrap) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.stream(System.getProperty("jvm", "").split(" "))
                .filter(option -> !option.isEmpty())
                .toList());
        command.addAll(
                List.of("-cp", starter ? classPaths.with() : classPaths.without(), PlainApplication.class.getName()));
        command.addAll(List.of(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--spring.main.banner-mode=off",
                "--spring.application.name=plain"));
        if (starter) {
            command.addAll(List.of(
                    "--alias-rpc.dht.bootstrap=" + bootstrap,
                    "--alias-rpc.dht.host=127.0.0.1",
                    "--alias-rpc.dht.port=0",
                    "--alias-rpc.client.server-public-key=" + serverKeys.publicKey()));
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        if (starter) {
            builder.environment().put("ALIAS_RPC_CLIENT_SECRET", secret);
        }
        return measured(builder.start(), starter);
    }

    private Start measured(Process process, boolean starter) throws IOException, InterruptedException {
        List<String> seen = new ArrayList<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                seen.add(line);
                if (line.equals("startup-ready")) {
                    if (starter && registered.poll(LIMIT.toSeconds(), TimeUnit.SECONDS) == null) {
                        break;
                    }
                    process.getOutputStream().write('\n');
                    process.getOutputStream().flush();
                } else if (line.startsWith(PlainApplication.RESULT)) {
                    return Start.parse(line);
                }
            }
        } finally {
            process.destroy();
            process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
        throw new IllegalStateException("the application ended without a result:\n" + String.join("\n", seen));
    }

    private static void print(List<Start> without, List<Start> with) {
        System.out.printf(
                Locale.ROOT,
                "%n%d starts of each, %s, %d processors; median (range)%n%n",
                with.size(),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors());
        String[] names = {
            "context started, ms",
            "JVM start to context started, ms",
            "CPU of the starting thread, ms",
            "CPU of all threads until started, ms",
            "CPU in all, ms",
            "heap, MB"
        };
        System.out.println("| | without | with | difference of medians |");
        System.out.println("|---|---|---|---|");
        for (int i = 0; i < names.length; i++) {
            double[] left = sorted(without, i);
            double[] right = sorted(with, i);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %.1f |%n",
                    names[i],
                    text(left),
                    text(right),
                    median(right) - median(left));
        }
    }

    private static double[] sorted(List<Start> starts, int index) {
        return starts.stream().mapToDouble(start -> start.value(index)).sorted().toArray();
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String text(double[] sorted) {
        return String.format(Locale.ROOT, "%.1f (%.1f–%.1f)", median(sorted), sorted[0], sorted[sorted.length - 1]);
    }
}
