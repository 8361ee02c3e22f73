package org.aliasrpc.secretstream;

import org.aliasrpc.crypto.Blake2b;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;

/**
 * What both sides derive from the handshake hash; the role is always the sender's and the whole 64 bytes are the
 * key (secret-stream.md §3).
 */
public final class Ids {
    private static final String NAME = "hyperswarm/secret-stream";

    static final Bytes NS_INITIATOR = Blake2b.namespace(NAME, 0);
    static final Bytes NS_RESPONDER = Blake2b.namespace(NAME, 1);
    static final Bytes NS_SEND = Blake2b.namespace(NAME, 2);

    private Ids() {}

    /**
     * The id with which a side begins its half of the stream.
     *
     * @param handshakeHash 64 bytes
     * @param initiator whose half
     * @return 32 bytes
     */
    public static Bytes streamId(Bytes handshakeHash, boolean initiator) {
        return Blake2b.keyed(handshakeHash, initiator ? NS_INITIATOR : NS_RESPONDER);
    }

    /** The key for datagrams from one side. */
    static SecretBytes sendKey(Bytes handshakeHash, boolean initiator) {
        return Blake2b.keyedSecret(handshakeHash, initiator ? NS_INITIATOR : NS_RESPONDER, NS_SEND);
    }
}
