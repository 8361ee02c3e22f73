package org.aliasrpc.hyperdht;

import org.aliasrpc.crypto.Blake2b;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.Signatures;
import org.aliasrpc.encoding.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The signature of ANNOUNCE and UNANNOUNCE, good for one storing node and its current token.
 *
 * <p>Source: docs/protocol/hyperdht.md §4.6.
 */
final class AnnounceSignature {
    private AnnounceSignature() {}

    /**
     * What is signed: {@code namespace || BLAKE2b(target || nodeId || token || peerRecord || refresh)}, 64 bytes.
     *
     * @param namespace {@link Namespaces#ANNOUNCE} or {@link Namespaces#UNANNOUNCE}
     * @param target 32 bytes, where the record is stored
     * @param nodeId 32 bytes, id of the storing node
     * @param token 32 bytes, which that node handed out
     * @param peer the record, encoded exactly as sent
     * @param refresh 32 bytes, or null when absent
     */
    static Bytes signable(
            Bytes namespace, Bytes target, Bytes nodeId, Bytes token, PeerRecord peer, @Nullable Bytes refresh) {
        Bytes record = PeerRecord.CODEC.encode(peer);
        return Bytes.concat(
                namespace, Blake2b.hash(target, nodeId, token, record, refresh == null ? Bytes.EMPTY : refresh));
    }

    /** A message without refresh and bump, signed for one node. */
    static AnnounceMessage sign(
            Bytes namespace, Bytes target, Bytes nodeId, Bytes token, PeerRecord peer, KeyPair keyPair) {
        Bytes signature = keyPair.sign(signable(namespace, target, nodeId, token, peer, null));
        return new AnnounceMessage(peer, null, signature, 0);
    }

    /** Whether a message has a peer and that peer's signature over the record, for this node and token. */
    static boolean isValid(Bytes namespace, Bytes target, Bytes nodeId, Bytes token, AnnounceMessage message) {
        PeerRecord peer = message.peer();
        Bytes signature = message.signature();
        return peer != null
                && signature != null
                && Signatures.verify(
                        peer.publicKey(),
                        signable(namespace, target, nodeId, token, peer, message.refresh()),
                        signature);
    }
}
