package org.aliasrpc.spring.registry;

import static org.aliasrpc.spring.testing.RegistryFixture.limits;
import static org.aliasrpc.spring.testing.RegistryFixture.put;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.spring.testing.Keys;
import org.aliasrpc.testing.Processes;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service that is killed in the middle of 1000 registrations: what it has answered is there afterwards. */
class StoreCrashIT {
    private static final String PREFIX = "answered ";

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"file, 1", "file, 150", "file, 700", "h2, 1", "h2, 400"})
    void everyAnsweredAliasIsThereAfterwards(String kind, int answersBeforeTheKill) throws Exception {
        Process process = Processes.start(
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                                StoreCrashProcess.class.getName(),
                                kind,
                                directory.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT),
                Duration.ofMinutes(2));
        Set<String> answered = new LinkedHashSet<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
                OutputStream read = process.getOutputStream()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(PREFIX)) {
                    answered.add(line.substring(PREFIX.length()));
                }
                assertThat(line).as("it was killed too late").isNotEqualTo("all");
                if (answered.size() < answersBeforeTheKill) {
                    read.write('\n');
                    read.flush();
                } else if (answered.size() == answersBeforeTheKill) {
                    // SIGKILL. Not by the process itself, which would close its output: what it has printed is read.
                    process.toHandle().destroyForcibly();
                }
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(answered).hasSizeBetween(answersBeforeTheKill, 999);

        var registry = new StoredAliasRegistry(StoreCrashProcess.store(kind, directory), limits(), event -> {});
        registry.start();
        try {
            assertThat(registry.entries()).extracting(AliasEntry::alias).containsAll(answered);
            assertThat(registry.entries())
                    .allSatisfy(entry -> assertThat(entry.targetPublicKey())
                            .as("the key of %s", entry.alias())
                            .isEqualTo(
                                    Keys.key(1 + Integer.parseInt(entry.alias().substring(4)) % 50)));
            assertThat(registry.status().problem()).isNull();
            assertThat(put(registry, "one-more", Keys.key(1), Keys.key(2))).isTrue();
        } finally {
            registry.close();
        }
    }
}
