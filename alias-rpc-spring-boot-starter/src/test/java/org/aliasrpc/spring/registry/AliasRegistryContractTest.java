package org.aliasrpc.spring.registry;

import static org.aliasrpc.spring.testing.RegistryFixture.EXPIRY;
import static org.aliasrpc.spring.testing.RegistryFixture.GRACE;
import static org.aliasrpc.spring.testing.RegistryFixture.limits;
import static org.aliasrpc.spring.testing.RegistryFixture.put;
import static org.aliasrpc.spring.testing.RegistryFixture.putAsync;
import static org.aliasrpc.testing.Waiting.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.aliasrpc.AliasRegistrar.Refusal;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent;
import org.aliasrpc.spring.testing.Keys;
import org.aliasrpc.spring.testing.RegistryFixture;
import org.aliasrpc.testing.Waiting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules, the same over every store. */
@ParameterizedClass
@EnumSource(StoreKind.class)
class AliasRegistryContractTest {
    private static final PublicKey A = Keys.key(1);
    private static final PublicKey B = Keys.key(2);
    private static final PublicKey C = Keys.key(3);
    private static final PublicKey ASKER = Keys.key(7);
    private static final PublicKey STRANGER = Keys.key(8);

    @Parameter
    @SuppressWarnings("NullAway.Init") // JUnit sets it before the first test
    StoreKind kind;

    @TempDir
    Path directory;

    private final RegistryFixture time = new RegistryFixture();
    private final List<AliasRpcRegistryEvent> events = new CopyOnWriteArrayList<>();
    private final List<StoredAliasRegistry> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(StoredAliasRegistry::close);
    }

    private StoredAliasRegistry registry() throws Exception {
        return registry(limits());
    }

    private StoredAliasRegistry registry(RegistryLimits limits) throws Exception {
        var registry = new StoredAliasRegistry(kind.open(directory, limits, time.clock()), limits, events::add);
        open.add(registry);
        registry.start();
        return registry;
    }

    @Test
    void aNewAliasIsAnUpdateAndItsRenewalIsNot() throws Exception {
        var registry = registry();
        assertThat(put(registry, "app", A, ASKER)).isTrue();
        Instant first = time.now;
        time.pass(Duration.ofMinutes(1));
        assertThat(put(registry, "app", A, STRANGER)).isFalse();

        AliasEntry entry = registry.find("app").orElseThrow();
        assertThat(entry.firstSeen()).isEqualTo(first);
        assertThat(entry.lastSeen()).isEqualTo(time.now);
        assertThat(entry.expiresAt()).isEqualTo(time.now.plus(EXPIRY));
        assertThat(entry.ownerPublicKey()).isEqualTo(STRANGER);
        assertThat(registry.entries()).containsExactly(entry);
        assertThat(registry.store()).isEqualTo(kind.name().toLowerCase(Locale.ROOT));
    }

    /** The reference ignores them: docs/protocol, alias-rpc.md §11.3. */
    @Test
    void otherLabelsAreAnUpdateOfTheSameAlias() throws Exception {
        var registry = registry();
        put(registry, new AliasRegistration("app", A, "host", "service"));
        Instant first = time.now;
        time.pass(Duration.ofMinutes(1));
        assertThat(put(registry, new AliasRegistration("app", A, "new-host", "service")))
                .isTrue();
        assertThat(put(registry, new AliasRegistration("app", A, "new-host", "new:service")))
                .isTrue();
        assertThat(put(registry, new AliasRegistration("app", A, "new-host", "new:service")))
                .isFalse();

        AliasEntry entry = registry.find("app").orElseThrow();
        assertThat(entry.hostname()).isEqualTo("new-host");
        assertThat(entry.service()).isEqualTo("new:service");
        assertThat(entry.firstSeen()).as("it is still the same target").isEqualTo(first);
    }

    @Test
    void anAliasIsNearItsExpiryAfterTwoThirdsOfItsTime() throws Exception {
        var registry = registry();
        put(registry, "old", A, ASKER);
        time.pass(Duration.ofHours(1));
        put(registry, "young", B, ASKER);
        time.pass(Duration.ofHours(1));
        registry.expire();
        assertThat(registry.nearExpiry()).isZero();
        time.pass(Duration.ofMillis(1));
        registry.expire();
        assertThat(registry.nearExpiry()).isEqualTo(1);
        time.pass(Duration.ofHours(1).minusMillis(1));
        registry.expire();
        assertThat(registry.nearExpiry()).as("one is in its grace period").isEqualTo(1);
    }

    @Test
    void anAliasIsOverAtItsDeadlineAndLeavesAfterTheGracePeriod() throws Exception {
        var registry = registry();
        put(registry, "old", A, ASKER);
        Instant deadline = time.now.plus(EXPIRY);
        time.pass(Duration.ofHours(1));
        put(registry, "young", B, ASKER);
        time.pass(Duration.ofHours(2).minusMillis(1));
        registry.expire();
        assertThat(registry.size()).isEqualTo(2);
        assertThat(registry.find("old").orElseThrow().isExpired(time.now)).isFalse();
        assertThat(events).isEmpty();

        time.pass(Duration.ofMillis(1));
        registry.expire();
        registry.expire();
        assertThat(registry.size()).isEqualTo(1);
        assertThat(registry.entries()).extracting(AliasEntry::alias).containsExactly("old", "young");
        assertThat(registry.find("old").orElseThrow().isExpired(time.now)).isTrue();
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo("alias-expired");
            assertThat(event.alias()).isEqualTo("old");
            assertThat(event.occurredAt()).isEqualTo(deadline);
        });

        time.pass(GRACE.minusMillis(1));
        assertThat(registry.find("old")).isPresent();
        time.pass(Duration.ofMillis(1));
        assertThat(registry.find("old")).as("before the tick, too").isEmpty();
        assertThat(registry.entries()).extracting(AliasEntry::alias).containsExactly("young");
        registry.expire();
        assertThat(registry.entries()).extracting(AliasEntry::alias).containsExactly("young");
        assertThat(events).hasSize(1);
    }

    @Test
    void aRenewedAliasOutlivesItsFirstDeadline() throws Exception {
        var registry = registry();
        put(registry, "a", A, ASKER);
        put(registry, "b", B, ASKER);
        time.pass(Duration.ofHours(2));
        put(registry, "a", A, ASKER);
        time.pass(Duration.ofHours(2));
        registry.expire();
        assertThat(registry.find("a")).isPresent();
        assertThat(registry.find("b")).isEmpty();
    }

    @Test
    void anAliasThatComesBackInItsGracePeriodIsNew() throws Exception {
        var registry = registry();
        put(registry, "app", A, ASKER);
        time.pass(EXPIRY);
        registry.expire();
        assertThat(put(registry, "app", A, ASKER)).isTrue();
        assertThat(registry.find("app").orElseThrow().firstSeen()).isEqualTo(time.now);
        registry.expire();
        assertThat(registry.size()).isEqualTo(1);
        time.pass(EXPIRY.minusMillis(1));
        registry.expire();
        assertThat(events).as("the first deadline only").hasSize(1);
    }

    @Test
    void anExpiryThatOnlyARegistrationNoticesIsToldOnce() throws Exception {
        var registry = registry(limits(ConflictPolicy.REJECT, 1));
        put(registry, "app", A, ASKER);
        time.pass(EXPIRY.plusMinutes(1));
        assertThat(put(registry, "app", B, STRANGER))
                .as("it is free, and makes room for itself")
                .isTrue();
        registry.expire();
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo("alias-expired");
            assertThat(event.targetPublicKey()).isEqualTo(A);
        });
    }

    @ParameterizedTest
    @EnumSource(ConflictPolicy.class)
    void whoMayMoveAnAliasIsUpToThePolicy(ConflictPolicy policy) throws Exception {
        var registry = registry(limits(policy, 10));
        put(registry, "app", A, ASKER);
        boolean ownerMay = policy != ConflictPolicy.REJECT;
        boolean strangerMay = policy == ConflictPolicy.REPLACE;
        assertMoves(registry, ASKER, B, ownerMay);
        assertMoves(registry, STRANGER, C, strangerMay);
        int refused = (ownerMay ? 0 : 1) + (strangerMay ? 0 : 1);
        assertThat(events)
                .hasSize(refused)
                .allSatisfy(event -> assertThat(event.type()).isEqualTo("alias-conflict"));

        time.pass(EXPIRY.plusHours(1));
        assertThat(put(registry, "app", Keys.key(4), Keys.key(9)))
                .as("one that is over is free")
                .isTrue();
    }

    private static void assertMoves(AliasRegistry registry, PublicKey asker, PublicKey target, boolean allowed) {
        PublicKey before = registry.find("app").orElseThrow().targetPublicKey();
        if (allowed) {
            assertThat(put(registry, "app", target, asker)).isTrue();
            assertThat(registry.find("app").orElseThrow().targetPublicKey()).isEqualTo(target);
        } else {
            assertThatThrownBy(() -> put(registry, "app", target, asker))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("belongs to another")
                    .satisfies(refusal -> assertThat(Refusals.outcome(refusal)).isEqualTo("conflict"));
            assertThat(registry.find("app").orElseThrow().targetPublicKey()).isEqualTo(before);
        }
    }

    @Test
    void aFullTableRefusesNewAliasesAndRenewsOldOnes() throws Exception {
        var registry = registry(limits(ConflictPolicy.REPLACE, 2));
        put(registry, "a", A, ASKER);
        put(registry, "b", A, ASKER);
        assertThatThrownBy(() -> put(registry, "c", A, ASKER))
                .hasMessageContaining("takes no more")
                .satisfies(refusal -> assertThat(Refusals.outcome(refusal)).isEqualTo("limited"));
        assertThat(put(registry, "a", A, ASKER)).isFalse();
        assertThat(registry.remove("b")).isTrue();
        assertThat(registry.remove("b")).isFalse();
        assertThat(put(registry, "c", A, ASKER)).isTrue();
        assertThat(events).extracting(AliasRpcRegistryEvent::type).containsExactly("alias-removed");

        time.pass(EXPIRY);
        registry.expire();
        assertThat(put(registry, "d", A, ASKER))
                .as("what is over takes no place")
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a:b", "a/b", "a\nb", "a\u0000", "a\u0085", "with space", "höst", "a%2fb"})
    void anAliasThatPrometheusCannotFindIsRefusedWithTheReason(String alias) throws Exception {
        var registry = registry();
        assertThatThrownBy(() -> put(registry, alias, A, ASKER))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("an alias must")
                .satisfies(refusal -> assertThat(Refusals.outcome(refusal)).isEqualTo("error"));
        assertThat(registry.entries()).isEmpty();
    }

    @Test
    void longTextsAndControlCharactersAreRefused() throws Exception {
        var registry = registry();
        assertThatThrownBy(() -> put(registry, "a".repeat(101), A, ASKER)).hasMessageContaining("100");
        assertThat(put(registry, "a".repeat(100), A, ASKER)).isTrue();
        assertThatThrownBy(() -> put(registry, new AliasRegistration("x", A, "h".repeat(256), "s")))
                .hasMessageContaining("255");
        assertThatThrownBy(() -> put(registry, new AliasRegistration("x", A, "h", "s\tt")))
                .hasMessageContaining("control characters");
        assertThat(put(registry, new AliasRegistration("x", A, "h".repeat(255), "服务-😀")))
                .isTrue();
        assertThat(registry.find("x").orElseThrow().service()).isEqualTo("服务-😀");
    }

    @Test
    void aliasesKeepTheirPlaceWhenTheyMove() throws Exception {
        var registry = registry();
        for (String alias : List.of("z", "a", "m")) {
            put(registry, alias, A, ASKER);
            time.pass(Duration.ofSeconds(1));
        }
        put(registry, new AliasRegistration("z", A, "elsewhere", "service"));
        put(registry, "a", A, ASKER);
        assertThat(registry.entries()).extracting(AliasEntry::alias).containsExactly("z", "a", "m");
    }

    @Test
    void aTableThatIsClosedAndStartedAgainIsTheSame() throws Exception {
        var registry = registry();
        put(registry, "app", A, ASKER);
        List<AliasEntry> before = registry.entries();
        for (int i = 0; i < 3; i++) {
            registry.close();
            registry.start();
            assertThat(registry.entries()).isEqualTo(before);
        }
        assertThat(put(registry, "app", A, ASKER)).isFalse();
        assertThat(put(registry, "other", A, ASKER)).isTrue();
    }

    @Test
    void manyAliasesArriveAtOnceAndExpireInOneTick() throws Exception {
        int count = kind == StoreKind.JDBC ? 900 : 10_000; // the database answers each by itself
        var registry = registry();
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(putAsync(registry, "app-" + i, A, ASKER).toCompletableFuture());
            if (i % 500 == 499) {
                answers.forEach(Waiting::resultOf); // as many as a server lets wait
            }
        }
        assertThat(answers).allSatisfy(answer -> assertThat(resultOf(answer)).isTrue());
        assertThat(registry.entries()).hasSize(count);

        time.pass(EXPIRY);
        registry.expire();
        assertThat(events).hasSize(count);
        assertThat(registry.size()).isZero();
        time.pass(GRACE);
        registry.expire();
        assertThat(registry.entries()).isEmpty();
        assertThat(events).hasSize(count);
    }
}
