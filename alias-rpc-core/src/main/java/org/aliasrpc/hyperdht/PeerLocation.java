package org.aliasrpc.hyperdht;

import java.util.List;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.net.PeerAddress;

/**
 * A public key together with nodes of the DHT that may know its owner.
 *
 * @param publicKey the peer
 * @param nodes where to try first, possibly none
 */
public record PeerLocation(PublicKey publicKey, List<PeerAddress> nodes) {
    private static final int NODES = 1;

    /** {@code fixed32 publicKey, uint flags (1 nodes), array(ipv4) nodes}; the flags may be missing (hyperdht.md §4.10). */
    public static final Codec<PeerLocation> CODEC = new Codec<>() {
        @Override
        public void encode(Writer out, PeerLocation value) {
            out.fixed(value.publicKey.bytes()).uint(value.nodes.isEmpty() ? 0 : NODES);
            if (!value.nodes.isEmpty()) {
                out.array(PeerAddress.IPV4_CODEC, value.nodes);
            }
        }

        @Override
        public PeerLocation decode(Reader in) throws DecodeException {
            PublicKey publicKey = PublicKey.of(in.fixed(32));
            long flags = in.hasRemaining() ? in.uint() : 0;
            return new PeerLocation(publicKey, (flags & NODES) != 0 ? in.array(PeerAddress.IPV4_CODEC) : List.of());
        }
    };

    public PeerLocation {
        nodes = List.copyOf(nodes);
    }
}
