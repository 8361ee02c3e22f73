package org.aliasrpc.metrics;

import java.nio.ByteBuffer;

/** What a metrics process answers. */
sealed interface MetricsReply {
    /**
     * @param metrics UTF-8 in the text format of Prometheus, read-only. Bytes from end to end: nobody on the way looks
     *     into them, and they are long
     */
    record Collected(ByteBuffer metrics) implements MetricsReply {
        public Collected {
            metrics = metrics.asReadOnlyBuffer();
        }

        /** The length: metrics are long. */
        @Override
        public String toString() {
            return "Collected[" + metrics.remaining() + " bytes]";
        }
    }

    /**
     * @param reason for people; the peer chose it
     */
    record Refused(String reason) implements MetricsReply {}
}
