package org.aliasrpc.spring.registry;

import java.time.Duration;

/**
 * What a table takes.
 *
 * @param expiry after how long without a renewal an alias is over
 * @param grace for how long an alias that is over stays in the table, to be seen down
 * @param maxAliases how many aliases it holds at most, not counting those that are over; with these it holds at most
 *     (1 + grace / expiry, rounded up) times as many
 * @param aliases how they must look
 * @param conflictPolicy what happens to an alias that points elsewhere
 */
public record RegistryLimits(
        Duration expiry, Duration grace, int maxAliases, AliasRules aliases, ConflictPolicy conflictPolicy) {
    public RegistryLimits {
        if (expiry.isNegative() || expiry.isZero()) {
            throw new IllegalArgumentException("expiry " + expiry + " is not positive");
        }
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace " + grace + " is negative");
        }
        if (maxAliases < 1) {
            throw new IllegalArgumentException("at most " + maxAliases + " aliases");
        }
    }
}
