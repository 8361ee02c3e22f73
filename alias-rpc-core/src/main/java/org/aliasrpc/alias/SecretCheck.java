package org.aliasrpc.alias;

import java.util.List;
import org.aliasrpc.crypto.SecretBytes;

/** Decides whether a presented secret is right. Called on the event loop: decides at once, in constant time. */
@FunctionalInterface
public interface SecretCheck {
    /**
     * @param presented 32 bytes from the request; wiped after the call
     * @return whether it is one of the secrets in force
     */
    boolean accepts(SecretBytes presented);

    /**
     * Accepts each of several secrets, so that a new one can be rolled out before the old one is withdrawn. Compares with
     * all of them, whichever is right.
     *
     * @param secrets 32 bytes each, at least one; not closed by the check
     * @throws IllegalArgumentException if there is none, or one of another length
     */
    static SecretCheck anyOf(List<SecretBytes> secrets) {
        List<SecretBytes> all = List.copyOf(secrets);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("no secret");
        }
        all.forEach(AliasRequest::requireLength);
        return presented -> {
            boolean accepted = false;
            for (SecretBytes secret : all) {
                accepted |= secret.equals(presented);
            }
            return accepted;
        };
    }
}
