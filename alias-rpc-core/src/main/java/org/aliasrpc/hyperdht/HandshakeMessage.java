package org.aliasrpc.hyperdht;

import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * The value of a PEER_HANDSHAKE request and of its reply.
 *
 * @param mode which leg of the way
 * @param noise Noise message 1 or 2, possibly empty
 * @param peerAddress the other end as seen by the node in between; null when there is none
 * @param relayAddress a node that shall forward it; null when there is none
 */
record HandshakeMessage(
        Mode mode,
        Bytes noise,
        @Nullable PeerAddress peerAddress,
        @Nullable PeerAddress relayAddress) {
    private static final int PEER_ADDRESS = 1;
    private static final int RELAY_ADDRESS = 2;

    /**
     * {@code uint flags (1 peerAddress, 2 relayAddress), uint mode, buffer noise, ipv4 peerAddress, ipv4 relayAddress};
     * unknown flags and trailing bytes are ignored (hyperdht.md §4.1).
     */
    static final Codec<HandshakeMessage> CODEC = new Codec<>() {
        @Override
        public void encode(Writer out, HandshakeMessage value) {
            out.uint((value.peerAddress != null ? PEER_ADDRESS : 0) | (value.relayAddress != null ? RELAY_ADDRESS : 0));
            out.uint(value.mode.code());
            out.buffer(value.noise);
            if (value.peerAddress != null) {
                PeerAddress.IPV4_CODEC.encode(out, value.peerAddress);
            }
            if (value.relayAddress != null) {
                PeerAddress.IPV4_CODEC.encode(out, value.relayAddress);
            }
        }

        @Override
        public HandshakeMessage decode(Reader in) throws DecodeException {
            long flags = in.uint();
            Mode mode = Mode.read(in);
            Bytes noise = in.buffer();
            PeerAddress peerAddress = (flags & PEER_ADDRESS) != 0 ? PeerAddress.IPV4_CODEC.decode(in) : null;
            PeerAddress relayAddress = (flags & RELAY_ADDRESS) != 0 ? PeerAddress.IPV4_CODEC.decode(in) : null;
            return new HandshakeMessage(mode, noise, peerAddress, relayAddress);
        }
    };

    /** A message without addresses. */
    static HandshakeMessage of(Mode mode, Bytes noise) {
        return new HandshakeMessage(mode, noise, null, null);
    }
}
