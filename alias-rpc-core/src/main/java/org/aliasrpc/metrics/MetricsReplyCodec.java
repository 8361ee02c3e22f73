package org.aliasrpc.metrics;

import java.nio.ByteBuffer;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;

/**
 * {@code uint version (0), bool success}, then {@code string metrics} on success, else {@code string reason}. A higher
 * version is refused before the rest is read. Source: alias-rpc.md §8.
 */
enum MetricsReplyCodec implements Codec<MetricsReply> {
    INSTANCE;

    @Override
    public void encode(Writer out, MetricsReply reply) {
        out.uint(MetricsProtocol.REPLY_VERSION);
        if (reply instanceof MetricsReply.Collected collected) {
            ByteBuffer metrics = collected.metrics();
            out.bool(true).uint(metrics.remaining()).fixed(Bytes.copyOf(metrics));
        } else if (reply instanceof MetricsReply.Refused refused) {
            out.bool(false).utf8(refused.reason());
        }
    }

    /** Metrics are long: they are copied once. */
    @Override
    public Bytes encode(MetricsReply reply) {
        if (reply instanceof MetricsReply.Collected collected) {
            ByteBuffer metrics = collected.metrics();
            Bytes head = new Writer()
                    .uint(MetricsProtocol.REPLY_VERSION)
                    .bool(true)
                    .uint(metrics.remaining())
                    .toBytes();
            byte[] encoded = new byte[head.length() + metrics.remaining()];
            head.copyTo(encoded, 0);
            metrics.get(metrics.position(), encoded, head.length(), metrics.remaining());
            return Bytes.wrap(encoded);
        }
        return Codec.super.encode(reply);
    }

    /** The metrics are a view of what is read. */
    @Override
    public MetricsReply decode(Reader in) throws DecodeException {
        long version = in.uint();
        if (version > MetricsProtocol.REPLY_VERSION) {
            throw new DecodeException("Cannot decode MetricsReply of future version " + version + " (own version: "
                    + MetricsProtocol.REPLY_VERSION + ")");
        }
        if (!in.bool()) {
            return new MetricsReply.Refused(in.utf8());
        }
        long length = in.uint();
        if (length > in.remaining()) {
            throw DecodeException.outOfBounds();
        }
        return new MetricsReply.Collected(in.view((int) length));
    }
}
