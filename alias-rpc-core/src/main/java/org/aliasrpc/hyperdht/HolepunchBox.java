package org.aliasrpc.hyperdht;

import java.util.random.RandomGenerator;
import org.aliasrpc.crypto.Blake2b;
import org.aliasrpc.crypto.SecretBox;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.net.PeerAddress;

/**
 * Encrypts the rounds of hole punching between the ends of a handshake: {@code nonce (24 bytes) || secretbox(payload)}.
 *
 * <p>Source: docs/protocol/hyperdht.md §3, §4.4, §9.1.
 */
final class HolepunchBox {
    private HolepunchBox() {}

    /**
     * The key of both directions.
     *
     * @param handshakeHash 64 bytes
     */
    static SecretBytes secret(Bytes handshakeHash) {
        return Blake2b.keyedSecret(handshakeHash, Namespaces.PEER_HOLEPUNCH);
    }

    static Bytes seal(SecretBytes secret, HolepunchPayload payload, RandomGenerator random) {
        byte[] nonce = new byte[SecretBox.NONCE_LENGTH];
        random.nextBytes(nonce);
        return seal(secret, Bytes.wrap(nonce), HolepunchPayload.CODEC.encode(payload));
    }

    static Bytes seal(SecretBytes secret, Bytes nonce, Bytes payload) {
        return Bytes.concat(nonce, SecretBox.seal(secret, nonce, payload));
    }

    /**
     * @throws DecodeException if it is too short, was not sealed with this key, or holds no payload
     */
    static HolepunchPayload open(SecretBytes secret, Bytes box) throws DecodeException {
        if (box.length() <= SecretBox.NONCE_LENGTH + SecretBox.OVERHEAD) {
            throw new DecodeException("holepunch payload of " + box.length() + " bytes");
        }
        Bytes nonce = box.slice(0, SecretBox.NONCE_LENGTH);
        Bytes payload = SecretBox.open(secret, nonce, box.slice(SecretBox.NONCE_LENGTH, box.length()));
        if (payload == null) {
            throw new DecodeException("holepunch payload does not authenticate");
        }
        return HolepunchPayload.CODEC.decode(payload);
    }

    /**
     * What a peer must send back to prove that it receives at a host.
     *
     * @param localSecret 32 bytes that nobody else knows
     * @param host its address; the port does not matter
     */
    static Bytes token(SecretBytes localSecret, PeerAddress host) {
        return Blake2b.keyed(localSecret, Bytes.utf8(host.host()));
    }
}
