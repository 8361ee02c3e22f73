package org.aliasrpc.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Processes of tests, none of which outlives its time. */
public final class Processes {
    /** Longer than any command takes on a busy machine. */
    private static final Duration TIME = Duration.ofSeconds(90);

    private Processes() {}

    /** Starts one that is killed when its time is over: whoever reads its output then comes to the end. */
    public static Process start(ProcessBuilder command, Duration time) throws IOException {
        Process process = command.start();
        var unused = process.onExit()
                .orTimeout(time.toSeconds(), TimeUnit.SECONDS)
                .whenComplete((ended, late) -> {
                    if (late != null) {
                        process.destroyForcibly();
                    }
                });
        return process;
    }

    /** Runs one that must succeed; what it has said. */
    public static String run(ProcessBuilder command) throws IOException, InterruptedException {
        Process process = start(command.redirectErrorStream(true), TIME);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(TIME.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
