package org.aliasrpc.hyperdht;

import java.util.List;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;

/**
 * A node's answer to LOOKUP.
 *
 * @param peers announced on the topic
 * @param bump milliseconds since 1970, the highest value that announcers gave; 0 when there is none
 */
record LookupReply(List<PeerRecord> peers, long bump) {
    /** {@code array(record) peers, uint bump}; older nodes leave the bump out (hyperdht.md §4.7). */
    static final Codec<LookupReply> CODEC = new Codec<>() {
        @Override
        public void encode(Writer out, LookupReply value) {
            out.array(PeerRecord.CODEC, value.peers).uint(value.bump);
        }

        @Override
        public LookupReply decode(Reader in) throws DecodeException {
            List<PeerRecord> peers = in.array(PeerRecord.CODEC);
            return new LookupReply(peers, in.hasRemaining() ? in.uint() : 0);
        }
    };

    LookupReply {
        peers = List.copyOf(peers);
    }
}
