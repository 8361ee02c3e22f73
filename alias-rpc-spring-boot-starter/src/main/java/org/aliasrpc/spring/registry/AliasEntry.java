package org.aliasrpc.spring.registry;

import java.time.Instant;
import java.util.UUID;
import org.aliasrpc.crypto.PublicKey;

/**
 * One alias in the table.
 *
 * @param alias the name
 * @param targetPublicKey under which the target serves its metrics
 * @param hostname label, as the target gave it
 * @param service label, as the target gave it
 * @param firstSeen when this alias began to point to this key
 * @param lastSeen when it was registered last
 * @param expiresAt when it leaves the table unless renewed
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
        UUID uid) {}
