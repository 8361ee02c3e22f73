package org.aliasrpc.metrics;

import java.nio.ByteBuffer;
import org.aliasrpc.encoding.Bytes;

/** Metrics, encoded as a reply. Made where they were collected, off the event loop: they are long. */
public final class CollectedMetrics {
    private final Bytes reply;
    private final int textBytes;

    private CollectedMetrics(Bytes reply, int textBytes) {
        this.reply = reply;
        this.textBytes = textBytes;
    }

    /**
     * @param metrics UTF-8 in the text format of Prometheus, from position to limit; copied
     */
    public static CollectedMetrics of(ByteBuffer metrics) {
        return new CollectedMetrics(
                MetricsReplyCodec.INSTANCE.encode(new MetricsReply.Collected(metrics)), metrics.remaining());
    }

    /** The encoded reply. */
    Bytes reply() {
        return reply;
    }

    /** Length of the text. */
    int textBytes() {
        return textBytes;
    }
}
