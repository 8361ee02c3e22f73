package org.aliasrpc.spring.registration;

/** Makes texts that came from the network fit for a line of a log. */
public final class Printable {
    private static final int MAX_LENGTH = 500;

    private Printable() {}

    /**
     * @param text any text
     * @return the text with control characters, line breaks and the like as escapes, cut at 500 characters
     */
    public static String of(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().limit(MAX_LENGTH).forEach(c -> {
            if (plain(c)) {
                out.appendCodePoint(c);
            } else {
                out.append(String.format("\\u{%x}", c));
            }
        });
        return out.append(text.length() > MAX_LENGTH ? "…" : "").toString();
    }

    private static boolean plain(int c) {
        return switch (Character.getType(c)) {
            // Format characters may turn the reading direction around.
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
