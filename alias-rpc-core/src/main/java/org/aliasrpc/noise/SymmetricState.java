package org.aliasrpc.noise;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.aliasrpc.crypto.Blake2b;
import org.aliasrpc.crypto.ChaCha20Poly1305;
import org.aliasrpc.crypto.HmacBlake2b;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.jspecify.annotations.Nullable;

/** The running hash, the chaining key and the cipher key of a handshake (crypto.md §7.2; Noise §5.2). */
final class SymmetricState {
    /** Longest encrypted part. The reference applies it to each part, not to the whole message (crypto.md §7.8). */
    static final int MAX_CIPHERTEXT = 65535;

    private static final int HASH_LENGTH = 64;
    private static final int KEY_LENGTH = 32;

    private final byte[] chainingKey;
    private Bytes hash;
    private @Nullable SecretBytes key;
    private long number;

    SymmetricState(String protocolName, Bytes prologue) {
        byte[] name = protocolName.getBytes(StandardCharsets.US_ASCII);
        this.chainingKey = Arrays.copyOf(name, HASH_LENGTH); // the names have 35 bytes: padded, not hashed
        this.hash = Bytes.copyOf(chainingKey);
        mixHash(prologue);
    }

    void mixHash(Bytes data) {
        hash = Blake2b.hash512(hash, data);
    }

    void mixKey(SecretBytes input) {
        byte[] material = new byte[input.length()];
        input.copyTo(material, 0);
        byte[][] outputs = hkdf(chainingKey, material);
        System.arraycopy(outputs[0], 0, chainingKey, 0, HASH_LENGTH);
        if (key != null) {
            key.close();
        }
        key = SecretBytes.copyOf(outputs[1], 0, KEY_LENGTH);
        number = 0;
        wipe(material, outputs[0], outputs[1]);
    }

    /** Encrypts once there is a key, and always mixes in what goes on the wire. */
    Bytes encryptAndHash(Bytes plaintext) throws NoiseException {
        Bytes wire = plaintext;
        if (key != null) {
            checkLength(plaintext.length() + ChaCha20Poly1305.OVERHEAD);
            wire = ChaCha20Poly1305.seal(key, number++, hash, plaintext);
        }
        mixHash(wire);
        return wire;
    }

    Bytes decryptAndHash(Bytes wire) throws NoiseException {
        Bytes plaintext = wire;
        if (key != null) {
            checkLength(wire.length());
            plaintext = ChaCha20Poly1305.open(key, number++, hash, wire);
            if (plaintext == null) {
                throw new NoiseException("could not verify data");
            }
        }
        mixHash(wire);
        return plaintext;
    }

    /** How many bytes encryption adds now. */
    int overhead() {
        return key == null ? 0 : ChaCha20Poly1305.OVERHEAD;
    }

    /** The keys of both directions, the initiator's first. */
    SecretBytes[] split() {
        byte[][] outputs = hkdf(chainingKey, new byte[0]);
        SecretBytes[] keys = {
            SecretBytes.copyOf(outputs[0], 0, KEY_LENGTH), SecretBytes.copyOf(outputs[1], 0, KEY_LENGTH)
        };
        wipe(outputs[0], outputs[1]);
        return keys;
    }

    Bytes hash() {
        return hash;
    }

    /** For comparison with recorded states. */
    Bytes chainingKey() {
        return Bytes.copyOf(chainingKey);
    }

    /** For comparison with recorded states; null before the first key. */
    @Nullable
    SecretBytes key() {
        return key;
    }

    /** How many messages were encrypted or decrypted with the key. */
    long number() {
        return number;
    }

    void wipe() {
        wipe(chainingKey);
        if (key != null) {
            key.close();
        }
    }

    /** Two outputs of 64 bytes. */
    static byte[][] hkdf(byte[] chainingKey, byte[] input) {
        byte[] temporary = HmacBlake2b.mac(chainingKey, input);
        byte[] first = HmacBlake2b.mac(temporary, new byte[] {1});
        byte[] second = HmacBlake2b.mac(temporary, first, new byte[] {2});
        wipe(temporary);
        return new byte[][] {first, second};
    }

    private static void checkLength(int length) throws NoiseException {
        if (length > MAX_CIPHERTEXT) {
            throw new NoiseException(
                    "ciphertext length of " + length + " exceeds maximum Noise message length of " + MAX_CIPHERTEXT);
        }
    }

    private static void wipe(byte[]... secrets) {
        for (byte[] secret : secrets) {
            Arrays.fill(secret, (byte) 0);
        }
    }
}
