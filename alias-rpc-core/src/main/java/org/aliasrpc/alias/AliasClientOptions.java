package org.aliasrpc.alias;

import org.aliasrpc.rpc.PoolOptions;

/**
 * How an {@link AliasClient} works.
 *
 * @param lifeCycle when connections come and go
 * @param maxConcurrent registrations that are under way at a time; others wait
 * @param maxWaiting registrations that wait behind those; further ones fail
 */
public record AliasClientOptions(LifeCycle lifeCycle, int maxConcurrent, int maxWaiting) {
    /** When connections come and go. */
    public enum LifeCycle {
        /** One connection for all calls, made by the first and made again when needed; closed after a minute or two idle. */
        POOLED,
        /** One connection for each call, destroyed at its end, as clients 1.0.x do. */
        PER_CALL
    }

    /** One connection, 16 registrations at a time, as clients 2.x do. */
    public static final AliasClientOptions POOLED = new AliasClientOptions(
            LifeCycle.POOLED, PoolOptions.DEFAULT.maxConcurrent(), PoolOptions.DEFAULT.maxWaiting());

    /** A connection each, one at a time: a server of the reference keeps one connection of a key (alias-rpc.md §4.7). */
    public static final AliasClientOptions PER_CALL =
            new AliasClientOptions(LifeCycle.PER_CALL, 1, PoolOptions.DEFAULT.maxWaiting());
}
