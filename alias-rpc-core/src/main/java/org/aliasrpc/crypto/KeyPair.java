package org.aliasrpc.crypto;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.aliasrpc.encoding.Bytes;
import org.bouncycastle.crypto.digests.SHA512Digest;

/**
 * An Ed25519 key pair: signs, and agrees on shared secrets ({@link DhPublicKey#agree}).
 *
 * <p>Everything derives from the 32-byte seed, as in the whole stack (crypto.md §1). {@link #close} wipes it.
 */
public final class KeyPair implements AutoCloseable {
    /** Length of a seed in bytes. */
    public static final int SEED_LENGTH = 32;

    private static final int HASH_LENGTH = 64;

    private final SecretBytes seed;
    private final SecretBytes scalar;
    private final SecretBytes prefix; // keys the hash from which a signature's one-time scalar comes
    private final PublicKey publicKey;

    private KeyPair(SecretBytes seed) {
        this.seed = seed;
        byte[] hash = sha512(seed.array());
        hash[0] &= (byte) 0xf8;
        hash[31] &= 0x7f;
        hash[31] |= 0x40;
        this.scalar = SecretBytes.copyOf(hash, 0, Scalar.LENGTH);
        this.prefix = SecretBytes.copyOf(hash, Scalar.LENGTH, HASH_LENGTH - Scalar.LENGTH);
        Arrays.fill(hash, (byte) 0);
        byte[] key = new byte[PublicKey.LENGTH];
        EdwardsTable.BASE.multiply(scalar.array()).encode(key);
        this.publicKey = new PublicKey(Bytes.wrap(key));
    }

    /**
     * The same seed always gives the same pair.
     *
     * @param seed 32 bytes; copied, so the caller may close it
     * @throws IllegalArgumentException if it has another length
     */
    public static KeyPair fromSeed(SecretBytes seed) {
        if (seed.length() != SEED_LENGTH) {
            throw new IllegalArgumentException("a seed of " + seed.length() + " bytes instead of 32");
        }
        return new KeyPair(SecretBytes.copyOf(seed.array()));
    }

    /**
     * A new pair.
     *
     * @param random a cryptographically strong source, outside tests; gives 32 bytes
     */
    public static KeyPair generate(RandomGenerator random) {
        return new KeyPair(SecretBytes.random(random, SEED_LENGTH));
    }

    /**
     * Another pair that whoever has this one can compute, and nobody else: its seed is BLAKE2b-256 of the label, keyed
     * with this seed.
     *
     * @param label what the other pair is for, such as {@code alias-rpc/metrics}
     */
    public KeyPair derive(String label) {
        return new KeyPair(Blake2b.keyedSecret(seed, label));
    }

    /** The public half. */
    public PublicKey publicKey() {
        return publicKey;
    }

    /**
     * Signs with plain Ed25519: no context, no pre-hash (crypto.md §2).
     *
     * @param message of any length
     * @return 64 bytes
     */
    public Bytes sign(Bytes message) {
        byte[] content = message.toByteArray();
        byte[] key = publicKey.bytes().toByteArray();
        byte[] once = Scalar.reduce(sha512(prefix.array(), content));
        byte[] commitment = new byte[FieldElement.LENGTH];
        EdwardsTable.BASE.multiply(once).encode(commitment);
        byte[] challenge = Scalar.reduce(sha512(commitment, key, content));
        byte[] response = Scalar.multiplyAdd(scalar.array(), challenge, once);
        Arrays.fill(once, (byte) 0);
        return Bytes.concat(Bytes.wrap(commitment), Bytes.wrap(response));
    }

    /** A copy of the seed, to be closed by the caller. */
    public SecretBytes seed() {
        return SecretBytes.copyOf(seed.array());
    }

    /** Wipes the secrets; the public key stays. */
    @Override
    public void close() {
        seed.close();
        scalar.close();
        prefix.close();
    }

    /** The scalar with which signing and agreement multiply: 32 bytes little endian, not to be kept or changed. */
    byte[] scalar() {
        return scalar.array();
    }

    private static byte[] sha512(byte[]... parts) {
        SHA512Digest digest = new SHA512Digest();
        for (byte[] part : parts) {
            digest.update(part, 0, part.length);
        }
        byte[] hash = new byte[HASH_LENGTH];
        digest.doFinal(hash, 0);
        return hash;
    }

    /** The public key only. */
    @Override
    public String toString() {
        return "KeyPair(" + publicKey + ")";
    }
}
