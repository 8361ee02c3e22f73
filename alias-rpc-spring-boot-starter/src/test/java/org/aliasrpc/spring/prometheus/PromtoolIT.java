package org.aliasrpc.spring.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.aliasrpc.testing.Processes;
import org.aliasrpc.testing.RequiresTool;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Prometheus' own tool says of the files in docs/prometheus. */
@RequiresTool("promtool")
class PromtoolIT {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "check rules alias-rpc-rules.yml",
                "test rules alias-rpc-rules-test.yml",
                "check config prometheus-http-sd.yml",
                "check config prometheus-file-sd.yml",
                "check config prometheus-bridge-file.yml"
            })
    void isContent(String command) throws IOException, InterruptedException {
        assertThat(Processes.run(new ProcessBuilder(("promtool " + command).split(" ", -1))
                        .directory(Path.of("..", "docs", "prometheus").toFile())))
                .contains("SUCCESS");
    }
}
