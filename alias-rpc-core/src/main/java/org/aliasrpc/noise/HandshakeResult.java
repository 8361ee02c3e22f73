package org.aliasrpc.noise;

import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;

/**
 * What a finished handshake leaves.
 *
 * @param initiator whether this side spoke first
 * @param tx 32 bytes, the key for sending; whoever takes the result closes both keys
 * @param rx 32 bytes, the key for receiving
 * @param hash 64 bytes, the same on both sides and different for every handshake; to be treated as a secret
 * @param local the own static key
 * @param remote the peer's static key, which it has proven to own
 */
public record HandshakeResult(
        boolean initiator, SecretBytes tx, SecretBytes rx, Bytes hash, PublicKey local, PublicKey remote) {
    /** Length of {@link #hash} in bytes. */
    public static final int HASH_LENGTH = 64;

    public HandshakeResult {
        if (tx.length() != 32 || rx.length() != 32 || hash.length() != HASH_LENGTH) {
            throw new IllegalArgumentException("keys of 32 bytes and a hash of 64 bytes expected");
        }
    }

    /** Without the hash: the keys of datagrams and of hole punching follow from it alone (secret-stream.md §3). */
    @Override
    public String toString() {
        return "HandshakeResult(" + (initiator ? "initiator " : "responder ") + local + ", remote " + remote + ")";
    }
}
