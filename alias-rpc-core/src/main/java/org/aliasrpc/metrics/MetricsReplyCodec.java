package org.aliasrpc.metrics;

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
            out.bool(true).utf8(collected.metrics());
        } else if (reply instanceof MetricsReply.Refused refused) {
            out.bool(false).utf8(refused.reason());
        }
    }

    @Override
    public MetricsReply decode(Reader in) throws DecodeException {
        long version = in.uint();
        if (version > MetricsProtocol.REPLY_VERSION) {
            throw new DecodeException("Cannot decode MetricsReply of future version " + version + " (own version: "
                    + MetricsProtocol.REPLY_VERSION + ")");
        }
        return in.bool() ? new MetricsReply.Collected(in.utf8()) : new MetricsReply.Refused(in.utf8());
    }
}
