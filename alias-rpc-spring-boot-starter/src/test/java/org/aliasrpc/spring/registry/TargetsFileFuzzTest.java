package org.aliasrpc.spring.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.aliasrpc.spring.testing.Keys;
import org.aliasrpc.spring.testing.RegistryFixture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a file holds, reading it gives aliases and problems, and what was read is written as it was. */
class TargetsFileFuzzTest {
    private static final RegistrationRules RULES = new RegistrationRules(RegistryFixture.limits());

    @FuzzTest(maxDuration = "2m")
    void anyBytesAreReadAsFarAsTheyGo(byte[] data) {
        read(data);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void damagedFilesAreReadAsFarAsTheyGo(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            byte[] data = file(random.nextInt(6));
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                data = damaged(data, random);
            }
            read(data);
        }
    }

    private static byte[] damaged(byte[] data, Random random) {
        if (data.length == 0) {
            return data;
        }
        int at = random.nextInt(data.length);
        switch (random.nextInt(4)) {
            case 0 -> {
                return Arrays.copyOf(data, at); // cut off
            }
            case 1 -> data[at] = (byte) random.nextInt(256);
            case 2 -> data[at] = (byte) "[]{}\",:\\".charAt(random.nextInt(8));
            default -> System.arraycopy(data, at, data, 0, data.length - at);
        }
        return data;
    }

    private static byte[] file(int count) {
        List<StoredAlias> aliases = IntStream.range(0, count)
                .mapToObj(i -> new StoredAlias(
                        new AliasEntry(
                                "app-" + i,
                                Keys.key(i + 1),
                                "host:" + i,
                                "service\"" + i,
                                RegistryFixture.START,
                                RegistryFixture.START,
                                RegistryFixture.START,
                                Keys.key(9),
                                new UUID(0, i)),
                        false))
                .toList();
        return TargetsFile.encode(aliases);
    }

    private static void read(byte[] data) {
        TargetsFile.Content content = TargetsFile.decode(
                data, target -> RULES.violation(target.alias(), target.hostname(), target.service()));
        assertThat(content.damaged() && content.problems().isEmpty())
                .as("damage is told")
                .isFalse();
        assertThat(content.problems()).allSatisfy(problem -> assertThat(problem).doesNotContain("\n"));
        content.targets().forEach((alias, target) -> {
            assertThat(target.alias()).isEqualTo(alias);
            assertThat(AliasRules.DEFAULT.violation(alias)).isEmpty();
        });
        byte[] again = written(content);
        assertThat(TargetsFile.decode(again, target -> Optional.empty()).targets())
                .isEqualTo(content.targets());
        assertThat(StateFile.decode(data)).isEmpty();
        assertThat(StateFile.decode(("alias-rpc state 1\n" + new String(data, StandardCharsets.ISO_8859_1))
                        .getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }

    private static byte[] written(TargetsFile.Content content) {
        return TargetsFile.encode(content.targets().values().stream()
                .map(target -> new StoredAlias(
                        new AliasEntry(
                                target.alias(),
                                target.publicKey(),
                                target.hostname(),
                                target.service(),
                                RegistryFixture.START,
                                RegistryFixture.START,
                                RegistryFixture.START,
                                target.publicKey(),
                                new UUID(0, 0)),
                        false))
                .toList());
    }
}
