package org.aliasrpc.spring.benchmark;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;

/** Metrics as applications have them: lines of about 100 bytes, so that 1000 series are 100 KB. */
final class MetricsText {
    private static final String[] PATHS = {"/orders/{id}", "/customers", "/invoices/{id}/items", "/health", "/search"};
    private static final int LONGEST_LINE = 160;

    private MetricsText() {}

    /**
     * Always the same text for a length.
     *
     * @param length exactly that many bytes
     * @return read-only
     */
    static ByteBuffer ofLength(int length) {
        Random random = new Random(length);
        StringBuilder text = new StringBuilder(length);
        for (int series = 0; text.length() + LONGEST_LINE < length; series++) {
            text.append(String.format(
                    Locale.ROOT,
                    "http_server_requests_seconds_bucket{method=\"GET\",uri=\"%s\",le=\"%.3f\",series=\"%d\"} %.6f\n",
                    PATHS[series % PATHS.length],
                    0.001 * (series % 1000),
                    series,
                    random.nextDouble() * 1e6));
        }
        if (text.length() < length) {
            text.append('#')
                    .append(" ".repeat(Math.max(0, length - text.length() - 2)))
                    .append('\n');
        }
        text.setLength(length);
        return ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII))
                .asReadOnlyBuffer();
    }
}
