package org.aliasrpc.encoding;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** UTF-8 as the reference reads and writes it, where Java's own differs (encoding.md §4, text rules 3 and 4). */
final class Utf8 {
    private static final char REPLACEMENT = '\ufffd';

    private Utf8() {}

    /** Encodes; an unpaired surrogate becomes U+FFFD, not a question mark. */
    static byte[] encode(String text) {
        return (hasLoneSurrogate(text) ? replaceLoneSurrogates(text) : text).getBytes(StandardCharsets.UTF_8);
    }

    /** Decodes the whole buffer; malformed input becomes U+FFFD. */
    static String decode(ByteBuffer in) {
        byte[] content = new byte[in.remaining()];
        in.get(in.position(), content);
        return isAscii(content) ? new String(content, StandardCharsets.ISO_8859_1) : decode(content);
    }

    /** Nearly all texts are: they need no decoder. */
    private static boolean isAscii(byte[] content) {
        for (byte next : content) {
            if (next < 0) {
                return false;
            }
        }
        return true;
    }

    private static String decode(byte[] content) {
        ByteBuffer in = ByteBuffer.wrap(content);
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer out = CharBuffer.allocate(Math.max(in.remaining(), 1));
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            if (!result.isMalformed()) {
                break; // one byte never gives more than one char, so the output cannot overflow
            }
            int malformed = result.length();
            // An encoded surrogate gives one replacement a byte, every other malformed sequence one in all.
            int replacements = isEncodedSurrogate(in) ? malformed : 1;
            for (int i = 0; i < replacements; i++) {
                out.put(REPLACEMENT);
            }
            in.position(in.position() + malformed);
        }
        return out.flip().toString();
    }

    private static boolean isEncodedSurrogate(ByteBuffer in) {
        return in.remaining() >= 2
                && (in.get(in.position()) & 0xff) == 0xed
                && (in.get(in.position() + 1) & 0xff) >= 0xa0
                && (in.get(in.position() + 1) & 0xff) <= 0xbf;
    }

    private static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!isPair(text, i)) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    private static String replaceLoneSurrogates(String text) {
        StringBuilder out = new StringBuilder(text);
        for (int i = 0; i < out.length(); i++) {
            if (Character.isSurrogate(out.charAt(i))) {
                if (isPair(text, i)) {
                    i++;
                } else {
                    out.setCharAt(i, REPLACEMENT);
                }
            }
        }
        return out.toString();
    }

    private static boolean isPair(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
    }
}
