package org.aliasrpc.metrics;

/** Names and numbers of the metrics protocol (alias-rpc.md §8). */
final class MetricsProtocol {
    /** The protomux protocol, without a channel-id. */
    static final String NAME = "prometheus-metrics";

    /** The one RPC method. */
    static final String METHOD = "metrics";

    /** Version of requests. */
    static final long REQUEST_MAJOR = 1;

    /** Version of requests. */
    static final long REQUEST_MINOR = 1;

    /** Version of replies. */
    static final long REPLY_VERSION = 0;

    private MetricsProtocol() {}
}
