package org.aliasrpc.dht;

import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * What requests and responses begin with: {@code uint8 first, uint8 flags, uint16 tid, ipv4Address to, [fixed32 id], [fixed32
 * token]} (dht-rpc.md §2.2, §2.3).
 *
 * @param flags what follows, with the bits for id and token
 * @param tid of the request
 * @param to the receiver as the sender sees it
 * @param id of the sender, null if absent
 * @param token null if absent
 */
record MessageHead(
        long flags,
        int tid,
        PeerAddress to,
        @Nullable NodeId id,
        @Nullable Bytes token) {
    private static final int ID = 1;
    private static final int TOKEN = 2;

    /**
     * @param more flags of what follows the head
     */
    static void write(
            Writer out, int first, int more, int tid, PeerAddress to, @Nullable NodeId id, @Nullable Bytes token) {
        out.uint8(first)
                .uint8((id == null ? 0 : ID) | (token == null ? 0 : TOKEN) | more)
                .uint16(tid);
        PeerAddress.IPV4_CODEC.encode(out, to);
        if (id != null) {
            out.fixed(id.bytes());
        }
        if (token != null) {
            out.fixed(token, RoundTripTokens.LENGTH);
        }
    }

    /** Fails on any other first byte. */
    static MessageHead read(Reader in, int first) throws DecodeException {
        int actual = in.uint8();
        if (actual != first) {
            throw new DecodeException("a message of type " + actual + ", not " + first);
        }
        long flags = in.uint();
        int tid = in.uint16();
        PeerAddress to = PeerAddress.IPV4_CODEC.decode(in);
        NodeId id = (flags & ID) == 0 ? null : new NodeId(in.fixed(NodeId.LENGTH));
        Bytes token = (flags & TOKEN) == 0 ? null : in.fixed(RoundTripTokens.LENGTH);
        return new MessageHead(flags, tid, to, id, token);
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
