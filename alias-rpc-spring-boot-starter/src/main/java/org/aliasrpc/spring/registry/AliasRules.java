package org.aliasrpc.spring.registry;

import java.util.Optional;

/**
 * Which aliases Prometheus can find: a slash changes the path they are scraped at, a colon breaks the targets file, an
 * empty one is never matched (docs/protocol, alias-rpc.md §14).
 */
public final class AliasRules {
    /** The Node bridge does not scrape longer ones (alias-rpc.md §13). */
    public static final int MAX_LENGTH = 100;

    private AliasRules() {}

    /**
     * @param alias the name
     * @param maxLength longest allowed, in characters
     * @return what is wrong with it, if anything: a text without the alias itself
     */
    public static Optional<String> violation(String alias, int maxLength) {
        if (alias.isEmpty()) {
            return Optional.of("an alias must not be empty");
        }
        if (alias.length() > maxLength) {
            return Optional.of("an alias has at most " + maxLength + " characters, this one has " + alias.length());
        }
        if (alias.codePoints().anyMatch(c -> c == ':' || c == '/' || Character.isISOControl(c))) {
            return Optional.of("an alias must not contain ':', '/' or control characters");
        }
        return Optional.empty();
    }
}
