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

    private static final int INTERNAL = 4;
    private static final int TARGET = 8;
    private static final int VALUE = 16;

    private void write(Writer out) {
        int more = (internal ? INTERNAL : 0) | (target == null ? 0 : TARGET) | (value == null ? 0 : VALUE);
        MessageHead.write(out, FIRST_BYTE, more, tid, to, id, token);
        out.uint(command);
        if (target != null) {
            out.fixed(target.bytes());
        }
        if (value != null) {
            out.buffer(value);
        }
    }

    private static RequestMessage read(Reader in) throws DecodeException {
        MessageHead head = MessageHead.read(in, FIRST_BYTE);
        long command = in.uint();
        NodeId target = head.has(TARGET) ? new NodeId(in.fixed(NodeId.LENGTH)) : null;
        Bytes value = head.has(VALUE) ? in.buffer() : null;
        return new RequestMessage(
                head.tid(), head.to(), head.id(), head.token(), head.has(INTERNAL), command, target, value);
    }
}
