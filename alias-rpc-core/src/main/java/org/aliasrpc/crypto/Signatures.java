package org.aliasrpc.crypto;

import org.aliasrpc.encoding.Bytes;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** Ed25519 signatures (crypto.md §2). */
public final class Signatures {
    /** Length of a signature in bytes. */
    public static final int LENGTH = 64;

    private Signatures() {}

    /**
     * Whether a signature is the key owner's. False for one of the wrong length, too.
     *
     * @param key who is said to have signed
     * @param message what was signed
     * @param signature what {@link KeyPair#sign} gave
     */
    public static boolean verify(PublicKey key, Bytes message, Bytes signature) {
        if (signature.length() != LENGTH) {
            return false;
        }
        byte[] content = message.toByteArray();
        return Ed25519.verify(signature.toByteArray(), 0, key.bytes().toByteArray(), 0, content, 0, content.length);
    }
}
