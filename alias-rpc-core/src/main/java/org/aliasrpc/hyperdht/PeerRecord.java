package org.aliasrpc.hyperdht;

import java.util.List;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.net.PeerAddress;

/**
 * What the DHT stores about a peer. It is not signed towards those who ask: only the handshake proves the identity.
 *
 * @param publicKey the peer's key
 * @param relayAddresses nodes of the DHT that can reach the peer
 */
public record PeerRecord(PublicKey publicKey, List<PeerAddress> relayAddresses) {
    /** {@code fixed32 publicKey, array(ipv4) relayAddresses} (hyperdht.md §4.5). */
    static final Codec<PeerRecord> CODEC = new Codec<>() {
        @Override
        public void encode(Writer out, PeerRecord value) {
            out.fixed(value.publicKey.bytes());
            out.array(PeerAddress.IPV4_CODEC, value.relayAddresses);
        }

        @Override
        public PeerRecord decode(Reader in) throws DecodeException {
            return new PeerRecord(PublicKey.of(in.fixed(32)), in.array(PeerAddress.IPV4_CODEC));
        }
    };

    public PeerRecord {
        relayAddresses = List.copyOf(relayAddresses);
    }

    /** A record that names no relays, as a server announces itself. */
    static PeerRecord of(PublicKey publicKey) {
        return new PeerRecord(publicKey, List.of());
    }
}
