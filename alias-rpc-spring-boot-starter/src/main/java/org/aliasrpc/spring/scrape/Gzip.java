package org.aliasrpc.spring.scrape;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Compresses metrics at the fastest level: they shrink to a tenth at any. */
final class Gzip extends GZIPOutputStream {
    private static final int BUFFER_BYTES = 8192;

    Gzip(OutputStream out) throws IOException {
        super(out, BUFFER_BYTES);
        def.setLevel(Deflater.BEST_SPEED);
    }

    /** Writes a buffer's content without a copy of the whole. */
    static void copy(ByteBuffer text, OutputStream out) throws IOException {
        byte[] chunk = new byte[BUFFER_BYTES];
        while (text.hasRemaining()) {
            int length = Math.min(chunk.length, text.remaining());
            text.get(chunk, 0, length);
            out.write(chunk, 0, length);
        }
    }
}
