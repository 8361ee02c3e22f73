package org.aliasrpc.spring.registry;

import java.time.Duration;

/**
 * What a table takes.
 *
 * @param expiry after how long without a renewal an alias leaves it
 * @param maxAliases how many aliases it holds at most
 * @param maxAliasLength longest alias, in characters
 * @param conflictPolicy what happens to an alias that points elsewhere
 */
public record RegistryLimits(Duration expiry, int maxAliases, int maxAliasLength, ConflictPolicy conflictPolicy) {
    public RegistryLimits {
        if (expiry.isNegative() || expiry.isZero()) {
            throw new IllegalArgumentException("expiry " + expiry + " is not positive");
        }
        if (maxAliases < 1) {
            throw new IllegalArgumentException("at most " + maxAliases + " aliases");
        }
        if (maxAliasLength < 1) {
            throw new IllegalArgumentException("aliases of at most " + maxAliasLength + " characters");
        }
    }
}
