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

    private static final int CLOSER_NODES = 4;
    private static final int ERROR = 8;
    private static final int VALUE = 16;

    ResponseMessage {
        closerNodes = List.copyOf(closerNodes);
    }

    private void write(Writer out) {
        int more = (closerNodes.isEmpty() ? 0 : CLOSER_NODES)
                | (error == RpcError.NONE ? 0 : ERROR)
                | (value == null ? 0 : VALUE);
        MessageHead.write(out, FIRST_BYTE, more, tid, to, id, token);
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
        MessageHead head = MessageHead.read(in, FIRST_BYTE);
        List<PeerAddress> closerNodes = head.has(CLOSER_NODES) ? in.array(PeerAddress.IPV4_CODEC) : List.of();
        long error = head.has(ERROR) ? in.uint() : RpcError.NONE;
        Bytes value = head.has(VALUE) ? in.buffer() : null;
        return new ResponseMessage(head.tid(), head.to(), head.id(), head.token(), closerNodes, error, value);
    }
}
