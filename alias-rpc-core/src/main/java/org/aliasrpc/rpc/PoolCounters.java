package org.aliasrpc.rpc;

/**
 * What a {@link ConnectionPool} has done so far.
 *
 * @param connectionsAttempted attempts to connect
 * @param connectionsOpened attempts that led to an open channel
 * @param requestsSent calls that were sent
 * @param requestsAnswered calls that were answered with a value
 * @param eventsSent events that were sent
 * @param entries keys with a connection or calls, now
 */
public record PoolCounters(
        long connectionsAttempted,
        long connectionsOpened,
        long requestsSent,
        long requestsAnswered,
        long eventsSent,
        int entries) {}
