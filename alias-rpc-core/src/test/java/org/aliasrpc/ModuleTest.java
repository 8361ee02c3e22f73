package org.aliasrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The core as a module: tests run on the class path, where nothing else would notice a missing {@code requires}. */
class ModuleTest {
    private static final String NAME = "org.aliasrpc.core";
    private static final List<String> REQUIRED =
            List.of("netty-", "bcprov-", "slf4j-api-", "jspecify-", "logback-classic-", "logback-core-");

    @Test
    @Timeout(120)
    void aNodeRunsFromTheModulePath() throws Exception {
        ModuleLayer layer = resolve();
        Class<?> testnet = layer.findLoader(NAME).loadClass(LocalTestnet.class.getName());
        assertThat(testnet.getModule().isNamed()).isTrue();

        Object started = testnet.getMethod("start", int.class).invoke(null, 2);

        assertThat((List<?>) testnet.getMethod("nodes").invoke(started)).hasSize(2);
        testnet.getMethod("close").invoke(started);
    }

    @Test
    void whatUsersSeeIsExportedAndNothingElse() {
        ModuleDescriptor descriptor = resolve().findModule(NAME).orElseThrow().getDescriptor();

        assertThat(descriptor.exports().stream()
                        .map(ModuleDescriptor.Exports::source)
                        .collect(Collectors.toSet()))
                .isEqualTo(Set.of("org.aliasrpc", "org.aliasrpc.crypto", "org.aliasrpc.encoding"));
    }

    private static ModuleLayer resolve() {
        Path[] path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(ModuleTest::belongsToTheModulePath)
                .toArray(Path[]::new);
        Configuration configuration =
                ModuleLayer.boot().configuration().resolve(ModuleFinder.of(path), ModuleFinder.of(), Set.of(NAME));
        return ModuleLayer.boot().defineModulesWithOneLoader(configuration, ClassLoader.getPlatformClassLoader());
    }

    private static boolean belongsToTheModulePath(Path entry) {
        String file = entry.getFileName().toString();
        return Files.exists(entry.resolve("module-info.class"))
                || REQUIRED.stream().anyMatch(file::startsWith);
    }
}
