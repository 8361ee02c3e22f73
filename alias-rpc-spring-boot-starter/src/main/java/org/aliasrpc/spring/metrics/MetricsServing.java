package org.aliasrpc.spring.metrics;

import java.util.Optional;
import java.util.function.Supplier;
import org.aliasrpc.crypto.PublicKey;
import org.jspecify.annotations.Nullable;

/** Whether this application's metrics can be scraped by its alias servers. */
public final class MetricsServing {
    private final @Nullable Supplier<PublicKey> publicKey;
    private final String reason;

    private MetricsServing(@Nullable Supplier<PublicKey> publicKey, String reason) {
        this.publicKey = publicKey;
        this.reason = reason;
    }

    /**
     * They are.
     *
     * @param publicKey asked for when it is needed
     */
    public static MetricsServing servedUnder(Supplier<PublicKey> publicKey) {
        return new MetricsServing(publicKey, "");
    }

    /**
     * They are not.
     *
     * @param reason for people
     */
    public static MetricsServing notServed(String reason) {
        return new MetricsServing(null, reason);
    }

    /** Under which they are served; empty if they are not. */
    public Optional<PublicKey> publicKey() {
        return Optional.ofNullable(publicKey).map(Supplier::get);
    }

    /** For health and log. */
    @Override
    public String toString() {
        return publicKey().map(key -> "served under " + key).orElseGet(() -> "not served: " + reason);
    }
}
