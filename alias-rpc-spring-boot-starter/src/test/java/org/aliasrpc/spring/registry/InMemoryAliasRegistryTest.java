package org.aliasrpc.spring.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.aliasrpc.AliasRegistrar;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InMemoryAliasRegistryTest {
    private static final PublicKey A = Keys.key(1);
    private static final PublicKey B = Keys.key(2);

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final List<AliasRpcRegistryEvent> events = new ArrayList<>();

    @Test
    void aNewAliasIsAnUpdateAndItsRenewalIsNot() {
        var registry = registry(ConflictPolicy.REPLACE, 10);
        assertThat(put(registry, "app", A, Keys.key(7))).isTrue();
        Instant first = now;
        now = now.plusSeconds(60);
        assertThat(put(registry, "app", A, Keys.key(8))).isFalse();

        AliasEntry entry = registry.find("app").orElseThrow();
        assertThat(entry.firstSeen()).isEqualTo(first);
        assertThat(entry.lastSeen()).isEqualTo(now);
        assertThat(entry.expiresAt()).isEqualTo(now.plus(Duration.ofHours(3)));
        assertThat(entry.ownerPublicKey()).isEqualTo(Keys.key(8));
    }

    @Test
    void aRenewalBringsNewLabels() {
        var registry = registry(ConflictPolicy.REPLACE, 10);
        put(registry, "app", A, Keys.key(7));
        registry.registerAlias(new AliasRegistration("app", A, "new-host", "new-service"), origin(Keys.key(7)));
        assertThat(registry.find("app").orElseThrow().hostname()).isEqualTo("new-host");
        assertThat(registry.find("app").orElseThrow().service()).isEqualTo("new-service");
    }

    @Test
    void anAliasThatIsNotRenewedExpiresAtItsDeadline() {
        var registry = registry(ConflictPolicy.REPLACE, 10);
        put(registry, "old", A, Keys.key(7));
        now = now.plus(Duration.ofHours(1));
        put(registry, "young", B, Keys.key(7));
        now = now.plus(Duration.ofHours(2)).minusMillis(1);
        registry.expire();
        assertThat(registry.size()).isEqualTo(2);
        now = now.plusMillis(1);
        registry.expire();
        assertThat(registry.entries()).extracting(AliasEntry::alias).containsExactly("young");
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo("alias-expired");
            assertThat(event.alias()).isEqualTo("old");
        });
        assertThat(put(registry, "old", A, Keys.key(7))).as("new again").isTrue();
    }

    @Test
    void aRenewedAliasOutlivesItsFirstDeadline() {
        var registry = registry(ConflictPolicy.REPLACE, 10);
        put(registry, "a", A, Keys.key(7));
        put(registry, "b", B, Keys.key(7));
        now = now.plus(Duration.ofHours(2));
        put(registry, "a", A, Keys.key(7));
        now = now.plus(Duration.ofHours(2));
        assertThat(registry.find("a")).isPresent();
        assertThat(registry.find("b")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ConflictPolicy.class)
    void whoMayMoveAnAliasIsUpToThePolicy(ConflictPolicy policy) {
        var registry = registry(policy, 10);
        put(registry, "app", A, Keys.key(7));
        boolean ownerMay = policy != ConflictPolicy.REJECT;
        boolean strangerMay = policy == ConflictPolicy.REPLACE;
        assertMoves(registry, Keys.key(7), B, ownerMay);
        assertMoves(registry, Keys.key(8), Keys.key(3), strangerMay);
        int refused = (ownerMay ? 0 : 1) + (strangerMay ? 0 : 1);
        assertThat(events.stream().filter(event -> event.type().equals("alias-conflict")))
                .hasSize(refused);

        now = now.plus(Duration.ofHours(4));
        assertThat(put(registry, "app", Keys.key(4), Keys.key(9)))
                .as("an expired alias is free")
                .isTrue();
    }

    private void assertMoves(InMemoryAliasRegistry registry, PublicKey asker, PublicKey target, boolean allowed) {
        PublicKey before = registry.find("app").orElseThrow().targetPublicKey();
        if (allowed) {
            assertThat(put(registry, "app", target, asker)).isTrue();
            assertThat(registry.find("app").orElseThrow().targetPublicKey()).isEqualTo(target);
        } else {
            assertThatThrownBy(() -> put(registry, "app", target, asker)).hasMessageContaining("belongs to another");
            assertThat(registry.find("app").orElseThrow().targetPublicKey()).isEqualTo(before);
        }
    }

    @Test
    void aFullTableRefusesNewAliasesAndRenewsOldOnes() {
        var registry = registry(ConflictPolicy.REPLACE, 2);
        put(registry, "a", A, Keys.key(7));
        put(registry, "b", A, Keys.key(7));
        assertThatThrownBy(() -> put(registry, "c", A, Keys.key(7))).hasMessageContaining("takes no more");
        assertThat(put(registry, "a", A, Keys.key(7))).isFalse();
        assertThat(registry.remove("b")).isTrue();
        assertThat(registry.remove("b")).isFalse();
        assertThat(put(registry, "c", A, Keys.key(7))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a:b", "a/b", "a\nb", "a\u0000", "a\u0085"})
    void anAliasThatPrometheusCannotFindIsRefused(String alias) {
        var registry = registry(ConflictPolicy.REPLACE, 2);
        assertThatThrownBy(() -> put(registry, alias, A, Keys.key(7))).hasMessageContaining("an alias must not");
        assertThat(registry.entries()).isEmpty();
    }

    @Test
    void longTextsAreRefused() {
        var registry = registry(ConflictPolicy.REPLACE, 2);
        assertThatThrownBy(() -> put(registry, "a".repeat(101), A, Keys.key(7))).hasMessageContaining("100");
        assertThat(put(registry, "a".repeat(100), A, Keys.key(7))).isTrue();
        var long256 = new AliasRegistration("x", A, "h".repeat(256), "s");
        assertThatThrownBy(() -> registry.registerAlias(long256, origin(B))
                        .toCompletableFuture()
                        .join())
                .hasMessageContaining("255");
    }

    private InMemoryAliasRegistry registry(ConflictPolicy policy, int maxAliases) {
        InstantSource source = () -> now;
        return new InMemoryAliasRegistry(
                new RegistryLimits(Duration.ofHours(3), maxAliases, 100, policy), clock(source), events::add);
    }

    private static Clock clock(InstantSource source) {
        return source.withZone(ZoneOffset.UTC);
    }

    private static boolean put(AliasRegistrar registry, String alias, PublicKey target, PublicKey asker) {
        try {
            return registry.registerAlias(new AliasRegistration(alias, target, "host", "service"), origin(asker))
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof AliasRegistrar.Refusal refusal) {
                throw refusal;
            }
            throw e;
        }
    }

    private static AliasRegistrar.Origin origin(PublicKey asker) {
        return new AliasRegistrar.Origin(
                new UUID(1, 2), asker, new InetSocketAddress(InetAddress.getLoopbackAddress(), 1234));
    }
}
