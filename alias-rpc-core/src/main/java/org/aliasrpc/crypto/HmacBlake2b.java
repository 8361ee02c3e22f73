package org.aliasrpc.crypto;

import java.util.Arrays;

/** HMAC (RFC 2104) over unkeyed BLAKE2b-512: what Noise wants, which is not BLAKE2b's own keyed mode (crypto.md §7.1). */
public final class HmacBlake2b {
    /** Length of a result in bytes. */
    public static final int LENGTH = 64;

    private static final int BLOCK = 128;
    private static final byte[] NO_KEY = {};

    private HmacBlake2b() {}

    /**
     * @param key of any length; above 128 bytes it is hashed first
     * @param parts in order, joined without separators
     * @return 64 bytes, to be wiped by the caller if they are a secret
     */
    public static byte[] mac(byte[] key, byte[]... parts) {
        byte[] block = new byte[BLOCK];
        if (key.length > BLOCK) {
            hash(block, key);
        } else {
            System.arraycopy(key, 0, block, 0, key.length);
        }
        byte[] inner = pad(block, 0x36);
        byte[] outer = pad(block, 0x5c);
        byte[][] all = new byte[parts.length + 1][];
        all[0] = inner;
        System.arraycopy(parts, 0, all, 1, parts.length);
        byte[] result = new byte[LENGTH];
        hash(result, all);
        hash(result, outer, result.clone());
        Arrays.fill(block, (byte) 0);
        Arrays.fill(inner, (byte) 0);
        Arrays.fill(outer, (byte) 0);
        return result;
    }

    private static byte[] pad(byte[] block, int with) {
        byte[] padded = new byte[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            padded[i] = (byte) (block[i] ^ with);
        }
        return padded;
    }

    private static void hash(byte[] out, byte[]... parts) {
        Blake2bState state = new Blake2bState(LENGTH, NO_KEY);
        for (byte[] part : parts) {
            state.update(part);
        }
        state.finish(out);
    }
}
