package org.aliasrpc.spring.statuspage;

import org.aliasrpc.spring.registry.RegistryUnavailableException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The page in a reactive application. */
public final class ReactiveStatusPage {
    private ReactiveStatusPage() {}

    /**
     * @param page the document
     * @param state what it shows
     * @param path of the page; the state is below it
     */
    public static RouterFunction<ServerResponse> routes(StatusPage page, StatusPageState state, String path) {
        return RouterFunctions.route()
                .GET(path, request -> page(page))
                .GET(path + "/state", request -> state(state, request))
                .build();
    }

    /** On another thread: Reactor Netty 1.3.7 may stop to read a connection after an answer made on the event loop's. */
    private static Mono<ServerResponse> page(StatusPage page) {
        return Mono.fromSupplier(page::html)
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(html -> ServerResponse.ok()
                        .headers(headers -> page.headers().forEach(headers::set))
                        .bodyValue(html));
    }

    private static Mono<ServerResponse> state(StatusPageState state, ServerRequest request) {
        String filter = request.queryParam("filter").orElse("");
        return Mono.fromCallable(() -> state.json(filter))
                .subscribeOn(Schedulers.boundedElastic()) // the table may be in a database
                .flatMap(body -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .bodyValue(body))
                .onErrorResume(
                        RegistryUnavailableException.class,
                        away -> ServerResponse.status(HttpStatus.SERVICE_UNAVAILABLE)
                                .build());
    }
}
