package org.aliasrpc.spring.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What concerns every role.
 *
 * @param enabled whether anything of alias registration is set up
 * @param keyPair identity of this process
 * @param events what becomes of events
 */
@ConfigurationProperties("alias-rpc")
public record AliasRpcProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue KeyPair keyPair,
        @DefaultValue Events events) {
    /**
     * Identity of this process.
     *
     * @param seed 32 bytes from which the key pair is made, hexadecimal or z-base-32. Wins over the location
     * @param location file that holds the seed. Created with mode 0600 when absent; refused when others may read it.
     *     Without seed and location a new key pair is made at each start
     */
    public record KeyPair(@Nullable String seed, @Nullable String location) {
        /** Without the seed. */
        @Override
        public String toString() {
            return "KeyPair[location=" + location + "]";
        }
    }

    /**
     * What becomes of events.
     *
     * @param publish whether events of client and server are published as application events
     * @param audit whether registrations and refusals are published as audit events
     * @param ring number of latest events kept for the endpoint aliasrpcevents
     */
    public record Events(
            @DefaultValue("true") boolean publish,
            @DefaultValue("true") boolean audit,
            @DefaultValue("1000") int ring) {}
}
