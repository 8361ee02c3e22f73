package org.aliasrpc.spring.scrape;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.context.request.async.StandardServletAsyncWebRequest;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * The answer to a scrape, written at once if the scrape has ended, else when it ends. Spring's own asynchronous responses
 * come back through all filters and the dispatcher, which costs more than everything else that HTTP needs here; this one
 * is written by the thread that the container gives to it, as far as the reader takes it. Only where a filter has wrapped
 * the response it goes Spring's way: the filter may hold the body back until it sees the request again.
 */
final class ServletScrapeResponse implements ServerResponse {
    /** Several of Tomcat's buffers, which have 8 KB. */
    private static final int PIECE_BYTES = 32 << 10;

    private final CompletableFuture<ScrapeResult> scrape;
    private final boolean gzip;
    private final Duration limit;

    /**
     * @param scrape fails by errors of this machine only
     * @param gzip whether the text is compressed
     * @param limit for the scrape
     */
    ServletScrapeResponse(CompletableFuture<ScrapeResult> scrape, boolean gzip, Duration limit) {
        this.scrape = scrape;
        this.gzip = gzip;
        this.limit = limit;
    }

    /** That of most answers; it is known when the target has answered. */
    @Override
    public HttpStatusCode statusCode() {
        return HttpStatus.OK;
    }

    @Override
    public HttpHeaders headers() {
        return HttpHeaders.EMPTY;
    }

    @Override
    public MultiValueMap<String, Cookie> cookies() {
        return new LinkedMultiValueMap<>();
    }

    @Override
    public @Nullable ModelAndView writeTo(HttpServletRequest request, HttpServletResponse response, Context context)
            throws ServletException, IOException {
        if (!scrape.isDone()) {
            CompletableFuture<ScrapeResult> late = ScrapeResult.within(scrape, limit);
            if (!request.isAsyncSupported()) { // a filter that cannot
                late.join();
                return new ServletScrapeResponse(late, gzip, limit).writeTo(request, response, context);
            }
            if (isWrapped(response)) {
                return viaFilters(late).writeTo(request, response, context);
            }
            AsyncContext async = request.startAsync(request, response);
            async.setTimeout(0); // a scrape ends in time, and a reader that takes nothing is the container's to end
            boolean head = HttpMethod.HEAD.matches(request.getMethod());
            var answer = new LateScrapeAnswer(new ServletScrapeResponse(late, gzip, limit), async, response, head);
            var unused = late.whenComplete((result, failure) -> answer.write());
            return null;
        }
        ServletOutputStream out = response.getOutputStream(); // before the headers: those of a failure are others
        // to HEAD too, of which the container keeps nothing: filters tell the length of what they see
        ByteBuffer body = begin(response);
        byte[] piece = piece(body);
        while (body.hasRemaining()) {
            write(body, piece, out);
        }
        return null;
    }

    /** Whether by another than the dispatcher, whose wrapper passes everything on. */
    private static boolean isWrapped(ServletResponse response) {
        ServletResponse inner = response;
        while (inner instanceof ServletResponseWrapper wrapper) {
            if (wrapper.getClass().getNestHost() != StandardServletAsyncWebRequest.class) {
                return true;
            }
            inner = wrapper.getResponse();
        }
        return false;
    }

    private ServerResponse viaFilters(CompletableFuture<ScrapeResult> late) {
        CompletableFuture<ServerResponse> answer =
                late.thenApply(result -> new ServletScrapeResponse(late, gzip, limit));
        return ServerResponse.async(answer, limit.plus(ScrapeResult.GRACE.multipliedBy(2)));
    }

    /** Status and headers of a scrape that has ended. Returns the body. */
    ByteBuffer begin(HttpServletResponse response) throws IOException {
        ScrapeResult result = scrape.join();
        ByteBuffer body = result.outcome() == ScrapeOutcome.SUCCESS ? text(result, response) : reason(result, response);
        response.setContentLength(body.remaining());
        return body;
    }

    private ByteBuffer text(ScrapeResult result, HttpServletResponse response) throws IOException {
        response.setContentType(ScrapeRequest.CONTENT_TYPE);
        response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        if (!gzip) {
            return result.text();
        }
        response.setHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
        var compressed = new ByteArrayOutputStream(Gzip.expectedBytes(result.text()));
        Gzip.compress(result.text(), compressed);
        return ByteBuffer.wrap(compressed.toByteArray());
    }

    private static ByteBuffer reason(ScrapeResult result, HttpServletResponse response) {
        response.setStatus(result.outcome().status());
        response.setContentType("text/plain; charset=utf-8");
        return ByteBuffer.wrap(result.reason().getBytes(StandardCharsets.UTF_8));
    }

    /** For {@link #write}. */
    static byte[] piece(ByteBuffer body) {
        return new byte[Math.min(PIECE_BYTES, body.remaining())];
    }

    /**
     * Writes the next piece of a body. A stream that wraps another one, as the dispatcher's does, copies a whole buffer that it
     * is given; and the container keeps a copy of what the reader of a late answer does not take.
     *
     * @param piece where it goes through
     */
    static void write(ByteBuffer body, byte[] piece, ServletOutputStream out) throws IOException {
        int length = Math.min(piece.length, body.remaining());
        body.get(piece, 0, length);
        out.write(piece, 0, length);
    }
}
