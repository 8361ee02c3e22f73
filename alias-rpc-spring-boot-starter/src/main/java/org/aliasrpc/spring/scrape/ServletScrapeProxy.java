package org.aliasrpc.spring.scrape;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * The scrape proxy of a servlet application. A target that is connected answers within milliseconds, for which its request
 * keeps the thread; other requests hold none while their target is asked.
 */
public final class ServletScrapeProxy {
    /**
     * How long a request waits on its thread. To give the thread back and to get another one costs more CPU than all else
     * that HTTP needs; and if every target were dead, 1000 of them scraped every 15 s would hold 1.3 threads.
     */
    private static final long PATIENCE_MILLIS = 20;

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
        HttpServletRequest http = request.servletRequest();
        Duration limit = ScrapeRequest.timeout(http.getHeader(ScrapeRequest.TIMEOUT_HEADER), timeout);
        boolean gzip = ScrapeRequest.acceptsGzip(http.getHeader(HttpHeaders.ACCEPT_ENCODING));
        CompletableFuture<ScrapeResult> scrape =
                scraper.scrape(request.pathVariable("alias"), limit).toCompletableFuture();
        awaitBriefly(scrape);
        return new ServletScrapeResponse(scrape, gzip, limit);
    }

    private static void awaitBriefly(CompletableFuture<ScrapeResult> scrape) {
        try {
            scrape.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return; // it goes on, and the answer is written when it ends
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
