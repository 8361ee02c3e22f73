package org.aliasrpc.spring.devtools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.AliasRegistrar;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.HyperDht;
import org.aliasrpc.Hyperswarm;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.spring.startup.ClassPaths;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application in a process of its own with Boot's real dev tools, restarted by them when its classes have changed. They
 * are not on the tests' class path, where they would concern every other test; the build puts their jar beside it.
 */
class DevToolsIT {
    private static final Path DEV_TOOLS = Path.of("target/devtools/spring-boot-devtools.jar");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int RESTARTS = 2;

    private final BlockingQueue<PublicKey> registered = new LinkedBlockingQueue<>();
    private final BlockingQueue<String[]> said = new LinkedBlockingQueue<>();
    private final List<String> lines = new ArrayList<>();

    @TempDir
    Path directory;

    @Test
    void everyRestartRegistersAnewAndLeavesNothingBehind() throws Exception {
        assertThat(DEV_TOOLS).isRegularFile();
        Path classes = directory.resolve("classes");
        Path application = copy(classes);
        Process process;
        try (LocalTestnet testnet = LocalTestnet.start(3);
                HyperDht node = testnet.newNode();
                Hyperswarm swarm = Hyperswarm.create(node, Keys.pair(0x33));
                SecretBytes secret = SecretBytes.parse(Keys.SECRET, "secret");
                AliasRpcServer server = AliasRpcServer.create(swarm, secret, registrar())) {
            server.listen();
            process = start(classes, testnet);
            try {
                Set<String> loaders = new HashSet<>();
                String port = "";
                for (int start = 0; start <= RESTARTS; start++) {
                    if (start > 0) {
                        touch(application, start);
                    }
                    String[] words = said.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
                    assertThat(words).as(() -> String.join("\n", seen())).isNotNull();
                    assertThat(registered.poll(LIMIT.toSeconds(), TimeUnit.SECONDS))
                            .isEqualTo(Keys.key(0x22));
                    assertThat(words[0]).startsWith("RestartClassLoader@");
                    loaders.add(words[0]);
                    port = start == 0 ? words[1] : port;
                    assertThat(words[1])
                            .as("the port of the first start is free again")
                            .isEqualTo(port);
                    assertThat(words[2]).as("registration threads").isEqualTo("1");
                    assertThat(words[3]).as("threads of earlier starts").isEqualTo("[]");
                }
                assertThat(loaders).hasSize(RESTARTS + 1);
            } finally {
                process.destroyForcibly();
                process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }

    private AliasRegistrar registrar() {
        return AliasRegistrar.blocking((registration, origin) -> {
            registered.add(registration.targetPublicKey());
            return true;
        });
    }

    /** The application as an IDE has it: a directory of classes, which is what the dev tools watch and load again. */
    private static Path copy(Path classes) throws IOException {
        String name = DevelopedApplication.class.getName().replace('.', '/') + ".class";
        Path file = classes.resolve(name);
        Files.createDirectories(file.getParent());
        try (InputStream in = DevToolsIT.class.getClassLoader().getResourceAsStream(name)) {
            Files.copy(Objects.requireNonNull(in), file);
        }
        return file;
    }

    /** As a compiler would: a file that was not there, since the same bytes need not be seen as a change. */
    private static void touch(Path application, int start) throws IOException {
        Files.copy(application, application.resolveSibling("Compiled" + start + ".class"));
    }

    private Process start(Path classes, LocalTestnet testnet) throws IOException {
        String libraries = ClassPaths.in(directory, DevelopedApplication.class).with();
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classes
                        + libraries.substring(libraries.indexOf(File.pathSeparator))
                        + File.pathSeparator
                        + DEV_TOOLS.toAbsolutePath(),
                DevelopedApplication.class.getName(),
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--spring.main.banner-mode=off",
                "--spring.application.name=developed",
                "--spring.devtools.livereload.enabled=false",
                "--spring.devtools.restart.poll-interval=200ms",
                "--spring.devtools.restart.quiet-period=100ms",
                "--alias-rpc.dht.bootstrap=" + testnet.bootstrap().get(0),
                "--alias-rpc.dht.host=127.0.0.1",
                "--alias-rpc.dht.port=" + freePort(),
                "--alias-rpc.key-pair.seed=" + Keys.seed(0x22),
                "--alias-rpc.client.secret=" + Keys.SECRET,
                "--alias-rpc.client.server-public-key=" + Keys.key(0x33));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread reader = new Thread(() -> read(process), "developed-application");
        reader.setDaemon(true);
        reader.start();
        return process;
    }

    /** Preferred only: if somebody takes it in the meantime, the node takes another one, and keeps that. */
    private static int freePort() throws IOException {
        try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void read(Process process) {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                }
                if (line.startsWith(DevelopedApplication.REGISTERED)) {
                    said.add(line.substring(DevelopedApplication.REGISTERED.length())
                            .split(" ", 4));
                }
            }
        } catch (IOException e) {
            synchronized (lines) {
                lines.add(e.toString());
            }
        }
    }

    private List<String> seen() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }
}
