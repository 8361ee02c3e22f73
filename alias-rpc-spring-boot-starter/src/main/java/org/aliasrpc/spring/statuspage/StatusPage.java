package org.aliasrpc.spring.statuspage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/**
 * The page itself: one document with its style and script inside, which asks for the state again and again. Its policy lets
 * run and load nothing else, whatever got into it.
 */
public final class StatusPage {
    /** Where the page is, among the resources. */
    public static final String RESOURCE = "org/aliasrpc/spring/statuspage/status-page.html";

    private final byte[] html;
    private final Map<String, String> headers;

    /** Reads the resource. */
    public StatusPage() {
        this.html = read();
        String text = new String(html, StandardCharsets.UTF_8);
        this.headers = Map.of(
                "Content-Type", "text/html; charset=utf-8",
                "Content-Security-Policy",
                        "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                                + " script-src " + hash(between(text, "<script>", "</script>"))
                                + "; style-src " + hash(between(text, "<style>", "</style>")),
                "X-Content-Type-Options", "nosniff",
                "Referrer-Policy", "no-referrer",
                "Cache-Control", "no-store");
    }

    private static byte[] read() {
        try (InputStream in = StatusPage.class.getClassLoader().getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + RESOURCE + " is missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String between(String text, String begin, String end) {
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }

    private static String hash(String inline) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(inline.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    /** The document, UTF-8. */
    public byte[] html() {
        return html.clone();
    }

    /** The headers of its response. */
    public Map<String, String> headers() {
        return headers;
    }
}
