package org.aliasrpc.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

class KeyPairFileTest {
    @TempDir
    Path directory;

    @Test
    void isMadeForItsOwnerAloneAndGivesTheSamePairAgain() throws IOException {
        Path file = directory.resolve("sub").resolve("alias.key");
        PublicKey made = load(file, 1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).matches("[0-9a-f]{64}\n");
        assertThat(load(file, 2)).isEqualTo(made);
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).as("no draft is left").containsExactly(file);
        }
    }

    @Test
    void processesThatMakeItAtOnceAllHaveWhatIsKept() throws Exception {
        int processes = 8;
        ExecutorService threads = Executors.newFixedThreadPool(processes);
        try {
            for (int round = 0; round < 100; round++) {
                Path file = directory.resolve("alias-" + round);
                var together = new CyclicBarrier(processes);
                List<Future<PublicKey>> loaded = new ArrayList<>();
                for (int process = 0; process < processes; process++) {
                    long seed = process;
                    loaded.add(threads.submit(() -> {
                        together.await(5, TimeUnit.SECONDS);
                        return load(file, seed);
                    }));
                }
                Set<PublicKey> keys = new HashSet<>();
                for (Future<PublicKey> one : loaded) {
                    keys.add(one.get(5, TimeUnit.SECONDS));
                }
                assertThat(keys).containsExactly(load(file, 99));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aSeedWrittenByHandIsTaken() throws IOException {
        Path file = restricted(directory.resolve("alias.key"), "  " + Keys.seed(5) + "\r\n");
        assertThat(load(file, 1)).isEqualTo(Keys.key(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----"})
    void aFileThatOthersMayUseIsRefused(String permissions) throws IOException {
        Path file = restricted(directory.resolve("alias.key"), Keys.seed(5));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        assertThatThrownBy(() -> load(file, 1))
                .isInstanceOf(InvalidConfigurationPropertyValueException.class)
                .hasMessageContaining("Others");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "zz", "secret-of-a-wrong-length", "0123456789abcdef"})
    void aDamagedFileIsRefusedAndNotShown(String content) throws IOException {
        Path file = restricted(directory.resolve("alias.key"), content);
        assertThatThrownBy(() -> load(file, 1))
                .hasMessageContaining("damaged")
                .hasNoCause()
                .satisfies(e -> assertThat(content.isEmpty()
                                || !String.valueOf(e.getMessage()).contains(content))
                        .isTrue());
    }

    @Test
    void aHugeFileIsNotRead() throws IOException {
        Path file = restricted(directory.resolve("alias.key"), "a".repeat(100_000));
        assertThatThrownBy(() -> load(file, 1)).hasMessageContaining("damaged");
    }

    @Test
    void aDirectoryIsRefused() {
        assertThatThrownBy(() -> load(directory, 1))
                .isInstanceOf(InvalidConfigurationPropertyValueException.class)
                .hasMessageContaining("alias-rpc.key-pair.location");
    }

    private static PublicKey load(Path file, long randomSeed) {
        return KeyPair.fromSeed(new KeyPairFile(file.toString()).loadOrCreate(() -> new Random(randomSeed)))
                .publicKey();
    }

    private static Path restricted(Path file, String content) throws IOException {
        Files.writeString(file, content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
