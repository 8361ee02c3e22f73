package org.aliasrpc.alias;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aliasrpc.crypto.SecretBytes;
import org.jspecify.annotations.Nullable;

/** Finds out which secret was presented. Called on the event loop: answers at once, in constant time. */
@FunctionalInterface
public interface SecretCheck {
    /**
     * @param presented 32 bytes from the request; wiped after the call
     * @return the name of the secret that it is; null if it is none of those in force
     */
    @Nullable
    String nameOf(SecretBytes presented);

    /**
     * Accepts each of several secrets, so that a new one can be rolled out before the old one is withdrawn. Compares with
     * all of them, whichever is right; if two are the same, the first one's name counts.
     *
     * @param secrets 32 bytes each by name, at least one; not closed by the check
     * @throws IllegalArgumentException if there is none, or one of another length
     */
    static SecretCheck of(Map<String, SecretBytes> secrets) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("no secret");
        }
        secrets.values().forEach(AliasRequest::requireLength);
        String[] names = secrets.keySet().toArray(String[]::new);
        SecretBytes[] values = secrets.values().toArray(SecretBytes[]::new);
        return presented -> {
            int found = -1;
            for (int i = values.length - 1; i >= 0; i--) {
                found = values[i].equals(presented) ? i : found;
            }
            return found < 0 ? null : names[found];
        };
    }

    /**
     * The same for secrets whose names nobody asks for.
     *
     * @param secrets 32 bytes each, at least one; not closed by the check
     * @throws IllegalArgumentException if there is none, or one of another length
     */
    static SecretCheck anyOf(List<SecretBytes> secrets) {
        Map<String, SecretBytes> numbered = new LinkedHashMap<>();
        secrets.forEach(secret -> numbered.put(Integer.toString(numbered.size()), secret));
        return of(numbered);
    }
}
