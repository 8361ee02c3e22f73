package org.aliasrpc.dht;

/**
 * Counters of a node since its start (dht-rpc.md §12.4).
 *
 * @param activeQueries running now
 * @param queries started
 * @param activeRequests outstanding now, with those that wait for the congestion window
 * @param requests made
 * @param responses matched to a request
 * @param timeouts requests given up unanswered
 * @param retries datagrams repeated
 * @param ping requests of this command sent and answered
 * @param pingNat likewise
 * @param findNode likewise
 * @param downHint likewise
 * @param delayedPing likewise
 */
public record RpcStats(
        int activeQueries,
        long queries,
        int activeRequests,
        long requests,
        long responses,
        long timeouts,
        long retries,
        Command ping,
        Command pingNat,
        Command findNode,
        Command downHint,
        Command delayedPing) {
    /**
     * @param sent requests of ours, repetitions not counted
     * @param answered those of them that were answered
     */
    public record Command(long sent, long answered) {}
}
