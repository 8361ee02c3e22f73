package org.aliasrpc.spring.autoconfigure;

import java.util.function.Supplier;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.crypto.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * What to register, checked, but for the key of this process.
 *
 * @param alias the name
 * @param target the configured one; null means the key under which this application's metrics are served
 * @param hostname label; null means the operating system's name of this host, looked up when it is needed
 * @param service label
 */
record RegistrationSettings(
        String alias, @Nullable PublicKey target, @Nullable String hostname, String service) {
    /**
     * @param metricsKey asked only if no other target is configured
     */
    AliasRegistration registration(Supplier<PublicKey> metricsKey) {
        return new AliasRegistration(
                alias,
                target == null ? metricsKey.get() : target,
                hostname == null ? ClientSettings.ownHostname() : hostname,
                service);
    }
}
