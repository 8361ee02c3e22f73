package org.aliasrpc;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.SecretBytes;

/** The secret that clients and server share. */
final class Secrets {
    private static final int BYTES = 32; // docs/protocol, alias-rpc.md §2

    private Secrets() {}

    /**
     * @throws IllegalArgumentException if it has another length; the message does not show it
     */
    static void requireSecret(SecretBytes secret) {
        if (secret.length() != BYTES) {
            throw new IllegalArgumentException("secret must be 32 bytes, it has " + secret.length());
        }
    }

    /**
     * Copies, in the same order.
     *
     * @throws IllegalArgumentException if there is none, or one of another length
     */
    static Map<String, SecretBytes> copies(Map<String, SecretBytes> secrets) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("no secret");
        }
        secrets.values().forEach(Secrets::requireSecret);
        Map<String, SecretBytes> copies = new LinkedHashMap<>();
        secrets.forEach((name, secret) -> copies.put(name, copy(secret)));
        return copies;
    }

    static SecretBytes copy(SecretBytes secret) {
        byte[] content = new byte[BYTES];
        try {
            secret.copyTo(content, 0);
            return SecretBytes.copyOf(content);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    static KeyPair copy(KeyPair keyPair) {
        try (SecretBytes seed = keyPair.seed()) {
            return KeyPair.fromSeed(seed);
        }
    }
}
