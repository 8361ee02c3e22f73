package org.aliasrpc.crypto;

import org.jspecify.annotations.Nullable;

/**
 * A remote public key that was checked and prepared for key agreement.
 *
 * <p>Checking costs as much as agreeing, and a handshake agrees twice with each remote key: keep this object meanwhile.
 *
 * <p>Source: docs/protocol/crypto.md §5. The secret is the signing scalar, the result is the encoded Edwards point with
 * the sign of x: X25519 does not interoperate.
 */
public final class DhPublicKey {
    /** Length of an agreed secret in bytes. */
    public static final int SECRET_LENGTH = 32;

    private static final int BLOCKS = 2; // the least sum of what the table, the check and two agreements cost
    private static final byte[] ORDER = Scalar.order();

    private final PublicKey key;
    private final EdwardsTable multiples;

    private DhPublicKey(PublicKey key, EdwardsTable multiples) {
        this.key = key;
        this.multiples = multiples;
    }

    /**
     * @param key as received
     * @return the key ready for use, or null if it is none: not canonical, not on the curve, or outside the subgroup of
     *     prime order (crypto.md §5.2)
     */
    public static @Nullable DhPublicKey of(PublicKey key) {
        EdwardsPoint point = EdwardsPoint.decodeVar(key.bytes().toByteArray());
        if (point == null || point.isNeutralVar()) {
            return null;
        }
        EdwardsTable multiples = new EdwardsTable(point, BLOCKS);
        return multiples.multiplyVar(ORDER).isNeutralVar() ? new DhPublicKey(key, multiples) : null;
    }

    /** The key as received. */
    public PublicKey key() {
        return key;
    }

    /**
     * The secret that only the owners of both keys can compute. Takes the same time whatever the secret key is.
     *
     * @param own the own key pair
     * @return 32 bytes, to be closed by the caller
     */
    public SecretBytes agree(KeyPair own) {
        byte[] secret = new byte[SECRET_LENGTH];
        multiples.multiply(own.scalar()).encode(secret);
        return SecretBytes.wrap(secret);
    }
}
