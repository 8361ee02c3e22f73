package org.aliasrpc.hyperdht;

import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;
import org.jspecify.annotations.Nullable;

/**
 * The value of ANNOUNCE and of UNANNOUNCE.
 *
 * @param peer the record to store or to delete; null in a refresh
 * @param refresh 32 bytes: the next link of a hash chain, by which a record can be refreshed without signing; or null
 * @param signature 64 bytes over {@link AnnounceSignature#signable}; null in a refresh
 * @param bump milliseconds since 1970, or 0 for none; not signed
 */
record AnnounceMessage(
        @Nullable PeerRecord peer,
        @Nullable Bytes refresh,
        @Nullable Bytes signature,
        long bump) {
    private static final int PEER = 1;
    private static final int REFRESH = 2;
    private static final int SIGNATURE = 4;
    private static final int BUMP = 8;
    private static final int REFRESH_BYTES = 32;
    private static final int SIGNATURE_BYTES = 64;

    /**
     * {@code uint flags (1 peer, 2 refresh, 4 signature, 8 bump), record peer, fixed32 refresh, fixed64 signature, uint
     * bump}, each where its flag is set; unknown flags and trailing bytes are ignored (hyperdht.md §4.6).
     */
    static final Codec<AnnounceMessage> CODEC = new Codec<>() {
        @Override
        public void encode(Writer out, AnnounceMessage value) {
            out.uint((value.peer != null ? PEER : 0)
                    | (value.refresh != null ? REFRESH : 0)
                    | (value.signature != null ? SIGNATURE : 0)
                    | (value.bump != 0 ? BUMP : 0));
            if (value.peer != null) {
                PeerRecord.CODEC.encode(out, value.peer);
            }
            if (value.refresh != null) {
                out.fixed(value.refresh, REFRESH_BYTES);
            }
            if (value.signature != null) {
                out.fixed(value.signature, SIGNATURE_BYTES);
            }
            if (value.bump != 0) {
                out.uint(value.bump);
            }
        }

        @Override
        public AnnounceMessage decode(Reader in) throws DecodeException {
            long flags = in.uint();
            return new AnnounceMessage(
                    (flags & PEER) != 0 ? PeerRecord.CODEC.decode(in) : null,
                    (flags & REFRESH) != 0 ? in.fixed(REFRESH_BYTES) : null,
                    (flags & SIGNATURE) != 0 ? in.fixed(SIGNATURE_BYTES) : null,
                    (flags & BUMP) != 0 ? in.uint() : 0);
        }
    };
}
