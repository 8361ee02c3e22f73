package org.aliasrpc.spring.scrape;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/** The scrape proxy of a servlet application. Threads are not held while a target is asked. */
public final class ServletScrapeProxy {
    /** The scraper ends by its own deadline; this ends the request if it should not. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final AliasScraper scraper;
    private final Duration timeout;

    private ServletScrapeProxy(AliasScraper scraper, Duration timeout) {
        this.scraper = scraper;
        this.timeout = timeout;
    }

    /**
     * @param scraper that does the work
     * @param path with a variable {@code alias}
     * @param timeout of a scrape whose request names none
     * @return routes for GET and HEAD
     */
    public static RouterFunction<ServerResponse> routes(AliasScraper scraper, String path, Duration timeout) {
        var proxy = new ServletScrapeProxy(scraper, timeout);
        return RouterFunctions.route()
                .GET(path, proxy::scrape)
                .HEAD(path, proxy::scrape)
                .build();
    }

    private ServerResponse scrape(ServerRequest request) {
        HttpHeaders headers = request.headers().asHttpHeaders();
        Duration limit = ScrapeRequest.timeout(headers.getFirst(ScrapeRequest.TIMEOUT_HEADER), timeout);
        boolean gzip = ScrapeRequest.acceptsGzip(headers.getFirst(HttpHeaders.ACCEPT_ENCODING));
        boolean head = request.method().equals(HttpMethod.HEAD);
        CompletableFuture<ServerResponse> response = scraper.scrape(request.pathVariable("alias"), limit)
                .thenApply(result -> response(result, gzip, head))
                .toCompletableFuture();
        return ServerResponse.async(response, limit.plus(GRACE));
    }

    private static ServerResponse response(ScrapeResult result, boolean gzip, boolean head) {
        if (result.outcome() != ScrapeOutcome.SUCCESS) {
            return ServerResponse.status(result.outcome().status())
                    .header(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                    .body(result.reason().getBytes(StandardCharsets.UTF_8));
        }
        return ServerResponse.ok()
                .header(HttpHeaders.CONTENT_TYPE, ScrapeRequest.CONTENT_TYPE)
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
                .build((request, response) -> write(result, gzip, head, response));
    }

    private static @Nullable ModelAndView write(
            ScrapeResult result, boolean gzip, boolean head, HttpServletResponse response) throws IOException {
        if (gzip) {
            response.setHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
        } else {
            response.setContentLength(result.text().remaining());
        }
        if (!head) {
            OutputStream out = response.getOutputStream();
            if (gzip) {
                Gzip compressed = new Gzip(out);
                Gzip.copy(result.text(), compressed);
                compressed.finish();
            } else {
                Gzip.copy(result.text(), out);
            }
        }
        return null;
    }
}
