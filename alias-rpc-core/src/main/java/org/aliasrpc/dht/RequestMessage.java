package org.aliasrpc.dht;

import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * A request as it travels.
 *
 * @param tid 0 to 65535
 * @param to where the sender sends this datagram
 * @param id the sender's claim, not yet compared with its address
 * @param token null if absent
 * @param internal whether the command is one of {@link InternalCommand}
 * @param command its number
 * @param target null if absent
 * @param value null if absent, which is told apart from empty
 */
record RequestMessage(
        int tid,
        PeerAddress to,
        @Nullable NodeId id,
        @Nullable Bytes token,
        boolean internal,
        long command,
        @Nullable NodeId target,
        @Nullable Bytes value) {
    /**
     * {@code uint8 0x03, uint8 flags, uint16 tid, ipv4Address to, [fixed32 id], [fixed32 token], uint command, [fixed32
     * target], [buffer value]}. Unknown flag bits and bytes behind the last field are ignored (dht-rpc.md §2.2).
     */
    static final Codec<RequestMessage> CODEC = new Codec<>() {
        @Override
        public void encode(Writer out, RequestMessage value) {
            value.write(out);
        }

        @Override
        public RequestMessage decode(Reader in) throws DecodeException {
            return read(in);
        }
    };

    /** Version 3, type request; compared as a whole (dht-rpc.md §2.1). */
    static final int FIRST_BYTE = 0x03;

    private static final int ID = 1;
    private static final int TOKEN = 2;
    private static final int INTERNAL = 4;
    private static final int TARGET = 8;
    private static final int VALUE = 16;

    private void write(Writer out) {
        int flags = (id == null ? 0 : ID)
                | (token == null ? 0 : TOKEN)
                | (internal ? INTERNAL : 0)
                | (target == null ? 0 : TARGET)
                | (value == null ? 0 : VALUE);
        out.uint8(FIRST_BYTE).uint8(flags).uint16(tid);
        PeerAddress.IPV4_CODEC.encode(out, to);
        if (id != null) {
            out.fixed(id.bytes());
        }
        if (token != null) {
            out.fixed(token, RoundTripTokens.LENGTH);
        }
        out.uint(command);
        if (target != null) {
            out.fixed(target.bytes());
        }
        if (value != null) {
            out.buffer(value);
        }
    }

    private static RequestMessage read(Reader in) throws DecodeException {
        if (in.uint8() != FIRST_BYTE) {
            throw new DecodeException("not a request of version 3");
        }
        long flags = in.uint();
        int tid = in.uint16();
        PeerAddress to = PeerAddress.IPV4_CODEC.decode(in);
        NodeId id = (flags & ID) == 0 ? null : new NodeId(in.fixed(NodeId.LENGTH));
        Bytes token = (flags & TOKEN) == 0 ? null : in.fixed(RoundTripTokens.LENGTH);
        long command = in.uint();
        NodeId target = (flags & TARGET) == 0 ? null : new NodeId(in.fixed(NodeId.LENGTH));
        Bytes value = (flags & VALUE) == 0 ? null : in.buffer();
        return new RequestMessage(tid, to, id, token, (flags & INTERNAL) != 0, command, target, value);
    }
}
