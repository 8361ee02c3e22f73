package org.aliasrpc.spring.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A JVM that says one line when it is ready, answers each line of its input with one, and ends with its input. */
final class ChildProcess implements AutoCloseable {
    private static final String MARK = "said: ";
    private static final long PATIENCE_SECONDS = 120;
    private static final long EXIT_SECONDS = 10;

    private final Process process;
    private final Writer input;
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    private ChildProcess(Process process) {
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "child-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * @param java the home of its JDK
     * @param options of the JVM
     * @param classPath of it
     * @param main class
     * @param arguments of the program
     * @param environment beside that of this process
     */
    static ChildProcess start(
            String java,
            List<String> options,
            String classPath,
            Class<?> main,
            List<String> arguments,
            Map<String, String> environment)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(java, "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new ChildProcess(builder.start());
    }

    /** In the child: says a line to its parent, who tells it from what loggers write. */
    @SuppressWarnings("SystemOut") // it is the protocol
    static void say(String line) {
        System.out.println(MARK + line);
        System.out.flush();
    }

    long pid() {
        return process.pid();
    }

    /** The next line that it says. */
    String heard() throws InterruptedException {
        String line = said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (line == null || line.isEmpty()) {
            throw new IllegalStateException("process " + process.pid() + (line == null ? " says nothing" : " ended"));
        }
        return line;
    }

    String ask(String line) throws InterruptedException {
        try {
            input.write(line + "\n");
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return heard();
    }

    @SuppressWarnings("SystemOut") // what is logged in there is of interest here
    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(MARK)) {
                    said.add(line.substring(MARK.length()));
                } else {
                    System.err.println(line);
                }
            }
        } catch (IOException e) {
            System.err.println("process " + process.pid() + ": " + e);
        }
        said.add("");
    }

    @Override
    public void close() {
        try {
            input.close();
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
}
