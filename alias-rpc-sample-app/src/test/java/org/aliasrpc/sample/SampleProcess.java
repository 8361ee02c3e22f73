package org.aliasrpc.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The sample application's jar, run as its users run it. */
final class SampleProcess implements AutoCloseable {
    /** A busy machine with two cores needs a while to start a JVM. */
    private static final Duration START = Duration.ofSeconds(90);

    private final Process process;
    private final List<String> output = new ArrayList<>();
    private final Thread reader;

    private SampleProcess(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    static SampleProcess start(String... arguments) {
        return startWith(List.of(), arguments);
    }

    /** As {@link #start}, with options for the JVM. */
    static SampleProcess startWith(List<String> options, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        command.addAll(options);
        command.addAll(
                List.of("-jar", Path.of("target", "alias-rpc-sample-app.jar").toString()));
        command.addAll(List.of(arguments));
        try {
            return new SampleProcess(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(process.pid() + " " + line);
                synchronized (output) {
                    output.add(line);
                }
            }
        } catch (IOException e) {
            System.out.println(process.pid() + " " + e);
        }
    }

    /** All lines so far. */
    List<String> output() {
        synchronized (output) {
            return List.copyOf(output);
        }
    }

    /** Waits for {@code ready role=ROLE}, the line from its beginning. */
    String awaitReady(String role) {
        Awaitility.await("ready role=" + role).atMost(START).until(() -> {
            assertThat(process.isAlive() || ready(role).isPresent())
                    .as("the process is alive: %s", output())
                    .isTrue();
            return ready(role).isPresent();
        });
        return ready(role).orElseThrow();
    }

    private Optional<String> ready(String role) {
        return output().stream()
                .filter(line -> line.startsWith("ready role=" + role + " "))
                .findFirst();
    }

    /** Waits for the end; the exit code. */
    int awaitExit() throws InterruptedException {
        assertThat(process.waitFor(START.toSeconds(), TimeUnit.SECONDS))
                .as("the process ends: %s", output())
                .isTrue();
        reader.join(START.toMillis());
        return process.exitValue();
    }

    /** Sends SIGTERM and expects the end within 5 s. */
    void terminate() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(5, TimeUnit.SECONDS)).as("ends within 5 s").isTrue();
        assertThat(process.exitValue()).isIn(0, 143);
    }

    /** Sends SIGKILL. */
    void beginKill() {
        process.toHandle().destroyForcibly(); // not by the process itself, which would close its output
    }

    /** Sends SIGKILL and waits for the end. */
    void kill() throws InterruptedException {
        beginKill();
        awaitExit();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
