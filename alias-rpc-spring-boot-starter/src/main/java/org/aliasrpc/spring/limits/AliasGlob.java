package org.aliasrpc.spring.limits;

import java.util.regex.Pattern;

/** A pattern for aliases: {@code *} stands for any characters, also for none; everything else for itself. */
public final class AliasGlob {
    /** Longest pattern, in characters. */
    private static final int MAX_LENGTH = 200;

    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._*-]{1," + MAX_LENGTH + "}");

    /** No alias is longer; texts from the network may be, and matching takes time in proportion to both lengths. */
    private static final int MAX_ALIAS_LENGTH = 1000;

    private final String glob;

    private AliasGlob(String glob) {
        this.glob = glob;
    }

    /**
     * @param glob such as {@code team-a-*}
     * @throws IllegalArgumentException if it has other characters than letters and digits of ASCII, dot, underscore, hyphen
     *     and asterisk
     */
    public static AliasGlob of(String glob) {
        if (!ALLOWED.matcher(glob).matches()) {
            throw new IllegalArgumentException("A pattern for aliases has 1 to " + MAX_LENGTH
                    + " characters of A-Z, a-z, 0-9, dot, underscore and hyphen; * stands for any of them.");
        }
        return new AliasGlob(glob);
    }

    /** Whether the whole alias matches. */
    public boolean matches(String alias) {
        if (alias.length() > MAX_ALIAS_LENGTH) {
            return false;
        }
        int inGlob = 0;
        int inAlias = 0;
        int star = -1;
        int afterStar = 0;
        while (inAlias < alias.length()) {
            if (inGlob < glob.length() && glob.charAt(inGlob) == '*') {
                star = inGlob++;
                afterStar = inAlias;
            } else if (inGlob < glob.length() && glob.charAt(inGlob) == alias.charAt(inAlias)) {
                inGlob++;
                inAlias++;
            } else if (star >= 0) { // the last star takes one more; what stars before it took need not change
                inGlob = star + 1;
                inAlias = ++afterStar;
            } else {
                return false;
            }
        }
        while (inGlob < glob.length() && glob.charAt(inGlob) == '*') {
            inGlob++;
        }
        return inGlob == glob.length();
    }

    @Override
    public String toString() {
        return glob;
    }
}
