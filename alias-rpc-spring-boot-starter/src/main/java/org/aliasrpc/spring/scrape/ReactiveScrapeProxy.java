package org.aliasrpc.spring.scrape;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The scrape proxy of a reactive application. */
public final class ReactiveScrapeProxy {
    private final AliasScraper scraper;
    private final Duration timeout;

    private ReactiveScrapeProxy(AliasScraper scraper, Duration timeout) {
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
        var proxy = new ReactiveScrapeProxy(scraper, timeout);
        return RouterFunctions.route()
                .GET(path, proxy::scrape)
                .HEAD(path, proxy::scrape)
                .build();
    }

    private Mono<ServerResponse> scrape(ServerRequest request) {
        HttpHeaders headers = request.headers().asHttpHeaders();
        Duration limit = ScrapeRequest.timeout(headers.getFirst(ScrapeRequest.TIMEOUT_HEADER), timeout);
        boolean gzip = ScrapeRequest.acceptsGzip(headers.getFirst(HttpHeaders.ACCEPT_ENCODING));
        return Mono.fromCompletionStage(
                        () -> ScrapeResult.within(scraper.scrape(request.pathVariable("alias"), limit), limit))
                .subscribeOn(Schedulers.boundedElastic()) // the table may be in a database
                .flatMap(result -> response(result, gzip));
    }

    private static Mono<ServerResponse> response(ScrapeResult result, boolean gzip) {
        if (result.outcome() != ScrapeOutcome.SUCCESS) {
            return ServerResponse.status(result.outcome().status())
                    .header(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                    .bodyValue(result.reason());
        }
        ServerResponse.BodyBuilder response = ServerResponse.ok()
                .header(HttpHeaders.CONTENT_TYPE, ScrapeRequest.CONTENT_TYPE)
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        if (!gzip) {
            DataBuffer text = DefaultDataBufferFactory.sharedInstance.wrap(result.text());
            return response.contentLength(text.readableByteCount())
                    .body(BodyInserters.fromDataBuffers(Mono.just(text)));
        }
        return Mono.fromCallable(() -> compressed(result))
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(text -> response.header(HttpHeaders.CONTENT_ENCODING, "gzip")
                        .contentLength(text.readableByteCount())
                        .body(BodyInserters.fromDataBuffers(Mono.just(text))));
    }

    private static DataBuffer compressed(ScrapeResult result) {
        DataBuffer buffer = DefaultDataBufferFactory.sharedInstance.allocateBuffer(Gzip.expectedBytes(result.text()));
        try {
            Gzip.compress(result.text(), buffer.asOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return buffer;
    }
}
