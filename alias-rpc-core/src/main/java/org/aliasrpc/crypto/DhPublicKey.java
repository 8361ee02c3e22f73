package org.aliasrpc.crypto;

import java.util.Arrays;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
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
        byte[] encoded = key.bytes().toByteArray();
        if (!Ed25519.validatePublicKeyFull(encoded, 0)) {
            return null;
        }
        EdwardsPoint point = EdwardsPoint.decode(encoded);
        return point == null ? null : new DhPublicKey(key, new EdwardsTable(point));
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
        byte[] scalar = own.scalar();
        byte[] secret = new byte[SECRET_LENGTH];
        multiples.multiply(scalar, secret);
        Arrays.fill(scalar, (byte) 0);
        return SecretBytes.wrap(secret);
    }
}
