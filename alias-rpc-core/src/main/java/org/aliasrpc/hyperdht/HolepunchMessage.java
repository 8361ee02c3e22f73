package org.aliasrpc.hyperdht;

import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * The value of a PEER_HOLEPUNCH request and of its reply.
 *
 * @param mode which leg of the way
 * @param id the server's slot of the handshake, from its noise payload
 * @param payload an encrypted {@link HolepunchPayload}
 * @param peerAddress whom to forward it to, or the other end as seen by the node in between; null when there is none
 */
record HolepunchMessage(
        Mode mode, long id, Bytes payload, @Nullable PeerAddress peerAddress) {
    private static final int PEER_ADDRESS = 1;

    /**
     * {@code uint flags (1 peerAddress), uint mode, uint id, buffer payload, ipv4 peerAddress}; unknown flags and
     * trailing bytes are ignored (hyperdht.md §4.3).
     */
    static final Codec<HolepunchMessage> CODEC = new Codec<>() {
        @Override
        public void encode(Writer out, HolepunchMessage value) {
            out.uint(value.peerAddress != null ? PEER_ADDRESS : 0);
            out.uint(value.mode.code());
            out.uint(value.id);
            out.buffer(value.payload);
            if (value.peerAddress != null) {
                PeerAddress.IPV4_CODEC.encode(out, value.peerAddress);
            }
        }

        @Override
        public HolepunchMessage decode(Reader in) throws DecodeException {
            long flags = in.uint();
            Mode mode = Mode.read(in);
            long id = in.uint();
            Bytes payload = in.buffer();
            return new HolepunchMessage(
                    mode, id, payload, (flags & PEER_ADDRESS) != 0 ? PeerAddress.IPV4_CODEC.decode(in) : null);
        }
    };
}
