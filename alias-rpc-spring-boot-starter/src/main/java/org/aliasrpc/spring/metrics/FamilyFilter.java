package org.aliasrpc.spring.metrics;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Chooses metric families by name, by expressions that have to match the whole name. A family goes through if an including
 * expression matches, or there is none, and no excluding one does.
 */
public final class FamilyFilter {
    /** Lets everything through. */
    public static final FamilyFilter NONE = new FamilyFilter(List.of(), List.of());

    private final List<Predicate<String>> include;
    private final List<Predicate<String>> exclude;

    /**
     * @param include of which one has to match, unless there is none
     * @param exclude of which none may match
     */
    public FamilyFilter(List<Pattern> include, List<Pattern> exclude) {
        this.include = include.stream().map(Pattern::asMatchPredicate).toList();
        this.exclude = exclude.stream().map(Pattern::asMatchPredicate).toList();
    }

    /** Whether there is any expression. */
    public boolean isActive() {
        return !include.isEmpty() || !exclude.isEmpty();
    }

    /**
     * @param names of one family: as the text shows it, and without the suffix of its kind
     */
    public boolean admits(List<String> names) {
        return (include.isEmpty() || matches(include, names)) && !matches(exclude, names);
    }

    private static boolean matches(List<Predicate<String>> expressions, List<String> names) {
        return expressions.stream().anyMatch(expression -> names.stream().anyMatch(expression));
    }
}
