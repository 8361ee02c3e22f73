package org.aliasrpc.crypto;

import org.aliasrpc.encoding.Bytes;

/** Ed25519 signatures (crypto.md §2). */
public final class Signatures {
    /** Length of a signature in bytes. */
    public static final int LENGTH = 64;

    private Signatures() {}

    /**
     * Whether a signature is the key owner's, by exactly the rules of the reference: nodes must agree about stored
     * records. False for a signature of the wrong length, too.
     *
     * @param key who is said to have signed
     * @param message what was signed
     * @param signature what {@link KeyPair#sign} gave
     */
    public static boolean verify(PublicKey key, Bytes message, Bytes signature) {
        if (signature.length() != LENGTH) {
            return false;
        }
        return Ed25519Verifier.verify(key.bytes().toByteArray(), message.toByteArray(), signature.toByteArray());
    }
}
