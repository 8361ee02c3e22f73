package org.aliasrpc.hyperdht;

import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;

/**
 * What an end and a blind relay tell each other on the Protomux channel {@code blind-relay}.
 *
 * <p>Source: docs/protocol/hyperdht.md §14.2.
 */
sealed interface BlindRelayMessage {
    /** 32 bytes that both ends of a pairing know. */
    Bytes token();

    /**
     * To the relay: pair my stream with that of the other end. From it: the stream to use.
     *
     * @param initiator which of the two ends the sender is
     * @param token 32 bytes
     * @param streamId the sender's UDX stream, 32 bits
     * @param seq its first sequence number, always 0
     */
    record Pair(boolean initiator, Bytes token, long streamId, long seq) implements BlindRelayMessage {
        /** {@code uint8 flags (1 initiator), fixed32 token, uint streamId, uint seq}; message type 0. */
        static final Codec<Pair> CODEC = new Codec<>() {
            @Override
            public void encode(Writer out, Pair value) {
                out.uint8(value.initiator ? INITIATOR : 0).fixed(value.token, TOKEN_BYTES);
                out.uint(value.streamId).uint(value.seq);
            }

            @Override
            public Pair decode(Reader in) throws DecodeException {
                boolean initiator = (in.uint8() & INITIATOR) != 0;
                Bytes token = in.fixed(TOKEN_BYTES);
                long streamId = in.uint();
                if (streamId > 0xffff_ffffL) {
                    throw new DecodeException("stream id above 32 bits");
                }
                return new Pair(initiator, token, streamId, in.uint());
            }
        };
    }

    /**
     * Cancels a pairing.
     *
     * @param token 32 bytes
     */
    record Unpair(Bytes token) implements BlindRelayMessage {
        /** {@code uint8 flags (0), fixed32 token}; message type 1. */
        static final Codec<Unpair> CODEC = new Codec<>() {
            @Override
            public void encode(Writer out, Unpair value) {
                out.uint8(0).fixed(value.token, TOKEN_BYTES);
            }

            @Override
            public Unpair decode(Reader in) throws DecodeException {
                in.uint8();
                return new Unpair(in.fixed(TOKEN_BYTES));
            }
        };
    }

    /** The flag of {@link Pair#initiator}. */
    int INITIATOR = 1;

    /** Length of every token. */
    int TOKEN_BYTES = 32;
}
