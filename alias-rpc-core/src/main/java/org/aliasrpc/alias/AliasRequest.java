package org.aliasrpc.alias;

import org.aliasrpc.crypto.SecretBytes;

/**
 * A request to register an alias.
 *
 * @param secret 32 bytes that show the client may register
 * @param registration what to store
 */
record AliasRequest(SecretBytes secret, Registration registration) {
    /** Length of a secret in bytes. */
    static final int SECRET_LENGTH = 32;

    AliasRequest {
        requireLength(secret);
    }

    /** Refuses a secret of another length, without showing it. */
    static void requireLength(SecretBytes secret) {
        if (secret.length() != SECRET_LENGTH) {
            throw new IllegalArgumentException(
                    "a secret of " + secret.length() + " bytes, it must be " + SECRET_LENGTH);
        }
    }
}
