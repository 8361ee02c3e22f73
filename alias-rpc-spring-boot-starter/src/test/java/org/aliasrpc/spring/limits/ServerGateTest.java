package org.aliasrpc.spring.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.aliasrpc.AliasServerGate.CutOff;
import org.aliasrpc.AliasServerGate.Forbidden;
import org.aliasrpc.AliasServerGate.Limit;
import org.aliasrpc.AliasServerGate.Refused;
import org.aliasrpc.AliasServerGate.Request;
import org.aliasrpc.AliasServerGate.Unauthorised;
import org.aliasrpc.AliasServerGate.Verdict;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.testing.Keys;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The rules of an alias server, in virtual time. */
class ServerGateTest {
    private static final Instant START = Instant.parse("2026-06-01T00:00:00Z");
    private static final PublicKey TARGET = Keys.key(9);
    private static final Random RANDOM = new Random(9);

    private long nowNanos = 1_000_000_000L;
    private final List<RefusalReason> told = new ArrayList<>();
    private final RefusalCounts counts = new RefusalCounts(List.of(told::add));
    private final PeerLimits limits = new PeerLimits(Rate.valueOf("10/1m"), Rate.valueOf("5/1m"), () -> nowNanos);
    private final ServerGate gate = new ServerGate(
            List.of(
                    new SecretRule("team-a", List.of(AliasGlob.of("a-*"), AliasGlob.of("shared")), null),
                    new SecretRule("old", List.of(), START.plusSeconds(100))),
            limits,
            Rate.valueOf("10/1m"),
            Duration.ofMillis(250),
            counts,
            new Clock() {
                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }

                @Override
                public Instant instant() {
                    return START.plusNanos(nowNanos - 1_000_000_000L);
                }
            });

    @Test
    void aSecretIsGoodForItsAliases() {
        assertThat(decide(1, "h1", "team-a", "a-1")).isEqualTo(Verdict.pass());
        assertThat(decide(1, "h1", "team-a", "shared")).isEqualTo(Verdict.pass());
        assertThat(decide(1, "h1", "team-a", "b-1"))
                .isEqualTo(new Forbidden("Unauthorised: this secret does not cover the alias"));
        assertThat(decide(1, "h1", "unknown to us", "b-1")).isEqualTo(Verdict.pass());
        assertThat(told).containsExactly(RefusalReason.ALIAS_NOT_COVERED);
    }

    @Test
    void aSecretEnds() {
        assertThat(decide(1, "h1", "old", "x")).isEqualTo(Verdict.pass());
        pass(Duration.ofSeconds(99));
        assertThat(decide(1, "h1", "old", "x")).isEqualTo(Verdict.pass());
        pass(Duration.ofSeconds(1));
        assertThat(decide(1, "h1", "old", "x")).isInstanceOf(Unauthorised.class);
    }

    @Test
    void registrationsOfOneKeyAreLimitedAndItsAllowanceComesBackSteadily() {
        for (int i = 0; i < 10; i++) {
            assertThat(decide(1, "h1", "team-a", "a-" + i)).isEqualTo(Verdict.pass());
        }
        assertThat(decide(1, "h1", "team-a", "a-11"))
                .isEqualTo(new Refused("Too many registrations, 10/1m are allowed for one key"));
        assertThat(decide(2, "h1", "team-a", "a-1")).isEqualTo(Verdict.pass());
        pass(Duration.ofSeconds(6));
        assertThat(decide(1, "h1", "team-a", "a-11")).isEqualTo(Verdict.pass());
        assertThat(decide(1, "h1", "team-a", "a-12")).isInstanceOf(Refused.class);
        assertThat(counts.total(RefusalReason.PER_PEER_RATE)).isEqualTo(2);
    }

    @Test
    void wrongSecretsAreAnsweredLaterAndLaterAndThenNotAtAll() {
        assertThat(decide(1, "h1", null, "x")).isEqualTo(late(250, false));
        assertThat(decide(1, "h1", null, "x")).isEqualTo(late(500, false));
        assertThat(decide(1, "h1", null, "x")).isEqualTo(late(1000, false));
        assertThat(decide(1, "h1", null, "x")).isEqualTo(late(2000, false));
        assertThat(gate.admits(Keys.key(1))).isTrue();
        assertThat(decide(1, "h1", null, "x")).isEqualTo(late(2000, true));
        assertThat(gate.admits(Keys.key(1))).isFalse();
        assertThat(decide(1, "h1", null, "x")).isInstanceOf(CutOff.class);
        assertThat(decide(1, "h1", "team-a", "a-1")).isInstanceOf(Refused.class);

        pass(Duration.ofSeconds(60));
        assertThat(gate.admits(Keys.key(1))).isTrue();
        assertThat(decide(1, "h1", "team-a", "a-1")).isEqualTo(Verdict.pass());
        assertThat(decide(1, "h1", null, "x")).isEqualTo(late(250, false));
        assertThat(told)
                .containsExactly(
                        RefusalReason.UNAUTHORISED,
                        RefusalReason.UNAUTHORISED,
                        RefusalReason.UNAUTHORISED,
                        RefusalReason.UNAUTHORISED,
                        RefusalReason.UNAUTHORISED,
                        RefusalReason.BLOCKED_PEER,
                        RefusalReason.UNAUTHORISED_RATE,
                        RefusalReason.UNAUTHORISED_RATE,
                        RefusalReason.UNAUTHORISED);
    }

    @Test
    void othersBehindTheHostOfAStrangerPassWithARightSecret() {
        for (int key = 1; key <= 5; key++) {
            assertThat(decide(key, "h1", null, "x")).isInstanceOf(Unauthorised.class);
        }
        assertThat(decide(6, "h1", null, "x")).isInstanceOf(CutOff.class);
        assertThat(decide(7, "h1", "team-a", "a-1")).isEqualTo(Verdict.pass());
        assertThat(decide(1, "h1", "team-a", "a-1")).isEqualTo(Verdict.pass());
        assertThat(decide(8, "h2", null, "x")).isEqualTo(late(250, false));
        assertThat(limits.blockedHosts()).isEqualTo(1);
        assertThat(limits.blockedPeers()).isZero();
    }

    @Test
    void manyKeysOfOneHostPushNobodyOut() {
        for (int i = 0; i < 5; i++) {
            decide(1, "h1", null, "x");
        }
        for (int i = 0; i < 10; i++) {
            decide(2, "h2", "team-a", "a-" + i);
        }
        byte[] key = new byte[32];
        for (int i = 0; i < 200_000; i++) {
            RANDOM.nextBytes(key);
            decide(PublicKey.of(key), "h3", null, "x");
        }
        assertThat(limits.known()).isLessThanOrEqualTo(3 + 1 + 5 + 1);
        assertThat(gate.admits(Keys.key(1))).isFalse();
        assertThat(decide(2, "h2", "team-a", "a-1")).isInstanceOf(Refused.class);
    }

    @Test
    void whatIsKeptIsBoundedAndForgotten() {
        byte[] key = new byte[32];
        for (int i = 0; i < 3 * PeerLimits.MAX_PEERS; i++) {
            RANDOM.nextBytes(key);
            decide(PublicKey.of(key), "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255), null, "x");
        }
        assertThat(limits.known()).isLessThanOrEqualTo(2 * PeerLimits.MAX_PEERS);
        pass(Duration.ofMinutes(2));
        assertThat(limits.blockedPeers()).isZero();
    }

    @Test
    void oneCustomersNetworkIsOneHost() {
        for (int i = 0; i < 5; i++) {
            decide(i, "2001:db8:0:1::" + i, null, "x");
        }
        assertThat(decide(6, "2001:db8:0:1:ffff::1", null, "x")).isInstanceOf(CutOff.class);
        assertThat(decide(6, "2001:db8:0:2::1", null, "x")).isInstanceOf(Unauthorised.class);
    }

    @Test
    void limitsOfTheServerItselfAreCounted() {
        for (Limit limit : Limit.values()) {
            gate.onLimit(limit);
        }
        assertThat(told).hasSize(Limit.values().length).doesNotHaveDuplicates();
        assertThat(counts.totals(true)).containsKeys("connections", "connections-per-peer", "idle-timeout");
        assertThat(counts.totals(false)).containsKeys("frame-size", "concurrent-requests");
    }

    private void pass(Duration time) {
        nowNanos += time.toNanos();
    }

    private static Verdict late(long millis, boolean last) {
        return Verdict.unauthorised(Duration.ofMillis(millis), last);
    }

    private Verdict decide(int key, String host, @Nullable String secretName, String alias) {
        return decide(Keys.key(key), host, secretName, alias);
    }

    private Verdict decide(PublicKey key, String host, @Nullable String secretName, String alias) {
        return gate.decide(new Request(new UUID(1, 2), key, address(host), alias, TARGET, secretName));
    }

    /** {@code h1} is short for 192.0.2.1. */
    private static InetSocketAddress address(String host) {
        try {
            return new InetSocketAddress(InetAddress.getByName(host.replaceFirst("^h", "192.0.2.")), 1234);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
