package org.aliasrpc.spring.registry;

import static org.aliasrpc.spring.testing.RegistryFixture.EXPIRY;
import static org.aliasrpc.spring.testing.RegistryFixture.limits;
import static org.aliasrpc.spring.testing.RegistryFixture.put;
import static org.aliasrpc.spring.testing.RegistryFixture.putAsync;
import static org.aliasrpc.testing.Waiting.await;
import static org.aliasrpc.testing.Waiting.awaitQuietly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.aliasrpc.AliasRegistrar.Refusal;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.event.AliasRpcStoreEvent;
import org.aliasrpc.spring.testing.Keys;
import org.aliasrpc.spring.testing.RegistryFixture;
import org.aliasrpc.testing.Waiting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileAliasStoreTest {
    private static final PublicKey A = Keys.key(1);
    private static final PublicKey B = Keys.key(2);
    private static final PublicKey ASKER = Keys.key(7);

    @TempDir
    Path directory;

    private Path file;
    private final RegistryFixture time = new RegistryFixture();
    private final Heard heard = new Heard();
    private final List<StoredAliasRegistry> open = new ArrayList<>();

    @BeforeEach
    void name() {
        file = directory.resolve("targets.json");
    }

    @AfterEach
    void close() {
        open.forEach(StoredAliasRegistry::close);
    }

    private static final class Heard implements StoreListener {
        final List<String> operations = new CopyOnWriteArrayList<>();
        final List<AliasRpcStoreEvent> events = new CopyOnWriteArrayList<>();
        volatile CountDownLatch mayGoOn = new CountDownLatch(0);

        @Override
        public void onOperation(String operation, String outcome, Duration duration) {
            operations.add(operation + " " + outcome);
        }

        @Override
        public void onEvent(AliasRpcStoreEvent event) {
            events.add(event);
            awaitQuietly(mayGoOn);
        }

        long count(String operation) {
            return operations.stream().filter(operation::equals).count();
        }
    }

    private StoredAliasRegistry registry() {
        var store = new FileAliasStore(file, limits(), time.clock(), heard);
        var registry = new StoredAliasRegistry(store, limits(), event -> {});
        registry.start();
        open.add(registry);
        return registry;
    }

    private StoredAliasRegistry restart(StoredAliasRegistry registry) {
        registry.close();
        return registry();
    }

    private String content() throws IOException {
        return Files.readString(file);
    }

    private static String line(String alias, PublicKey key, String labels) {
        return alias + ":" + key + ":" + labels;
    }

    @Test
    void anAnsweredRegistrationIsInTheFile() throws IOException {
        var registry = registry();
        assertThat(file).as("nothing to write yet").doesNotExist();
        put(registry, "one", A, ASKER);
        assertThat(content())
                .isEqualTo("[\n {\n  \"labels\": {\n   \"job\": \"aliases\"\n  },\n  \"targets\": [\n   \""
                        + line("one", A, "host:service") + "\"\n  ]\n }\n]");
        put(registry, "two", A, ASKER);
        put(registry, "one", B, ASKER);
        assertThat(content()).contains(line("one", B, "host:service") + "\",\n   \"" + line("two", A, "host:service"));
        registry.remove("one");
        assertThat(content()).contains("\"targets\": [\n   \"" + line("two", A, "host:service") + "\"\n  ]");
    }

    @Test
    void aRestartKeepsWhatTheBridgesFileHasNoPlaceFor() {
        var registry = registry();
        put(registry, new AliasRegistration("one", A, "fe80::1", "service"));
        time.pass(Duration.ofHours(1));
        put(registry, "two", B, ASKER);
        put(registry, new AliasRegistration("one", A, "fe80::1", "service"));
        List<AliasEntry> before = registry.entries();

        time.pass(Duration.ofHours(2));
        registry = restart(registry);
        assertThat(registry.entries()).isEqualTo(before);
        assertThat(put(registry, new AliasRegistration("one", A, "fe80::1", "service")))
                .as("a colon that the file does not hold is no change")
                .isFalse();
        time.pass(Duration.ofHours(1));
        registry.expire();
        registry = restart(registry);
        assertThat(registry.find("two").orElseThrow().isExpired(time.now)).isTrue();
        assertThat(registry.size()).as("that it is over is not told twice").isEqualTo(1);
    }

    @Test
    void aFileOfTheBridgeGetsAFullNewExpiry() throws IOException {
        Files.writeString(
                file,
                "[{\"labels\":{\"job\":\"aliases\"},\"targets\":[\"" + line("app", A, "my-host:my-service") + "\"]}]");
        var registry = registry();
        AliasEntry entry = registry.find("app").orElseThrow();
        assertThat(entry.targetPublicKey()).isEqualTo(A);
        assertThat(entry.hostname()).isEqualTo("my-host");
        assertThat(entry.service()).isEqualTo("my-service");
        assertThat(entry.expiresAt()).isEqualTo(time.now.plus(EXPIRY));
        assertThat(entry.ownerPublicKey()).as("nobody else can be taken for it").isEqualTo(A);
        assertThat(heard.events).isEmpty();
    }

    @Test
    void theTargetsCountWhereTheStateIsOlder() throws IOException {
        var registry = registry();
        put(registry, "moved", A, ASKER);
        put(registry, "labels", A, ASKER);
        registry.close();
        Path state = directory.resolve("targets.json.state");
        byte[] old = Files.readAllBytes(state);
        time.pass(Duration.ofHours(1));
        registry = registry();
        put(registry, "moved", B, ASKER);
        put(registry, new AliasRegistration("labels", A, "new", "names"));
        put(registry, "fresh", B, ASKER);
        registry.close();
        Files.write(state, old); // as if the process had been killed before it wrote the new one

        registry = registry();
        assertThat(registry.entries()).extracting(AliasEntry::alias).containsExactly("moved", "labels", "fresh");
        assertThat(registry.find("moved").orElseThrow().expiresAt()).isEqualTo(time.now.plus(EXPIRY));
        assertThat(registry.find("labels").orElseThrow().hostname()).isEqualTo("new");
        assertThat(registry.find("labels").orElseThrow().expiresAt()).isEqualTo(RegistryFixture.START.plus(EXPIRY));
    }

    @Test
    void wrongTargetsArePassedOverOneByOneAndTold() throws IOException {
        String bad = "[{\"labels\":{\"job\":\"aliases\"},\"targets\":["
                + Stream.of(
                                line("first", A, "h:s"),
                                line("with:colon", A, "h:s"),
                                "no key at all",
                                "short:" + A.toString().substring(1) + ":h:s",
                                line("last", B, "h:s"))
                        .map(text -> "\"" + text + "\"")
                        .reduce((a, b) -> a + "," + b)
                        .orElseThrow()
                + ",42]}]";
        Files.writeString(file, bad);
        var registry = registry();
        assertThat(registry.entries()).extracting(AliasEntry::alias).containsExactly("first", "last");
        assertThat(heard.events)
                .hasSize(5)
                .allSatisfy(event -> assertThat(event.type()).isEqualTo("load-aliases-error"));
        assertThat(registry.status().available()).isTrue();
        assertThat(registry.status().details()).containsEntry("loadProblems", 5);
        assertThat(content()).as("nothing is written at the start").isEqualTo(bad);

        put(registry, "new", A, ASKER);
        assertThat(kept()).singleElement().satisfies(copy -> assertThat(copy).hasContent(bad));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not json", "{}", "[]", "[{}]", "[{\"targets\":7}]", "[{\"targets\":[\""})
    void aDamagedFileIsKeptAsideAndReplacedFromTheState(String damaged) throws IOException {
        var registry = registry();
        put(registry, "one", A, ASKER);
        time.pass(Duration.ofSeconds(1));
        put(registry, "two", B, ASKER);
        registry.close();
        Files.writeString(file, damaged);

        registry = registry();
        assertThat(registry.entries()).extracting(AliasEntry::alias).containsExactly("one", "two");
        assertThat(heard.events)
                .anySatisfy(event -> assertThat(event.fields())
                        .hasEntrySatisfying(
                                "error", error -> assertThat((String) error).contains("2 aliases were taken")));
        put(registry, "three", A, ASKER);
        assertThat(kept()).singleElement().satisfies(copy -> assertThat(copy).hasContent(damaged));
        assertThat(content()).contains("one:", "two:", "three:");
    }

    private List<Path> kept() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(path -> path.getFileName().toString().contains(".rejected-"))
                    .toList();
        }
    }

    /** A directory in the place of the draft: what a full disk does, for every user. */
    @Test
    void whatCannotBeWrittenIsRefusedAndHasNeverBeen() throws IOException {
        var registry = registry();
        put(registry, "old", A, ASKER);
        Path obstacle = Files.createDirectory(directory.resolve("targets.json.tmp"));

        assertThatThrownBy(() -> put(registry, "new", A, ASKER))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("temporarily unavailable")
                .hasMessageNotContaining(directory.toString());
        assertThatThrownBy(() -> put(registry, "old", B, ASKER)).hasMessageContaining("temporarily unavailable");
        assertThatThrownBy(() -> registry.remove("old")).isInstanceOf(RegistryUnavailableException.class);
        time.pass(Duration.ofMinutes(1));
        assertThat(put(registry, "old", A, ASKER)).as("renewals go on").isFalse();
        assertThat(registry.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.targetPublicKey()).isEqualTo(A);
            assertThat(entry.lastSeen()).isEqualTo(time.now);
        });
        assertThat(registry.status().available()).isFalse();
        assertThat(registry.status().problem()).contains("cannot be written");
        assertThat(heard.events.stream().filter(event -> event.type().equals("write-aliases-error")))
                .as("told once, not at each attempt")
                .hasSize(1);

        Files.delete(obstacle);
        registry.expire(); // each second
        assertThat(registry.status().available()).isTrue();
        assertThat(put(registry, "new", B, ASKER)).isTrue();
        assertThat(content()).contains(line("old", A, "host:service"), line("new", B, "host:service"));
    }

    @Test
    void whatIsOverLeavesTheFileLateRatherThanNever() throws IOException {
        var registry = registry();
        put(registry, "old", A, ASKER);
        Path obstacle = Files.createDirectory(directory.resolve("targets.json.tmp"));
        time.pass(EXPIRY.plus(RegistryFixture.GRACE));
        registry.expire();
        assertThat(registry.entries()).isEmpty();
        assertThat(content()).contains("old");
        Files.delete(obstacle);
        registry.expire();
        assertThat(content()).doesNotContain("old");
    }

    @Test
    void whatComesWhileTheFileIsWrittenIsWrittenTogether() {
        var registry = registry();
        heard.mayGoOn = new CountDownLatch(1);
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        answers.add(putAsync(registry, "app-0", A, ASKER).toCompletableFuture());
        await().until(() -> !heard.events.isEmpty()); // the first write has just ended
        for (int i = 1; i < 1000; i++) {
            answers.add(putAsync(registry, "app-" + i, A, ASKER).toCompletableFuture());
        }
        assertThat(answers).noneMatch(CompletableFuture::isDone);
        heard.mayGoOn.countDown();
        answers.forEach(Waiting::resultOf);
        assertThat(heard.count("write success")).isEqualTo(2);
        assertThat(registry.size()).isEqualTo(1000);
    }

    @Test
    void renewalsDoNotWriteTheTargets() throws IOException {
        var registry = registry();
        put(registry, "app", A, ASKER);
        Object before = Files.getAttribute(file, "unix:ino");
        for (int i = 0; i < 100; i++) {
            time.pass(Duration.ofSeconds(1));
            put(registry, "app", A, ASKER);
        }
        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(before);
        assertThat(heard.count("write success")).isEqualTo(1);
        assertThat(heard.count("write_state success")).isLessThanOrEqualTo(1);
        restart(registry);
        assertThat(open.get(1).find("app").orElseThrow().lastSeen()).isEqualTo(time.now);
    }

    @Test
    void aSecondProcessIsKeptOut() {
        registry();
        assertThatThrownBy(this::registry)
                .isInstanceOf(StoreLockedException.class)
                .hasMessageContaining(file.toString());
        open.get(0).close();
        assertThat(registry().isLoaded()).isTrue();
    }

    @Test
    void nothingIsAnsweredBeforeItIsLoadedOrAfterItIsClosed() {
        var registry =
                new StoredAliasRegistry(new FileAliasStore(file, limits(), time.clock(), heard), limits(), event -> {});
        open.add(registry);
        assertUnavailable(registry);
        registry.start();
        put(registry, "app", A, ASKER);
        registry.close();
        assertUnavailable(registry);
    }

    private static void assertUnavailable(StoredAliasRegistry registry) {
        assertThat(registry.isLoaded()).isFalse();
        assertThatThrownBy(registry::entries).isInstanceOf(RegistryUnavailableException.class);
        assertThatThrownBy(() -> registry.find("app")).isInstanceOf(RegistryUnavailableException.class);
        assertThatThrownBy(() -> put(registry, "app", A, ASKER))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("temporarily unavailable");
    }

    @Test
    void aLinkStaysALink() throws IOException {
        Path real = Files.createDirectory(directory.resolve("elsewhere")).resolve("real.json");
        Files.writeString(real, "[{\"targets\":[]}]");
        Files.createSymbolicLink(file, real);
        put(registry(), "app", A, ASKER);
        assertThat(file).isSymbolicLink();
        assertThat(Files.readString(real)).contains("app");
    }
}
