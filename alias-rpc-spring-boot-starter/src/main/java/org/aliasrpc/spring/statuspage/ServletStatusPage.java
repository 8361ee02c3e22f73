package org.aliasrpc.spring.statuspage;

import org.aliasrpc.spring.registry.RegistryUnavailableException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/** The page in a servlet application. */
public final class ServletStatusPage {
    private ServletStatusPage() {}

    /**
     * @param page the document
     * @param state what it shows
     * @param path of the page; the state is below it
     */
    public static RouterFunction<ServerResponse> routes(StatusPage page, StatusPageState state, String path) {
        return RouterFunctions.route()
                .GET(
                        path,
                        request -> ServerResponse.ok()
                                .headers(headers -> page.headers().forEach(headers::set))
                                .body(page.html()))
                .GET(path + "/state", request -> state(state, request))
                .build();
    }

    private static ServerResponse state(StatusPageState state, ServerRequest request) {
        try {
            return ServerResponse.ok()
                    .contentType(MediaType.APPLICATION_JSON)
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .body(state.json(request.param("filter").orElse("")));
        } catch (RegistryUnavailableException e) {
            return ServerResponse.status(HttpStatus.SERVICE_UNAVAILABLE).build();
        }
    }
}
