package org.aliasrpc.metrics;

/** What a metrics process answers. */
sealed interface MetricsReply {
    /**
     * @param metrics in the text format of Prometheus
     */
    record Collected(String metrics) implements MetricsReply {
        /** The length: metrics are long. */
        @Override
        public String toString() {
            return "Collected[" + metrics.length() + " characters]";
        }
    }

    /**
     * @param reason for people; the peer chose it
     */
    record Refused(String reason) implements MetricsReply {}
}
