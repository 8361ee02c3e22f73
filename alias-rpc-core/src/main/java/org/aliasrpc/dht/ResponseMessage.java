package org.aliasrpc.dht;

import java.util.List;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * An answer as it travels.
 *
 * @param tid of the request
 * @param to where the answering node sends this datagram
 * @param id the answering node's claim, not yet compared with its address
 * @param token null if absent
 * @param closerNodes empty if absent
 * @param error 0 if absent
 * @param value null if absent, which is told apart from empty
 */
record ResponseMessage(
        int tid,
        PeerAddress to,
        @Nullable NodeId id,
        @Nullable Bytes token,
        List<PeerAddress> closerNodes,
        long error,
        @Nullable Bytes value) {
    /**
     * {@code uint8 0x13, uint8 flags, uint16 tid, ipv4Address to, [fixed32 id], [fixed32 token], [array(ipv4Address)
     * closerNodes], [uint error], [buffer value]}. Unknown flag bits and bytes behind the last field are ignored. The
     * flags 0x04 and 0x08 mean other things than in a request (dht-rpc.md §2.3).
     */
    static final Codec<ResponseMessage> CODEC = new Codec<>() {
        @Override
        public void encode(Writer out, ResponseMessage value) {
            value.write(out);
        }

        @Override
        public ResponseMessage decode(Reader in) throws DecodeException {
            return read(in);
        }
    };

    /** Version 3, type response; compared as a whole (dht-rpc.md §2.1). */
    static final int FIRST_BYTE = 0x13;

    private static final int ID = 1;
    private static final int TOKEN = 2;
    private static final int CLOSER_NODES = 4;
    private static final int ERROR = 8;
    private static final int VALUE = 16;

    ResponseMessage {
        closerNodes = List.copyOf(closerNodes);
    }

    private void write(Writer out) {
        int flags = (id == null ? 0 : ID)
                | (token == null ? 0 : TOKEN)
                | (closerNodes.isEmpty() ? 0 : CLOSER_NODES)
                | (error == RpcError.NONE ? 0 : ERROR)
                | (value == null ? 0 : VALUE);
        out.uint8(FIRST_BYTE).uint8(flags).uint16(tid);
        PeerAddress.IPV4_CODEC.encode(out, to);
        if (id != null) {
            out.fixed(id.bytes());
        }
        if (token != null) {
            out.fixed(token, RoundTripTokens.LENGTH);
        }
        if (!closerNodes.isEmpty()) {
            out.array(PeerAddress.IPV4_CODEC, closerNodes);
        }
        if (error != RpcError.NONE) {
            out.uint(error);
        }
        if (value != null) {
            out.buffer(value);
        }
    }

    private static ResponseMessage read(Reader in) throws DecodeException {
        if (in.uint8() != FIRST_BYTE) {
            throw new DecodeException("not a response of version 3");
        }
        long flags = in.uint();
        int tid = in.uint16();
        PeerAddress to = PeerAddress.IPV4_CODEC.decode(in);
        NodeId id = (flags & ID) == 0 ? null : new NodeId(in.fixed(NodeId.LENGTH));
        Bytes token = (flags & TOKEN) == 0 ? null : in.fixed(RoundTripTokens.LENGTH);
        List<PeerAddress> closerNodes = (flags & CLOSER_NODES) == 0 ? List.of() : in.array(PeerAddress.IPV4_CODEC);
        long error = (flags & ERROR) == 0 ? RpcError.NONE : in.uint();
        Bytes value = (flags & VALUE) == 0 ? null : in.buffer();
        return new ResponseMessage(tid, to, id, token, closerNodes, error, value);
    }
}
