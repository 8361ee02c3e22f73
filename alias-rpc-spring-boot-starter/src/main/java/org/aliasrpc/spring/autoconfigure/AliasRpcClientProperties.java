package org.aliasrpc.spring.autoconfigure;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Registration of this application with alias servers.
 *
 * @param enabled whether this application registers itself; needs a server
 * @param serverPublicKey public key of the alias server, hexadecimal or z-base-32
 * @param secret 32 bytes shared with that server, hexadecimal or z-base-32
 * @param secretFile file that holds the secret
 * @param servers further alias servers by name, each independent
 * @param alias name to register. Defaults to spring.application.name
 * @param service label of the application's service. Defaults to spring.application.name, else to the alias
 * @param hostname label of the application's host. Defaults to the operating system's host name
 * @param targetPublicKey public key to register, hexadecimal or z-base-32. Defaults to the key of alias-rpc.key-pair under
 *     which metrics are served
 * @param interval time between a registration and its renewal; must stay below the service's expiry
 * @param jitter share of the interval by which a renewal comes earlier or later
 * @param requestTimeout deadline over connecting, opening the channel and the request
 * @param startup what the application's start waits for
 * @param retry what happens after a failed attempt
 * @param staleAfter age of the last success above which health is DOWN; at least the interval
 */
@ConfigurationProperties("alias-rpc.client")
public record AliasRpcClientProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String serverPublicKey,
        @Nullable String secret,
        @Nullable String secretFile,
        @DefaultValue Map<String, Server> servers,
        @Nullable String alias,
        @Nullable String service,
        @Nullable String hostname,
        @Nullable String targetPublicKey,
        @DefaultValue("1h") Duration interval,
        @DefaultValue("0.1") double jitter,
        @DefaultValue("10s") Duration requestTimeout,
        @DefaultValue Startup startup,
        @DefaultValue Retry retry,
        @DefaultValue("3h") Duration staleAfter) {
    /** Without secrets. */
    @Override
    public String toString() {
        return "AliasRpcClientProperties[serverPublicKey=" + serverPublicKey + ", servers=" + servers.keySet()
                + ", alias=" + alias + "]";
    }

    /**
     * A further alias server.
     *
     * @param publicKey public key of the server, hexadecimal or z-base-32
     * @param secret 32 bytes shared with the server, hexadecimal or z-base-32
     * @param secretFile file that holds the secret
     */
    public record Server(
            @Nullable String publicKey,
            @Nullable String secret,
            @Nullable String secretFile) {
        /** Without the secret. */
        @Override
        public String toString() {
            return "Server[publicKey=" + publicKey + "]";
        }
    }

    /**
     * What the application's start waits for.
     *
     * @param mode whether the start goes on at once or waits until every server has registered the alias
     * @param timeout longest time to wait
     * @param failFast whether the start fails when the alias is not registered within the timeout
     */
    public record Startup(
            @DefaultValue("async") Mode mode,
            @DefaultValue("30s") Duration timeout,
            @DefaultValue("false") boolean failFast) {
        /** Whether to wait. */
        public enum Mode {
            /** The start does not wait. */
            ASYNC,
            /** The start waits until every server has registered the alias, or the timeout is over. */
            BLOCKING
        }
    }

    /**
     * What happens after a failed attempt.
     *
     * @param delay time to wait after the first failure
     * @param multiplier factor by which each further delay is longer
     * @param maxDelay longest delay
     * @param jitter time by which a delay is shorter or longer at most; grows with the multiplier
     * @param maxRetries number of retries after which the next interval is waited for; -1 means no limit
     */
    public record Retry(
            @DefaultValue("1s") Duration delay,
            @DefaultValue("2") double multiplier,
            @DefaultValue("5m") Duration maxDelay,
            @DefaultValue("250ms") Duration jitter,
            @DefaultValue("-1") long maxRetries) {}
}
