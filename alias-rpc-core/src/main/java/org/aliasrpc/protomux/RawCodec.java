package org.aliasrpc.protomux;

import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;

/** Bytes as they are, to the end of the message. */
enum RawCodec implements Codec<Bytes> {
    INSTANCE;

    @Override
    public void encode(Writer out, Bytes value) {
        out.fixed(value);
    }

    @Override
    public Bytes decode(Reader in) {
        return in.raw();
    }
}
