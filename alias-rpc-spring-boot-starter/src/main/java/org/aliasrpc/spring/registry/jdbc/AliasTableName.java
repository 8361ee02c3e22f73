package org.aliasrpc.spring.registry.jdbc;

import java.util.regex.Pattern;

/**
 * What the table's name begins with; may name a schema: {@code alias_rpc_}, {@code monitoring.alias_rpc_}. It becomes part
 * of statements, so it can be nothing but a name.
 *
 * @param prefix before {@code alias}
 */
public record AliasTableName(String prefix) {
    /** The name unless told otherwise, and in our scripts. */
    public static final String DEFAULT_PREFIX = "alias_rpc_";

    private static final Pattern ALLOWED =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_]{0,39}\\.)?[A-Za-z_][A-Za-z0-9_]{0,39}");

    /**
     * @throws IllegalArgumentException if it is no name
     */
    public AliasTableName {
        if (!ALLOWED.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "letters, digits and underscores, at most 40 of them, and optionally a schema and a dot before them");
        }
    }

    /** The table with the aliases. */
    public String table() {
        return prefix + "alias";
    }
}
