package org.aliasrpc.metrics;

import org.aliasrpc.crypto.PublicKey;

/** What a {@link MetricsClient} tells its owner. */
public sealed interface MetricsClientEvent {
    /** A scrape ended. */
    record Finished(long callId, ScrapeOutcome outcome) implements MetricsClientEvent {}

    /** Connect to a process; then {@link MetricsClient#onConnected} or {@link MetricsClient#onConnectFailed}. */
    record ConnectRequested(long connectionId, PublicKey target) implements MetricsClientEvent {}

    /** Destroy this connection, or give the attempt up; what is still reported about it is ignored. */
    record DisconnectRequested(long connectionId) implements MetricsClientEvent {}
}
