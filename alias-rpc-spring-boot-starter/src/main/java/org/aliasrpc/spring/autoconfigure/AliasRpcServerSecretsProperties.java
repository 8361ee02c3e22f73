package org.aliasrpc.spring.autoconfigure;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Secrets of the alias server.
 *
 * @param secrets further live secrets by name, for rotation, or one for each team
 */
@ConfigurationProperties("alias-rpc.server")
public record AliasRpcServerSecretsProperties(@DefaultValue Map<String, NamedSecret> secrets) {
    /** The names only. */
    @Override
    public String toString() {
        return "AliasRpcServerSecretsProperties[secrets=" + secrets.keySet() + "]";
    }

    /**
     * One of several secrets.
     *
     * @param value 32 bytes that clients must know, hexadecimal or z-base-32
     * @param file file that holds the secret, read again when it changes
     * @param aliases patterns of the aliases that may be registered with it, where * stands for any characters; all if
     *     there is none
     * @param notAfter when it ends: a date (the end of that day in UTC) or a date and time with offset
     */
    public record NamedSecret(
            @Nullable String value,
            @Nullable String file,
            @DefaultValue List<String> aliases,
            @Nullable String notAfter) {
        /** Without the secret. */
        @Override
        public String toString() {
            return "NamedSecret[aliases=" + aliases + ", notAfter=" + notAfter + "]";
        }
    }
}
