package org.aliasrpc.encoding;

import java.util.Arrays;

/** z-base-32: five bits a character, most significant first, no padding characters (encoding.md §8.1). */
public final class Z32 {
    private static final String ALPHABET = "ybndrfg8ejkmcpqxot1uwisza345h769";
    private static final byte[] VALUES = new byte[128];

    static {
        Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < ALPHABET.length(); i++) {
            VALUES[ALPHABET.charAt(i)] = (byte) i;
        }
    }

    private Z32() {}

    /**
     * @param content any bytes
     * @return {@code ceil(8 n / 5)} characters
     */
    public static String encode(Bytes content) {
        StringBuilder text = new StringBuilder((content.length() * 8 + 4) / 5);
        int pending = 0;
        int bits = 0;
        for (byte next : content.array()) {
            pending = (pending << 8 | (next & 0xff)) & 0xfff;
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(ALPHABET.charAt(pending >>> bits & 31));
            }
        }
        if (bits > 0) {
            text.append(ALPHABET.charAt(pending << (5 - bits) & 31));
        }
        return text.toString();
    }

    /**
     * Unused low bits of the last character are ignored, so several texts may give the same bytes.
     *
     * @param text lower case
     * @return {@code floor(5 n / 8)} bytes
     * @throws DecodeException names the first character outside the alphabet and its place, not the text
     */
    public static Bytes decode(String text) throws DecodeException {
        byte[] content = new byte[text.length() * 5 / 8];
        int pending = 0;
        int bits = 0;
        int at = 0;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            int value = character < VALUES.length ? VALUES[character] : -1;
            if (value < 0) {
                throw new DecodeException("Invalid character in base32 input: \"" + character + "\" at position " + i);
            }
            pending = (pending << 5 | value) & 0xfff;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                content[at++] = (byte) (pending >>> bits);
            }
        }
        return Bytes.wrap(content);
    }
}
