package org.aliasrpc.crypto;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.aliasrpc.encoding.Bytes;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * An Ed25519 key pair: signs, and agrees on shared secrets ({@link DhPublicKey#agree}).
 *
 * <p>Everything derives from the 32-byte seed, as in the whole stack (crypto.md §1). {@link #close} wipes it.
 */
public final class KeyPair implements AutoCloseable {
    /** Length of a seed in bytes. */
    public static final int SEED_LENGTH = 32;

    private final SecretBytes seed;
    private final PublicKey publicKey;

    private KeyPair(SecretBytes seed) {
        this.seed = seed;
        byte[] key = new byte[PublicKey.LENGTH];
        Ed25519.generatePublicKey(seed.array(), 0, key, 0);
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
        byte[] signature = new byte[Signatures.LENGTH];
        byte[] content = message.toByteArray();
        // With the public key given, the base point is multiplied once instead of twice.
        Ed25519.sign(seed.array(), 0, publicKey.bytes().toByteArray(), 0, content, 0, content.length, signature, 0);
        return Bytes.wrap(signature);
    }

    /** A copy of the seed, to be closed by the caller. */
    public SecretBytes seed() {
        return SecretBytes.copyOf(seed.array());
    }

    /** Wipes the seed; the public key stays. */
    @Override
    public void close() {
        seed.close();
    }

    /** The scalar with which signing and agreement multiply: 32 bytes little endian, to be wiped by the caller. */
    byte[] scalar() {
        SHA512Digest digest = new SHA512Digest();
        byte[] hash = new byte[64];
        digest.update(seed.array(), 0, SEED_LENGTH);
        digest.doFinal(hash, 0);
        byte[] scalar = Arrays.copyOf(hash, 32);
        Arrays.fill(hash, (byte) 0);
        scalar[0] &= (byte) 0xf8;
        scalar[31] &= 0x7f;
        scalar[31] |= 0x40;
        return scalar;
    }

    /** The public key only. */
    @Override
    public String toString() {
        return "KeyPair(" + publicKey + ")";
    }
}
