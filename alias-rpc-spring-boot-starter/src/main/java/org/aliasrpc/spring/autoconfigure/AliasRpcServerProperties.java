package org.aliasrpc.spring.autoconfigure;

import java.time.Duration;
import org.aliasrpc.spring.registry.AliasRules;
import org.aliasrpc.spring.registry.ConflictPolicy;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The alias server.
 *
 * @param enabled whether this process is an alias server
 * @param secret 32 bytes that clients must know, hexadecimal or z-base-32
 * @param secretFile file that holds the secret, read again when it changes
 * @param conflictPolicy what happens when an alias that points to one key is registered for another
 * @param expiry time after which an alias that is not renewed is over
 * @param grace time for which an alias that is over stays in discovery, to be seen down
 * @param maxAliases number of aliases that the table takes
 * @param maxAliasLength longest alias, in characters
 * @param aliasPattern regular expression that a whole alias must match
 */
@ConfigurationProperties("alias-rpc.server")
public record AliasRpcServerProperties(
        @DefaultValue("false") boolean enabled,
        @Nullable String secret,
        @Nullable String secretFile,
        @DefaultValue("replace") ConflictPolicy conflictPolicy,
        @DefaultValue("3h") Duration expiry,
        @DefaultValue("5m") Duration grace,
        @DefaultValue("10000") int maxAliases,
        @DefaultValue("100") int maxAliasLength,
        @DefaultValue(AliasRules.PATTERN) String aliasPattern) {
    /** Without the secret. */
    @Override
    public String toString() {
        return "AliasRpcServerProperties[enabled=" + enabled + "]";
    }
}
