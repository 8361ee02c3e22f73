package org.aliasrpc.hyperdht;

import org.aliasrpc.crypto.Blake2b;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.Signatures;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;

/**
 * A value that the owner of a key may replace: what MUTABLE_GET answers.
 *
 * @param seq grows with each replacement
 * @param value the bytes
 * @param signature 64 bytes over {@link #signable}
 */
record MutableValue(long seq, Bytes value, Bytes signature) {
    private static final int SIGNATURE_BYTES = 64;

    /** {@code uint seq, buffer value, fixed64 signature} (hyperdht.md §4.8). */
    static final Codec<MutableValue> CODEC = new Codec<>() {
        @Override
        public void encode(Writer out, MutableValue value) {
            out.uint(value.seq).buffer(value.value).fixed(value.signature, SIGNATURE_BYTES);
        }

        @Override
        public MutableValue decode(Reader in) throws DecodeException {
            return new MutableValue(in.uint(), in.buffer(), in.fixed(SIGNATURE_BYTES));
        }
    };

    /**
     * {@code NS(MUTABLE_PUT) || BLAKE2b(uint seq || buffer value)}: the key itself is not signed (hyperdht.md §4.8).
     *
     * @param seq see {@link #seq()}
     * @param value see {@link #value()}
     */
    static Bytes signable(long seq, Bytes value) {
        Bytes hashed = new Writer().uint(seq).buffer(value).toBytes();
        return Bytes.concat(Namespaces.MUTABLE_PUT, Blake2b.hash(hashed));
    }

    /** Whether the owner of a key has signed this. */
    boolean isSignedBy(PublicKey publicKey) {
        return Signatures.verify(publicKey, signable(seq, value), signature);
    }

    /**
     * The value of MUTABLE_PUT.
     *
     * @param publicKey the owner
     * @param content what it wants stored
     */
    record Put(PublicKey publicKey, MutableValue content) {
        /** {@code fixed32 publicKey, uint seq, buffer value, fixed64 signature} (hyperdht.md §4.8). */
        static final Codec<Put> CODEC = new Codec<>() {
            @Override
            public void encode(Writer out, Put value) {
                out.fixed(value.publicKey.bytes());
                MutableValue.CODEC.encode(out, value.content);
            }

            @Override
            public Put decode(Reader in) throws DecodeException {
                return new Put(PublicKey.of(in.fixed(32)), MutableValue.CODEC.decode(in));
            }
        };
    }
}
