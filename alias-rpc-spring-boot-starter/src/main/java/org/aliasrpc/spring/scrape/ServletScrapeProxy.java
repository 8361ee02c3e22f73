package org.aliasrpc.spring.scrape;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/** The scrape proxy of a servlet application. Threads are held neither while a target is asked nor by slow readers. */
public final class ServletScrapeProxy {
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
        return new ServletScrapeResponse(scraper.scrape(request.pathVariable("alias"), limit), gzip, limit);
    }
}
