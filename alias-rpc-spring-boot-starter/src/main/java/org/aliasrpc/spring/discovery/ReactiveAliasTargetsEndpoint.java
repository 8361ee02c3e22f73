package org.aliasrpc.spring.discovery;

import java.util.List;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.web.filter.reactive.ServerWebExchangeContextFilter;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** {@link AliasTargetsEndpoint} of a reactive application, where the request is in the subscriber's context. */
@WebEndpoint(id = "aliasrpctargets", defaultAccess = Access.READ_ONLY)
public final class ReactiveAliasTargetsEndpoint {
    private final AliasTargets targets;

    /**
     * @param targets what to tell
     */
    public ReactiveAliasTargetsEndpoint(AliasTargets targets) {
        this.targets = targets;
    }

    /**
     * The list.
     *
     * @return 503 without a body while the table of aliases is not available
     */
    @ReadOperation(produces = "application/json")
    public Mono<WebEndpointResponse<List<TargetGroup>>> targets() {
        return Mono.deferContextual(context -> {
            String host = ServerWebExchangeContextFilter.getExchange(context)
                    .map(exchange -> exchange.getRequest().getURI().getHost())
                    .orElse("");
            return Mono.fromCallable(() -> AliasTargetsEndpoint.answer(targets, host))
                    .subscribeOn(Schedulers.boundedElastic()); // the table may be in a database
        });
    }
}
