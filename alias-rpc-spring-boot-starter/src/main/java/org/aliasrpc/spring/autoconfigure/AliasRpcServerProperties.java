package org.aliasrpc.spring.autoconfigure;

import java.time.Duration;
import org.aliasrpc.spring.registry.AliasRules;
import org.aliasrpc.spring.registry.ConflictPolicy;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The alias server.
 *
 * @param enabled whether this process is an alias server
 * @param secret 32 bytes that clients must know, hexadecimal or z-base-32
 * @param secretFile file that holds the secret
 * @param conflictPolicy what happens when an alias that points to one key is registered for another
 * @param expiry time after which an alias that is not renewed is over
 * @param grace time for which an alias that is over stays in discovery, to be seen down
 * @param maxAliases number of aliases that the table takes
 * @param maxAliasLength longest alias, in characters
 * @param aliasPattern regular expression that a whole alias must match
 * @param limits what a client may use up
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
        @DefaultValue(AliasRules.PATTERN) String aliasPattern,
        @DefaultValue Limits limits) {
    /** Without the secret. */
    @Override
    public String toString() {
        return "AliasRpcServerProperties[enabled=" + enabled + "]";
    }

    /**
     * What a client may use up.
     *
     * @param connections number of connections that all clients together may have open at a time
     * @param connectionsPerPeer number of connections that one remote key may have open at a time
     * @param frameSize longest request: alias, hostname and service together
     */
    public record Limits(
            @DefaultValue("1024") int connections,
            @DefaultValue("16") int connectionsPerPeer,
            @DefaultValue("64KB") DataSize frameSize) {}
}
