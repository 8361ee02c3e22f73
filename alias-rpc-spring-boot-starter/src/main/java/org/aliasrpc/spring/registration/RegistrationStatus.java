package org.aliasrpc.spring.registration;

import java.time.Instant;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.crypto.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * How registration with one server goes.
 *
 * @param server the server's name in the configuration; {@code default} for the one of {@code server-public-key}
 * @param serverPublicKey the server
 * @param registration what is registered there
 * @param state what the last attempt led to
 * @param attempts begun since the start
 * @param successes ended well since the start
 * @param retries begun because the attempt before had failed
 * @param lastAttempt when the last one began, null before the first
 * @param lastSuccess when the last success came, null before the first
 * @param lastError kind of the last failure, see {@link ErrorKind}; null before the first, and again after a success
 * @param nextAttempt when the next one begins, null while one runs
 */
public record RegistrationStatus(
        String server,
        PublicKey serverPublicKey,
        AliasRegistration registration,
        State state,
        long attempts,
        long successes,
        long retries,
        @Nullable Instant lastAttempt,
        @Nullable Instant lastSuccess,
        @Nullable String lastError,
        @Nullable Instant nextAttempt) {
    /** What the last attempt led to. */
    public enum State {
        /** No attempt has ended yet. */
        PENDING,
        /** The server has the alias. */
        REGISTERED,
        /** The last attempt failed; another follows. */
        FAILING
    }
}
