package org.aliasrpc.spring.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent;
import org.aliasrpc.spring.testing.FakeRegistry;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;
import tools.jackson.databind.json.JsonMapper;

class TargetsFileTest {
    private final FakeRegistry registry = new FakeRegistry().with("app", Keys.key(1), "a-host", "a-service");
    private final AliasTargets targets = new AliasTargets(
            registry, new ScrapeLocation(new MockEnvironment(), "proxy:9400", "/scrape/{alias}/metrics"), Map.of());

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // every test starts one
    private TargetsFile file;

    private Path start(String name) {
        Path path = directory.resolve(name);
        file = new TargetsFile(() -> targets, path, 0);
        file.start();
        return path;
    }

    @AfterEach
    void stop() {
        file.stop();
    }

    private static int size(Path path) throws IOException {
        return Files.exists(path)
                ? new JsonMapper().readTree(Files.readAllBytes(path)).size()
                : -1;
    }

    @Test
    void followsTheTable() {
        Path path = start("sub/targets.json");
        await().until(() -> size(path) == 1);
        assertThat(path.resolveSibling("targets.json.tmp")).doesNotExist();
        assertThat(path).content().contains("\"__metrics_path__\":\"/scrape/app/metrics\"");
        registry.remove("app");
        file.onEvent(
                new AliasRpcRegistryEvent.AliasRemoved(new UUID(0, 0), Instant.EPOCH, "app", Keys.key(1), Keys.key(1)));
        await().until(() -> size(path) == 0);
    }

    @Test
    void staysAsItIsWhileTheTableIsAway() {
        registry.away = true;
        Path path = start("targets.json");
        await().pollDelay(java.time.Duration.ofMillis(700)).until(() -> !Files.exists(path));
        registry.away = false;
        await().until(() -> size(path) == 1);
    }

    @Test
    void isWrittenWhenTheDirectoryIsMended() throws IOException {
        Path blocked = Files.createFile(directory.resolve("d"));
        Path path = start("d/targets.json");
        await().pollDelay(java.time.Duration.ofMillis(700)).until(() -> !Files.exists(path));
        Files.delete(blocked);
        await().until(() -> size(path) == 1);
    }
}
