package org.aliasrpc.spring.testing;

import java.util.Arrays;
import java.util.HexFormat;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;

/** Key pairs and secrets that are the same in every run. */
public final class Keys {
    /** A secret in hexadecimal: 32 times 0xa5. */
    public static final String SECRET = "a5".repeat(32);

    private Keys() {}

    /** 32 equal bytes in hexadecimal. */
    public static String seed(int n) {
        byte[] seed = new byte[32];
        Arrays.fill(seed, (byte) n);
        return HexFormat.of().formatHex(seed);
    }

    public static KeyPair pair(int n) {
        try (SecretBytes seed = SecretBytes.parse(seed(n), "seed")) {
            return KeyPair.fromSeed(seed);
        }
    }

    public static PublicKey key(int n) {
        return pair(n).publicKey();
    }
}
