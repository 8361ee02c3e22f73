package org.aliasrpc.spring.registry;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which aliases Prometheus can find: a slash changes the path they are scraped at, a colon breaks the targets file, an
 * empty one is never matched (docs/protocol, alias-rpc.md §14).
 *
 * @param maxLength longest allowed, in characters
 * @param pattern what the whole alias must match; whatever it allows, colons, slashes and control characters are refused
 */
public record AliasRules(int maxLength, Pattern pattern) {
    /** The Node bridge does not scrape longer ones (alias-rpc.md §13). */
    public static final int MAX_LENGTH = 100;

    /** Letters, digits, dots, underscores and dashes: what needs no escaping in a path, a label or a shell. */
    public static final String PATTERN = "[A-Za-z0-9._-]+";

    /** What a service allows unless told otherwise. */
    public static final AliasRules DEFAULT = new AliasRules(MAX_LENGTH, Pattern.compile(PATTERN));

    /** What Prometheus can find at all: a client cannot know what its service allows. */
    public static final AliasRules FINDABLE = new AliasRules(MAX_LENGTH, Pattern.compile(".*", Pattern.DOTALL));

    public AliasRules {
        if (maxLength < 1) {
            throw new IllegalArgumentException("aliases of at most " + maxLength + " characters");
        }
    }

    /**
     * @param alias the name
     * @return what is wrong with it, if anything: a text without the alias itself
     */
    public Optional<String> violation(String alias) {
        if (alias.isEmpty()) {
            return Optional.of("an alias must not be empty");
        }
        if (alias.length() > maxLength) {
            return Optional.of("an alias has at most " + maxLength + " characters, this one has " + alias.length());
        }
        for (int i = 0; i < alias.length(); i++) { // part of each client's start: without a stream's classes
            char c = alias.charAt(i);
            if (c == ':' || c == '/' || Character.isISOControl(c)) {
                return Optional.of("an alias must not contain ':', '/' or control characters");
            }
        }
        if (!pattern.matcher(alias).matches()) {
            return Optional.of("an alias must match " + pattern);
        }
        return Optional.empty();
    }
}
