package org.aliasrpc.spring.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent;
import org.aliasrpc.spring.testing.FakeRegistry;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;
import tools.jackson.databind.json.JsonMapper;

class PrometheusTargetsFileTest {
    private final FakeRegistry registry = new FakeRegistry().with("app", Keys.key(1), "a-host", "a-service");
    private final AliasTargets targets = new AliasTargets(
            registry, new ScrapeLocation(new MockEnvironment(), "proxy:9400", "/scrape/{alias}/metrics"), Map.of());

    @TempDir
    Path directory;

    private PrometheusTargetsFile file(Path path) {
        return new PrometheusTargetsFile(() -> targets, path);
    }

    private static int size(Path path) throws IOException {
        return new JsonMapper().readTree(Files.readAllBytes(path)).size();
    }

    @Test
    void followsTheTable() throws IOException {
        Path path = directory.resolve("sub/targets.json");
        PrometheusTargetsFile file = file(path);
        file.update();
        assertThat(size(path)).isEqualTo(1);
        assertThat(path.resolveSibling("targets.json.tmp")).doesNotExist();
        assertThat(path).content().contains("\"__metrics_path__\":\"/scrape/app/metrics\"");
        registry.remove("app");
        file.onEvent(
                new AliasRpcRegistryEvent.AliasRemoved(new UUID(0, 0), Instant.EPOCH, "app", Keys.key(1), Keys.key(1)));
        file.update();
        assertThat(size(path)).isZero();
    }

    @Test
    void noticesWithoutAnEventAfterAWhile() throws IOException {
        Path path = directory.resolve("targets.json");
        PrometheusTargetsFile file = file(path);
        file.update();
        registry.remove("app");
        file.update();
        assertThat(size(path)).isEqualTo(1);
        for (int i = 0; i < 20; i++) {
            file.update();
        }
        assertThat(size(path)).isZero();
    }

    @Test
    void staysAsItIsWhileTheTableIsAway() throws IOException {
        Path path = directory.resolve("targets.json");
        PrometheusTargetsFile file = file(path);
        registry.away = true;
        file.update();
        assertThat(path).doesNotExist();
        registry.away = false;
        file.update();
        assertThat(size(path)).isEqualTo(1);
    }

    @Test
    void isWrittenWhenTheDirectoryIsMended() throws IOException {
        Path blocked = Files.createFile(directory.resolve("d"));
        Path path = directory.resolve("d/targets.json");
        PrometheusTargetsFile file = file(path);
        file.update();
        assertThat(Files.exists(path)).isFalse();
        Files.delete(blocked);
        file.update();
        assertThat(size(path)).isEqualTo(1);
    }
}
