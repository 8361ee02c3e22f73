package org.aliasrpc;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.Bytes;

/**
 * An encrypted connection between two public keys, carrying messages in order. Safe for use by many threads. All
 * callbacks run on the node's callback executor, one at a time for each connection.
 */
public interface PeerConnection extends AutoCloseable {
    /** The proven key of the other end. */
    PublicKey remotePublicKey();

    /** Our key on this connection. */
    PublicKey publicKey();

    /** Where the packets go to. */
    InetSocketAddress remoteAddress();

    /** Whether our end made the connection. */
    boolean isInitiator();

    /** 64 bytes that only the two ends know to belong together: for binding other proofs to this connection. */
    Bytes handshakeHash();

    /**
     * Starts reading. Until then nothing is taken from the connection, and the other end's window closes.
     *
     * @param receiver the only one of this connection
     * @throws IllegalStateException if there is one already
     */
    void receive(Receiver receiver);

    /**
     * Sends one message.
     *
     * @param message from position to limit, at most 16 777 198 bytes; copied before the call returns
     * @return completes when the connection takes more: wait for it before the next message to bound the memory used.
     *     Fails with {@link AliasRpcException.ConnectionLost} if the connection ends before
     */
    CompletionStage<Void> send(ByteBuffer message);

    /** Ends our direction when everything before has been delivered; the other end may go on sending. */
    void end();

    /** Breaks the connection; messages not yet delivered are lost. Does nothing on a closed one. */
    @Override
    void close();

    /** Completes when the connection is gone, with the cause as failure if it broke. */
    CompletionStage<Void> closed();

    /** Takes the connections of a listening key. */
    @FunctionalInterface
    interface Handler {
        /**
         * @param connection new, and paused until {@link #receive}
         */
        void onConnection(PeerConnection connection);
    }

    /** Takes the messages of one connection. */
    @FunctionalInterface
    interface Receiver {
        /**
         * @param message read-only, valid for longer than the call. The next one comes when the call has returned; a
         *     receiver that blocks makes the other end wait
         */
        void onMessage(ByteBuffer message);

        /** The other end will send no more. Ends our direction too unless overridden. */
        default void onEnd(PeerConnection connection) {
            connection.end();
        }
    }
}
