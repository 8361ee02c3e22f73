package org.aliasrpc.spring.testing;

import static org.aliasrpc.testing.Waiting.resultOf;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.aliasrpc.AliasRegistrar;
import org.aliasrpc.AliasRegistrar.Origin;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.registry.AliasRules;
import org.aliasrpc.spring.registry.ConflictPolicy;
import org.aliasrpc.spring.registry.RegistryLimits;

/** What the tests of tables have in common: time that stands still, limits, and registrations as one line. */
public final class RegistryFixture {
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    public static final Duration EXPIRY = Duration.ofHours(3);
    public static final Duration GRACE = Duration.ofMinutes(5);

    public volatile Instant now = START;

    public Clock clock() {
        InstantSource source = () -> now;
        return source.withZone(ZoneOffset.UTC);
    }

    public void pass(Duration time) {
        now = now.plus(time);
    }

    public static RegistryLimits limits(ConflictPolicy policy, int maxAliases) {
        return new RegistryLimits(EXPIRY, GRACE, maxAliases, AliasRules.DEFAULT, policy);
    }

    public static RegistryLimits limits() {
        return limits(ConflictPolicy.REPLACE, 20_000);
    }

    public static Origin origin(PublicKey asker) {
        return new Origin(new UUID(1, 2), asker, new InetSocketAddress(InetAddress.getLoopbackAddress(), 1234));
    }

    public static CompletionStage<Boolean> putAsync(
            AliasRegistrar registry, String alias, PublicKey target, PublicKey asker) {
        return registry.registerAlias(new AliasRegistration(alias, target, "host", "service"), origin(asker));
    }

    /** Answers whether the table changed, or throws what the client would be told. */
    public static boolean put(AliasRegistrar registry, String alias, PublicKey target, PublicKey asker) {
        return result(putAsync(registry, alias, target, asker));
    }

    public static boolean put(AliasRegistrar registry, AliasRegistration registration) {
        return result(registry.registerAlias(registration, origin(registration.targetPublicKey())));
    }

    public static boolean result(CompletionStage<Boolean> stage) {
        try {
            return resultOf(stage);
        } catch (CompletionException e) {
            if (e.getCause() instanceof AliasRegistrar.Refusal refusal) {
                throw refusal;
            }
            throw e;
        }
    }
}
