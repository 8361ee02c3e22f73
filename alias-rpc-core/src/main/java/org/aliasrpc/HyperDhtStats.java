package org.aliasrpc;

/**
 * Counters of one node since its start, and its present size.
 *
 * @param packetsReceived datagrams
 * @param packetsSent datagrams
 * @param bytesReceived UDP payload
 * @param bytesSent UDP payload
 * @param queries iterative queries started
 * @param requestsTimedOut DHT requests that nobody answered
 * @param nodes entries of the routing table
 * @param connections open now
 * @param pendingTasks what waits for a turn of the event loop; a number that stays high means that the node is overloaded
 */
public record HyperDhtStats(
        long packetsReceived,
        long packetsSent,
        long bytesReceived,
        long bytesSent,
        long queries,
        long requestsTimedOut,
        int nodes,
        int connections,
        int pendingTasks) {}
