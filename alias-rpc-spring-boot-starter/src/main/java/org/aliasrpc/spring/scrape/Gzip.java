package org.aliasrpc.spring.scrape;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Compresses metrics at the fastest level: they shrink to a tenth at any. */
final class Gzip extends GZIPOutputStream {
    private static final int BUFFER_BYTES = 8192;
    private static final int LEAST_BYTES = 256;

    private Gzip(OutputStream out) throws IOException {
        super(out, BUFFER_BYTES);
        def.setLevel(Deflater.BEST_SPEED);
    }

    /** What compressing a text may be expected to give, in bytes. */
    static int expectedBytes(ByteBuffer text) {
        return Math.max(LEAST_BYTES, text.remaining() / 6);
    }

    /**
     * Compresses without a copy of the whole text.
     *
     * @param text read to its end
     * @param out gets the compressed text, and is closed
     */
    static void compress(ByteBuffer text, OutputStream out) throws IOException {
        try (Gzip compressed = new Gzip(out)) {
            byte[] chunk = new byte[BUFFER_BYTES];
            while (text.hasRemaining()) {
                int length = Math.min(chunk.length, text.remaining());
                text.get(chunk, 0, length);
                compressed.write(chunk, 0, length);
            }
        }
    }
}
