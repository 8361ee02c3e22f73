package org.aliasrpc.rpc;

import java.security.MessageDigest;
import org.aliasrpc.crypto.Blake2b;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;

/**
 * Proof that both ends of a connection know a key, given in the handshakes of an RPC channel.
 *
 * <p>Each side sends {@code 01} and 32 bytes, or {@code 00} if it has nothing to prove: the BLAKE2b-256 hash, keyed with
 * the handshake hash of the stream, of namespace, role (1 for the initiator of the stream, 0 for the responder) and key.
 * Source: protomux-rpc.md §12.
 *
 * @param namespace 32 bytes
 * @param key what both sides know; not closed by this
 */
public record Capability(Bytes namespace, SecretBytes key) {
    /** Used where no other is given. */
    public static final Bytes DEFAULT_NAMESPACE =
            Bytes.fromHex("6a16819dff4d96f48d240f4170b9688789139ff6e59733ff03b964a8e13cb40d");

    private static final int LENGTH = 32;
    private static final Bytes INITIATOR = Bytes.copyOf((byte) 1);
    private static final Bytes RESPONDER = Bytes.copyOf((byte) 0);

    public Capability {
        if (namespace.length() != LENGTH) {
            throw new IllegalArgumentException("namespace of " + namespace.length() + " bytes");
        }
    }

    /** With the default namespace. */
    public Capability(SecretBytes key) {
        this(DEFAULT_NAMESPACE, key);
    }

    /**
     * The handshake that one side sends.
     *
     * @param handshakeHash 64 bytes, of the stream
     * @param initiator whether that side initiated the stream
     */
    public Bytes handshake(Bytes handshakeHash, boolean initiator) {
        return new Writer(LENGTH + 1)
                .uint8(1)
                .fixed(proof(handshakeHash, initiator))
                .toBytes();
    }

    /**
     * Checks what the other side has sent.
     *
     * @param received its handshake
     * @param handshakeHash 64 bytes, of the stream
     * @param initiator whether the other side initiated the stream
     * @return whether it is the proof; false also if it has none to give
     * @throws DecodeException if it is no such handshake
     */
    public boolean verify(Bytes received, Bytes handshakeHash, boolean initiator) throws DecodeException {
        Reader in = new Reader(received);
        if (!in.bool()) {
            return false;
        }
        byte[] proof = in.fixed(LENGTH).toByteArray();
        return MessageDigest.isEqual(proof, proof(handshakeHash, initiator).toByteArray());
    }

    private Bytes proof(Bytes handshakeHash, boolean initiator) {
        byte[] secret = new byte[key.length()];
        key.copyTo(secret, 0);
        return Blake2b.keyed(handshakeHash, namespace, initiator ? INITIATOR : RESPONDER, Bytes.wrap(secret));
    }
}
