package org.aliasrpc.spring.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.aliasrpc.crypto.PublicKey;

/**
 * One alias in the table. It stays there for a grace period after {@link #expiresAt}, so that Prometheus sees it down before
 * it is gone.
 *
 * @param alias the name
 * @param targetPublicKey under which the target serves its metrics
 * @param hostname label, as the target gave it
 * @param service label, as the target gave it
 * @param firstSeen when this alias began to point to this key
 * @param lastSeen when it was registered last
 * @param expiresAt when it is over unless renewed: from then on the alias is free, and its events tell so
 * @param ownerPublicKey the proven key of the connection that registered it last
 * @param uid of that connection
 */
public record AliasEntry(
        String alias,
        PublicKey targetPublicKey,
        String hostname,
        String service,
        Instant firstSeen,
        Instant lastSeen,
        Instant expiresAt,
        PublicKey ownerPublicKey,
        UUID uid) {
    /**
     * @param now the time
     * @return whether the entry is in its grace period, or even past it
     */
    public boolean isExpired(Instant now) {
        return !expiresAt.isAfter(now);
    }

    /**
     * @param now the time
     * @return whether it was not renewed for two thirds of its time
     */
    public boolean isNearExpiry(Instant now) {
        Duration left = Duration.between(now, expiresAt);
        return left.multipliedBy(3).compareTo(Duration.between(lastSeen, expiresAt)) < 0;
    }
}
