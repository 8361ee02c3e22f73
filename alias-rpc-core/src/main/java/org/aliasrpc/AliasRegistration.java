package org.aliasrpc;

import java.util.Objects;
import org.aliasrpc.crypto.PublicKey;

/**
 * What a client asks an alias server to remember.
 *
 * <p>The core takes every string up to the frame limit, as the reference does; which aliases are allowed is up to the
 * {@link AliasRegistrar}. Prometheus can scrape aliases of {@code [A-Za-z0-9._-]{1,100}}.
 *
 * @param alias the name under which the target is found
 * @param targetPublicKey under which the target serves its metrics
 * @param hostname the target's host, a label
 * @param service the target's service, a label
 */
public record AliasRegistration(String alias, PublicKey targetPublicKey, String hostname, String service) {
    public AliasRegistration {
        Objects.requireNonNull(alias, "alias");
        Objects.requireNonNull(targetPublicKey, "targetPublicKey");
        Objects.requireNonNull(hostname, "hostname");
        Objects.requireNonNull(service, "service");
    }
}
