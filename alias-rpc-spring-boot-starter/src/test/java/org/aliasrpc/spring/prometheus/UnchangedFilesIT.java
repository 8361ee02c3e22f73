package org.aliasrpc.spring.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.spring.prometheus.UnchangedFiles.Answer;
import org.aliasrpc.testing.RequiresTool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files of docs/prometheus as they stand, with their address and their intervals: in a network namespace, where port
 * 9400 is nobody else's.
 */
@RequiresTool({"prometheus", "node", "root-netns"})
@Timeout(150)
class UnchangedFilesIT {
    @Test
    void aPrometheusWithEachOfThemFindsAndScrapesAll(@TempDir Path directory) throws Exception {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(
                        "unshare",
                        "--net",
                        "sh",
                        "-c",
                        "ip link set lo up && exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        UnchangedFiles.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            List<ProcessHandle> family = process.descendants().toList();
            process.destroyForcibly();
            family.forEach(ProcessHandle::destroyForcibly);
        }
        String said = Files.readString(output);
        assertThat(process.exitValue()).as(said).isZero();

        String answer = said.lines()
                .filter(line -> line.startsWith(UnchangedFiles.ANSWER))
                .findFirst()
                .orElseThrow()
                .substring(UnchangedFiles.ANSWER.length());
        Map<String, Answer> answers = JsonMapper.shared().readValue(answer, new TypeReference<>() {});
        assertThat(answers).as(said).containsOnlyKeys("http_sd", "file_sd", "bridge file");
        Answer wanted = new Answer(Fleet.ALL_UP, true, Prometheus.documentedAlerts());
        assertThat(answers.values()).as(said).containsOnly(wanted);
    }
}
