package org.aliasrpc.spring.registry;

/** What to do when somebody registers an alias that points to another key. */
public enum ConflictPolicy {
    /** The latest registration wins, as in the Node reference. */
    REPLACE,
    /** Only the remote key that registered it last may move it, until it expires. */
    SAME_KEY,
    /** Nobody may move it until it expires. */
    REJECT
}
