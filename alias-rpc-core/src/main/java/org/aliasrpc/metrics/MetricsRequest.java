package org.aliasrpc.metrics;

/**
 * A request for metrics: nothing but its version.
 *
 * @param major changes when both sides no longer understand each other
 * @param minor grows when something is added
 */
record MetricsRequest(long major, long minor) {
    /** Of our own version. */
    static final MetricsRequest OWN = new MetricsRequest(MetricsProtocol.REQUEST_MAJOR, MetricsProtocol.REQUEST_MINOR);
}
