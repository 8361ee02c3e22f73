package org.aliasrpc.crypto;

import java.util.HexFormat;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.encoding.Z32;

/**
 * An Ed25519 public key: the name of a peer.
 *
 * <p>Any 32 bytes are accepted here; whether they are a usable point shows when they are used ({@link DhPublicKey#of},
 * {@link Signatures#verify}).
 *
 * @param bytes 32 bytes, the encoded point (RFC 8032)
 */
public record PublicKey(Bytes bytes) implements Comparable<PublicKey> {
    /** Length in bytes. */
    public static final int LENGTH = 32;

    /** {@code fixed32}: the key alone. */
    public static final Codec<PublicKey> CODEC = new Codec<>() {
        @Override
        public void encode(Writer out, PublicKey value) {
            out.fixed(value.bytes);
        }

        @Override
        public PublicKey decode(Reader in) throws DecodeException {
            return new PublicKey(in.fixed(LENGTH));
        }
    };

    private static final String SCHEME = "pear://";
    private static final int Z32_LENGTH = 52;
    private static final int HEX_LENGTH = 64;

    public PublicKey {
        if (bytes.length() != LENGTH) {
            throw new IllegalArgumentException("Key must be 32-bytes long");
        }
    }

    /**
     * @param key 32 bytes, copied
     * @throws IllegalArgumentException if there are more or fewer
     */
    public static PublicKey of(byte[] key) {
        return new PublicKey(Bytes.copyOf(key));
    }

    /**
     * @param key 32 bytes
     * @throws IllegalArgumentException if there are more or fewer
     */
    public static PublicKey of(Bytes key) {
        return new PublicKey(key);
    }

    /**
     * Reads a key as people write it: 52 characters of z-base-32, 64 hexadecimal digits of either case, or one of them
     * behind {@code pear://} with any path behind it (encoding.md §8.3). White space is not trimmed.
     *
     * @param text the key
     * @return the key; several texts may give the same one
     * @throws IllegalArgumentException if text has none of these forms
     */
    public static PublicKey parse(String text) {
        String id = text;
        if (id.startsWith(SCHEME)) {
            id = id.substring(SCHEME.length());
            int path = id.indexOf('/');
            id = path < 0 ? id : id.substring(0, path);
        }
        try {
            return switch (id.length()) {
                case Z32_LENGTH -> new PublicKey(Z32.decode(id));
                case HEX_LENGTH -> new PublicKey(Bytes.wrap(HexFormat.of().parseHex(id)));
                default -> throw new IllegalArgumentException("Invalid Hypercore key");
            };
        } catch (DecodeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Invalid Hypercore key", e);
        }
    }

    /** The target under which the DHT keeps what belongs to this key: its BLAKE2b-256 hash (crypto.md §3). */
    public Bytes target() {
        return Blake2b.hash(bytes);
    }

    /** By unsigned bytes. */
    @Override
    public int compareTo(PublicKey other) {
        return bytes.compareTo(other.bytes);
    }

    /** The key in z-base-32, 52 characters. */
    @Override
    public String toString() {
        return Z32.encode(bytes);
    }
}
