package org.aliasrpc.crypto;

import org.aliasrpc.encoding.Bytes;
import org.jspecify.annotations.Nullable;

/** BLAKE2b (RFC 7693) without salt and personalisation. Several parts are hashed as if joined (crypto.md §3). */
public final class Blake2b {
    /** Digest length in bytes, unless said otherwise. */
    public static final int LENGTH = 32;

    static final int LONG_LENGTH = 64;

    private static final byte[] NO_KEY = {};

    private Blake2b() {}

    /**
     * @param parts in order, joined without separators
     * @return 32 bytes
     */
    public static Bytes hash(Bytes... parts) {
        return Bytes.wrap(digest(LENGTH, null, parts));
    }

    /**
     * @param parts in order, joined without separators
     * @return 64 bytes, of which {@link #hash} is not a prefix
     */
    public static Bytes hash512(Bytes... parts) {
        return Bytes.wrap(digest(LONG_LENGTH, null, parts));
    }

    /**
     * BLAKE2b's own keyed mode, for keys that are no secret.
     *
     * @param key 1 to 64 bytes
     * @param parts in order, joined without separators
     * @return 32 bytes
     */
    public static Bytes keyed(Bytes key, Bytes... parts) {
        return Bytes.wrap(digest(LENGTH, key.toByteArray(), parts));
    }

    /**
     * BLAKE2b's own keyed mode.
     *
     * @param key 1 to 64 bytes
     * @param parts in order, joined without separators
     * @return 32 bytes
     */
    public static Bytes keyed(SecretBytes key, Bytes... parts) {
        return Bytes.wrap(digest(LENGTH, key.array(), parts));
    }

    /**
     * As {@link #keyed(Bytes, Bytes...)}, for a result that is a secret.
     *
     * @param key 1 to 64 bytes
     * @param parts in order, joined without separators
     * @return 32 bytes
     */
    public static SecretBytes keyedSecret(Bytes key, Bytes... parts) {
        return SecretBytes.wrap(digest(LENGTH, key.toByteArray(), parts));
    }

    /**
     * The prefix that keeps hashes and signatures of one use from being taken for those of another (crypto.md §4):
     * {@code H(H(name) || id)}.
     *
     * @param name the protocol, ASCII
     * @param id the use, 0 to 255
     * @return 32 bytes
     */
    public static Bytes namespace(String name, int id) {
        return hash(hash(Bytes.utf8(name)), Bytes.copyOf((byte) id));
    }

    static SecretBytes keyedSecret(SecretBytes key, String label) {
        return SecretBytes.wrap(digest(LENGTH, key.array(), Bytes.utf8(label)));
    }

    /** A digest of 1 to 64 bytes, of which {@code length} is a parameter and not a cut. */
    static byte[] digest(int length, byte @Nullable [] key, Bytes... parts) {
        Blake2bState state = new Blake2bState(length, key == null ? NO_KEY : key);
        for (Bytes part : parts) {
            state.update(part.toByteArray());
        }
        byte[] result = new byte[length];
        state.finish(result);
        return result;
    }
}
