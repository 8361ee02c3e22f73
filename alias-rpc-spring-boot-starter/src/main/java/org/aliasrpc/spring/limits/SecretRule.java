package org.aliasrpc.spring.limits;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one of an alias server's secrets is good for. Does not hold the secret.
 *
 * @param name of the secret
 * @param aliases patterns of the aliases that may be registered with it; empty for all
 * @param notAfter when it ends; null for never
 */
public record SecretRule(
        String name, List<AliasGlob> aliases, @Nullable Instant notAfter) {
    public SecretRule {
        aliases = List.copyOf(aliases);
    }

    /** Whether it is still accepted. */
    public boolean isLive(Instant now) {
        return notAfter == null || now.isBefore(notAfter);
    }

    /** Whether an alias may be registered with it. */
    public boolean covers(String alias) {
        return aliases.isEmpty() || aliases.stream().anyMatch(glob -> glob.matches(alias));
    }
}
