package org.aliasrpc.spring.limits;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.aliasrpc.AliasServerGate;
import org.aliasrpc.crypto.PublicKey;

/**
 * The rules of an alias server: what its secrets are good for, how often a key may register, and how long it takes to learn
 * that a secret is wrong. The first wrong secret of a period is answered late, each further one of the same key or host
 * later, the last one that the rate allows ends the connection, and then the key is not answered any more, and further
 * wrong secrets from the host break their connection. Other keys of that host go on with a right secret.
 */
public final class ServerGate implements AliasServerGate {
    /** Longest delay of an answer: clients of the reference wait 5 s (alias-rpc.md §5). */
    private static final Duration MAX_DELAY = Duration.ofSeconds(2);

    private static final int MAX_DOUBLINGS = 20;

    private final Map<String, SecretRule> rules;
    private final PeerLimits limits;
    private final Rate perPeer;
    private final Duration firstDelay;
    private final RefusalCounts counts;
    private final Clock clock;

    /**
     * @param rules of the secrets; one without a rule is good for everything
     * @param limits what each key and host has used up
     * @param perPeer the limit of registrations, for its text
     * @param firstDelay how long the first wrong secret's answer waits
     * @param counts of what is refused
     * @param clock tells when secrets end
     */
    public ServerGate(
            List<SecretRule> rules,
            PeerLimits limits,
            Rate perPeer,
            Duration firstDelay,
            RefusalCounts counts,
            Clock clock) {
        this.rules = rules.stream().collect(Collectors.toUnmodifiableMap(SecretRule::name, rule -> rule));
        this.limits = limits;
        this.perPeer = perPeer;
        this.firstDelay = firstDelay;
        this.counts = counts;
        this.clock = clock;
    }

    @Override
    public Verdict decide(Request request) {
        String secret = request.secretName();
        SecretRule rule = secret == null ? null : rules.get(secret);
        Instant now = clock.instant();
        if (secret == null || (rule != null && !rule.isLive(now))) {
            return unauthorised(request);
        }
        if (limits.isBlocked(request.remotePublicKey())) {
            counts.count(RefusalReason.UNAUTHORISED_RATE);
            return Verdict.refused("Too many unauthorised requests from this key, try again later");
        }
        if (!limits.mayRegister(request.remotePublicKey())) {
            counts.count(RefusalReason.PER_PEER_RATE);
            return Verdict.refused("Too many registrations, " + perPeer + " are allowed for one key");
        }
        if (rule != null && !rule.covers(request.alias())) {
            counts.count(RefusalReason.ALIAS_NOT_COVERED);
            return Verdict.forbidden("Unauthorised: this secret does not cover the alias");
        }
        return Verdict.pass();
    }

    private Verdict unauthorised(Request request) {
        int attempt = limits.onUnauthorised(request.remotePublicKey(), request.remoteAddress());
        if (attempt == 0) {
            counts.count(RefusalReason.UNAUTHORISED_RATE);
            return Verdict.cutOff("Too many unauthorised requests");
        }
        counts.count(RefusalReason.UNAUTHORISED);
        return Verdict.unauthorised(delay(attempt), limits.isBlocked(request.remotePublicKey()));
    }

    /** Twice as long each time. */
    private Duration delay(int attempt) {
        Duration delay = firstDelay.multipliedBy(1L << Math.min(attempt - 1, MAX_DOUBLINGS));
        return delay.compareTo(MAX_DELAY) > 0 ? MAX_DELAY : delay;
    }

    @Override
    public boolean admits(PublicKey remotePublicKey) {
        boolean blocked = limits.isBlocked(remotePublicKey);
        if (blocked) {
            counts.count(RefusalReason.BLOCKED_PEER);
        }
        return !blocked;
    }

    @Override
    public void onLimit(Limit limit) {
        counts.count(RefusalReason.of(limit));
    }
}
